import { useId, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { text } from './text.ts';

interface VerdictFormProps<Verdict extends string> {
  /** For and against, each with its word. */
  readonly choices: readonly (readonly [Verdict, string])[];
  readonly isBusy: boolean;
  readonly onDecide: (verdict: Verdict, reason: string) => void;
}

/** Characters of a reason, as the studio takes them. */
const REASON_LENGTH_MAX = 1000;

/** A verdict with its reason, which everybody reads. */
export function VerdictForm<Verdict extends string>({
  choices,
  isBusy,
  onDecide,
}: VerdictFormProps<Verdict>) {
  const words = useText(text);
  const id = useId();
  const [reason, setReason] = useState('');
  const isEmpty = reason.trim() === '';
  return (
    <div className="verdict">
      <label htmlFor={id}>{words.reason}</label>
      <textarea
        id={id}
        value={reason}
        maxLength={REASON_LENGTH_MAX}
        rows={2}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="row-acts">
        {choices.map(([verdict, word]) => (
          <button
            key={verdict}
            type="button"
            disabled={isBusy || isEmpty}
            onClick={() => onDecide(verdict, reason)}
          >
            {word}
          </button>
        ))}
      </div>
    </div>
  );
}
