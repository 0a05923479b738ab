import type { CsvRevenue } from '@jamnet/economy/page';
import { useState } from 'react';
import { moneyOf } from '../../format/money-of.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { type Sent, sendReceipts } from './revenue-api.ts';
import { revenueText } from './text.ts';

/** A file that was tried out; `added` is how many of its receipts would be new, null where lines are faulty. */
export interface Checked {
  readonly read: CsvRevenue;
  readonly added: number | null;
}

type Doing =
  | { readonly is: 'waiting' | 'asking' }
  | { readonly is: 'sending'; readonly sent: Sent }
  | { readonly is: 'stopped'; readonly sent: Sent; readonly message: string }
  | { readonly is: 'done'; readonly added: number };

/** What trying a file out has shown, and taking it in. */
export function CheckedReceipts({
  checked: { read, added },
  onTaken,
}: {
  readonly checked: Checked;
  readonly onTaken: () => void;
}) {
  const words = useText(revenueText).file;
  const { locale } = useFormats();
  const [doing, setDoing] = useState<Doing>({ is: 'waiting' });
  const sums = read.sums.map(
    ({ of, currency, amountMinor }) => [of, moneyOf(amountMinor.toString(), currency, locale)] as const,
  );
  const of = read.receipts.length;
  const take = async (): Promise<void> => {
    let last: Sent = { added: 0, done: 0 };
    setDoing({ is: 'sending', sent: last });
    const answer = await sendReceipts(read.receipts, false, (sent) => {
      last = sent;
      setDoing({ is: 'sending', sent });
    });
    setDoing(
      answer.ok
        ? { is: 'done', added: answer.value.added }
        : { is: 'stopped', sent: last, message: answer.message },
    );
  };
  return (
    <div className="studio-card" role="status">
      <p>{words.good(of)}</p>
      <dl className="facts">
        {sums.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {read.faults.length > 0 && <Complaint message={words.faulty(read.faults.length)} />}
      <ul>
        {read.faults.map(({ line, message }) => (
          <li key={line}>{words.line(line, message)}</li>
        ))}
      </ul>
      {added !== null && <p>{words.fresh(added)}</p>}
      {doing.is === 'sending' && (
        <>
          <p>{words.progress(doing.sent.done, of)}</p>
          <progress aria-label={words.take} max={of} value={doing.sent.done} />
        </>
      )}
      {doing.is === 'stopped' && (
        <Complaint message={`${doing.message} ${words.stopped(doing.sent.done, of)}`} />
      )}
      {doing.is === 'done' ? (
        <p className="proof">
          {words.taken(doing.added)}{' '}
          <button type="button" className="plain" onClick={onTaken}>
            OK
          </button>
        </p>
      ) : (
        added !== null && (
          <button
            type="button"
            className="primary"
            disabled={doing.is === 'sending'}
            onClick={() => setDoing({ is: 'asking' })}
          >
            {words.take}
          </button>
        )
      )}
      {doing.is === 'asking' && (
        <Confirm
          title={words.sure}
          totals={[[words.receipts, String(of)], [words.news, String(added)], ...sums]}
          act={words.take}
          isBusy={false}
          onAct={() => void take()}
          onLeave={() => setDoing({ is: 'waiting' })}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </div>
  );
}
