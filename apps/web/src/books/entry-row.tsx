import { useState } from 'react';
import { fetchProof, type LedgerEntry } from '../api/endpoints.ts';
import { legText } from '../format/amounts.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import type { ProofReport } from './check-proof.ts';
import { ProofView } from './proof-view.tsx';
import { type BooksWords, text } from './text.ts';

type Verdict =
  | { readonly status: 'unasked' }
  | { readonly status: 'checking' }
  | { readonly status: 'refused'; readonly message: string }
  | { readonly status: 'checked'; readonly report: ProofReport; readonly size: number };

/** One line of the books, and the button that proves it. */
export function EntryRow({ entry, vkey }: { readonly entry: LedgerEntry; readonly vkey: string }) {
  const words = useText(text);
  const format = useFormats();
  const [verdict, setVerdict] = useState<Verdict>({ status: 'unasked' });
  const verify = async (): Promise<void> => {
    setVerdict({ status: 'checking' });
    setVerdict(await verdictOf(entry, vkey, words));
  };
  return (
    <li className="entry" data-index={entry.index}>
      <div className="row-head">
        <span className="entry-index figure">{entry.index}</span>
        <span className="entry-kind" lang="en">
          {entry.kind}
        </span>
        <button
          type="button"
          className="verify"
          disabled={verdict.status === 'checking'}
          onClick={() => void verify()}
        >
          {verdict.status === 'checking' ? words.verifying : words.verify}{' '}
          <span className="unseen">{words.ofEntry(entry.index)}</span>
        </button>
      </div>
      <p className="entry-text" lang="en">
        {entry.text}
      </p>
      {entry.legs.length === 0 ? (
        <p className="quiet">{words.noLegs}</p>
      ) : (
        <ul className="legs">
          {entry.legs.map((leg, index) => (
            <li key={`${leg.account} ${index.toString()}`}>
              <span className="hash">{leg.account}</span>
              <span className="figure">{legText(format, leg.account, leg.amount)}</span>
            </li>
          ))}
        </ul>
      )}
      <div aria-live="polite">
        {verdict.status === 'refused' && <Complaint message={verdict.message} again={() => void verify()} />}
        {verdict.status === 'checked' && (
          <ProofView index={entry.index} report={verdict.report} size={verdict.size} />
        )}
      </div>
    </li>
  );
}

/** The verifier and its curve arithmetic are loaded when the first proof is checked, not with the page. */
async function verdictOf(entry: LedgerEntry, vkey: string, words: BooksWords): Promise<Verdict> {
  const proof = await fetchProof(entry.index);
  if (!proof.ok) return { status: 'refused', message: proof.message };
  const { checkProof } = await import('./check-proof.ts');
  return { status: 'checked', report: checkProof(entry, proof.value, vkey, words), size: proof.value.size };
}
