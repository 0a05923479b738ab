import { useEffect, useState } from 'react';
import type { LedgerHead } from '../api/state.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { Empty } from '../look/section.tsx';
import { Entries } from './entries.tsx';
import { LogKey } from './log-key.tsx';
import { addressOf } from './place.ts';
import { text } from './text.ts';

/** The ledger leaf by leaf, from the newest or from one that was asked for by its number. */
export function EntriesView({
  ledger,
  asked,
}: {
  readonly ledger: LedgerHead;
  readonly asked: string | null;
}) {
  const words = useText(text);
  const format = useFormats();
  const [typed, setTyped] = useState(asked ?? '');
  useEffect(() => setTyped(asked ?? ''), [asked]);
  if (ledger.size === 0) return <Empty>{words.empty}</Empty>;
  const index = asked === null ? null : indexOf(asked, ledger.size);
  return (
    <>
      <p className="lede">{words.lede}</p>
      <LogKey ledger={ledger} />
      <form
        className="books-jump"
        onSubmit={(event) => {
          event.preventDefault();
          location.hash = addressOf('entries', typed.trim() === '' ? null : typed.trim());
        }}
      >
        <label className="field">
          <span>{words.goTo}</span>
          <input
            value={typed}
            inputMode="numeric"
            maxLength={16}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit">{words.go}</button>
      </form>
      {index === 'none' && <Complaint message={words.noSuchEntry(format.number(ledger.size - 1))} />}
      <h3>{words.entries}</h3>
      <Entries key={asked} ledger={ledger} at={index === 'none' ? null : index} />
    </>
  );
}

function indexOf(asked: string, size: number): number | 'none' {
  return /^\d{1,15}$/.test(asked) && Number(asked) < size ? Number(asked) : 'none';
}
