import { useState } from 'react';
import { fetchProof } from '../../api/endpoints.ts';
import { More } from '../../books/more.tsx';
import { rememberKey } from '../../books/pinned-key.ts';
import { text as booksText } from '../../books/text.ts';
import { usePages } from '../../books/use-pages.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Empty } from '../../look/section.tsx';
import { actedOn, fateOf } from './act-hash.ts';
import { type Act, acts } from './acts-api.ts';
import { actsText } from './text.ts';

type Verdict =
  | { readonly status: 'unasked' | 'checking' | 'proven' | 'differs' | 'key-changed' }
  | { readonly status: 'refused'; readonly message: string };

/** What operators and curators did, newest first, each held against the public log by this browser. */
export function ActsView() {
  const words = useText(actsText);
  const pages = usePages(acts.page);
  return (
    <>
      <p className="lede">{words.lede}</p>
      {pages.status === 'answered' && pages.rows.length === 0 && <Empty>{words.none}</Empty>}
      <ul className="rows">
        {pages.rows.map((act) => (
          <ActRow key={act.number} act={act} />
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function ActRow({ act }: { readonly act: Act }) {
  const words = useText(actsText);
  const proofWords = useText(booksText);
  const format = useFormats();
  const [verdict, setVerdict] = useState<Verdict>({ status: 'unasked' });
  const fate = fateOf(act);
  const check = async (): Promise<void> => {
    setVerdict({ status: 'checking' });
    const proof = await fetchProof(Number(act.leaf));
    if (!proof.ok) return setVerdict({ status: 'refused', message: proof.message });
    const { vkey } = proof.value;
    // Whoever swaps the log's key is noticed by who has looked at it before.
    if ((await rememberKey(localStorage, vkey)) === 'changed') return setVerdict({ status: 'key-changed' });
    const { checkAct } = await import('./check-act.ts');
    const { holds } = checkAct(act, proof.value, vkey, proofWords);
    setVerdict({ status: holds ? 'proven' : 'differs' });
  };
  return (
    <li data-act={act.number} data-verdict={verdict.status}>
      <div className="row-head">
        <b>
          {words.who(words.roles[act.role] ?? act.role)}{' '}
          {act.actor === 'token' ? words.token : <span translate="no">{act.actorName ?? act.actor}</span>}
        </b>
        <span className="tape">{words.fates[fate]}</span>
      </div>
      {act.summary !== null && <p lang="en">{act.summary}</p>}
      <p>
        <code className="hash">{actedOn(act)}</code>
      </p>
      {act.actorName !== null && (
        <p className="quiet">
          {words.account} <code className="hash">{act.actor}</code>
        </p>
      )}
      <p className="quiet">
        {format.moment(Number(BigInt(act.atUs) / 1000n))}.{' '}
        {act.leaf === null ? (
          (fate === 'refused' && words.nothingDone) || words.onTheWay
        ) : (
          <a href={`/books/#entries/${act.leaf}`}>{words.entry(format.number(BigInt(act.leaf)))}</a>
        )}
      </p>
      {act.leaf !== null && (
        <button
          type="button"
          className="plain"
          disabled={verdict.status === 'checking'}
          onClick={() => void check()}
        >
          {words.check}
          <span className="unseen"> {words.number(act.number)}</span>
        </button>
      )}
      <div aria-live="polite">
        {verdict.status === 'refused' && <Complaint message={verdict.message} again={() => void check()} />}
        {verdict.status === 'proven' && <p className="proof proof-holds">{words.proven}</p>}
        {verdict.status === 'differs' && <p className="proof proof-fails">{words.differs}</p>}
        {verdict.status === 'key-changed' && <p className="proof proof-fails">{words.keyChanged}</p>}
      </div>
    </li>
  );
}
