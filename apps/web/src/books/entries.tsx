import { useCallback, useState } from 'react';
import { fetchEntries } from '../api/endpoints.ts';
import type { LedgerHead } from '../api/state.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { pageCount, pageOf, pageRange } from './entry-pages.ts';
import { EntryRow } from './entry-row.tsx';
import { text } from './text.ts';

/** Page by page; `at` is an entry that the first page shown has. */
export function Entries({ ledger, at = null }: { readonly ledger: LedgerHead; readonly at?: number | null }) {
  const words = useText(text);
  const format = useFormats();
  const [page, setPage] = useState(() => (at === null ? 0 : pageOf(ledger.size, at)));
  const { from, limit } = pageRange(ledger.size, page);
  const ask = useCallback(() => fetchEntries(from, limit), [from, limit]);
  const { asked, again } = useAnswer(ask);
  if (asked.status === 'asking') return <p className="quiet">{words.asking}</p>;
  if (asked.status === 'refused') return <Complaint message={asked.message} again={again} />;
  return (
    <>
      <ol className="rows entries">
        {[...asked.value.entries].reverse().map((entry) => (
          <EntryRow key={`${entry.index} ${entry.leafBase64}`} entry={entry} vkey={ledger.vkey} />
        ))}
      </ol>
      <div className="pager">
        <button type="button" disabled={page <= 0} onClick={() => setPage(page - 1)}>
          {words.newer}
        </button>
        <span className="figure">
          {words.entryRange(format.number(from), format.number(from + limit - 1), format.number(ledger.size))}
        </span>
        <button type="button" disabled={page >= pageCount(ledger.size) - 1} onClick={() => setPage(page + 1)}>
          {words.older}
        </button>
      </div>
    </>
  );
}
