import { useCallback, useState } from 'react';
import { fetchEntries } from '../api/endpoints.ts';
import type { LedgerHead } from '../api/state.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Complaint } from '../look/complaint.tsx';
import { text } from '../text/text.ts';
import { pageCount, pageRange } from './entry-pages.ts';
import { EntryRow } from './entry-row.tsx';

const words = text.books;

export function Entries({ ledger }: { readonly ledger: LedgerHead }) {
  const [page, setPage] = useState(0);
  const { from, limit } = pageRange(ledger.size, page);
  const ask = useCallback(() => fetchEntries(from, limit), [from, limit]);
  const { asked, again } = useAnswer(ask);
  if (asked.status === 'asking') return <p className="quiet">{text.errors.asking}</p>;
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
        <span className="figure">{words.entryRange(from, from + limit - 1, ledger.size)}</span>
        <button type="button" disabled={page >= pageCount(ledger.size) - 1} onClick={() => setPage(page + 1)}>
          {words.older}
        </button>
      </div>
    </>
  );
}
