import { useState } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Confirm } from '../look/confirm.tsx';
import { account } from './account-api.ts';
import { accountText } from './text.ts';

export function RecoveryView({ left, look }: { readonly left: number; readonly look: () => Promise<void> }) {
  const words = useText(accountText).recovery;
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const format = useFormats();
  const [isAsking, setAsking] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    setAsking(false);
    const made = await account.makeRecoveryCodes();
    setCodes(made.ok ? made.value.codes : null);
    setComplaint(made.ok ? null : made.message);
    await look();
  };
  return (
    <section className="account-part" aria-labelledby="recovery">
      <h3 id="recovery">{words.title}</h3>
      <p className="quiet">{words.left(left)}</p>
      {codes !== null && (
        <div className="codes" role="status">
          <p>{words.keep}</p>
          <ol>
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ol>
          <a className="download" download={words.file} href={fileOf(codes)}>
            {words.save}
          </a>
        </div>
      )}
      <p>
        <button type="button" onClick={() => (left === 0 ? void make() : setAsking(true))}>
          {left === 0 ? words.make : words.remake}
        </button>
      </p>
      {isAsking && (
        <Confirm
          title={words.sure}
          totals={[[words.unused, format.number(left)]]}
          act={words.remake}
          isBusy={false}
          onAct={() => void make()}
          onLeave={() => setAsking(false)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
      {complaint !== null && <Complaint message={complaint} />}
    </section>
  );
}

function fileOf(codes: readonly string[]): string {
  return `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\n')}\n`)}`;
}
