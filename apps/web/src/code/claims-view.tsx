import { useCallback, useState } from 'react';
import { More } from '../books/more.tsx';
import { usePages } from '../books/use-pages.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Empty } from '../look/section.tsx';
import { ClaimForm } from './claim-form.tsx';
import { code, type Identity } from './code-api.ts';
import { text } from './text.ts';

/** What is paid to whoever is signed in: claimed by signature, and let go of again. */
export function ClaimsView() {
  const words = useText(text).claims;
  const [round, setRound] = useState(0);
  const [letGo, setLetGo] = useState<Identity | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a claim that went through asks for the list anew.
  const pages = usePages(useCallback((after: string | null) => code.identities(after), [round]));
  const done = (): void => {
    setLetGo(null);
    setRound((number) => number + 1);
  };
  return (
    <>
      <p className="lede">{words.lede}</p>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {pages.rows.map((row) => (
          <IdentityRow key={row.number} row={row} onLetGo={() => setLetGo(row)} />
        ))}
      </ul>
      <More pages={pages} />
      {letGo === null ? (
        <ClaimForm key={`claim-${round}`} kind="claim" packages={null} onDone={done} />
      ) : (
        <ClaimForm
          key={`release-${letGo.number}`}
          kind="release"
          packages={letGo.packages}
          onDone={done}
          onLeave={() => setLetGo(null)}
        />
      )}
    </>
  );
}

function IdentityRow({ row, onLetGo }: { readonly row: Identity; readonly onLetGo: () => void }) {
  const words = useText(text).claims;
  const format = useFormats();
  const { kind, packages, atUs, key, isHeld, code: parts, waitingMicroJam } = row;
  const what = packages === null ? words.anAddress : words.packagesOf(packages);
  const day = format.day(Number(BigInt(atUs) / 1000n));
  return (
    <li data-identity={row.number}>
      <div className="row-head">
        <b>{what}</b>
        <span className="tape">{isHeld ? words.held : words.kinds[kind]}</span>
      </div>
      <p className="quiet">
        {day}, {words.by} <code className="hash">{key}</code>
      </p>
      {parts.map(({ slug, repository, name, share }) => (
        <p key={slug}>
          {words.inCode(name, format.percent(share / 1e9))}{' '}
          <a href={`#repositories/${slug}`} translate="no">
            {repository}
          </a>
        </p>
      ))}
      {BigInt(waitingMicroJam) > 0n && <p>{words.waits(format.jam(waitingMicroJam))}</p>}
      {isHeld && (
        <button type="button" className="plain" onClick={onLetGo}>
          {words.letGo}
        </button>
      )}
    </li>
  );
}
