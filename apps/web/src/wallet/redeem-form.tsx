import { ASSET_SCALE } from '@jamnet/base';
import { type FormEvent, useState } from 'react';
import type { Wallet } from '../api/endpoints.ts';
import { typedAmount } from '../format/typed-amount.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Outcome } from '../look/outcome.tsx';
import { dayOf } from './day-of.ts';
import { pageText } from './page-text.ts';
import { walletText } from './text.ts';
import { money } from './wallet-api.ts';
import { worthOf } from './worth-of.ts';

interface RedeemFormProps {
  readonly wallet: Wallet;
  /** What is asked for now is priced by the first valuation dated after it, UTC µs; null while nobody knows. */
  readonly cutoffUs: string | null;
  readonly onAsked: () => void;
}

/** Asks to turn JAM into money; says before when, and what it would come to. */
export function RedeemForm({ wallet, cutoffUs, onAsked }: RedeemFormProps) {
  const words = useText(pageText);
  const { when, soon } = useText(walletText).redemptions;
  const format = useFormats();
  const [typed, setTyped] = useState('');
  // One key for one wish, however often its answer is lost and the button pressed again.
  const [key, setKey] = useState(newKey);
  const [said, setSaid] = useState<'bad' | 'asked' | { readonly refused: string } | null>(null);
  const amount = typedAmount(typed, format.locale, ASSET_SCALE.JAM);
  const isAmount = amount !== null && amount > 0n;
  const ask = async (): Promise<void> => {
    if (!isAmount) {
      setSaid('bad');
      return;
    }
    const asked = await money.redeem(amount, key);
    setSaid(asked.ok ? 'asked' : { refused: asked.message });
    if (!asked.ok) return;
    setTyped('');
    setKey(newKey());
    onAsked();
  };
  const isSoon = cutoffUs === null || Number(BigInt(cutoffUs) / 1000n) <= Date.now();
  const whenText = isSoon ? soon : when(dayOf(format, cutoffUs));
  const complaint =
    said === 'bad'
      ? words.bad(format.number(12.5, 1))
      : typeof said === 'object'
        ? (said?.refused ?? null)
        : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void ask();
  };
  return (
    <form className="invite" onSubmit={submit}>
      <label>
        {words.amount}{' '}
        <input
          name="amount"
          inputMode="decimal"
          size={10}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setSaid(null);
          }}
        />
      </label>
      <button type="submit">{words.redeem}</button>
      {isAmount && (
        <small className="quiet">
          {words.about(format.dollars(worthOf(wallet, amount)))} {whenText}
        </small>
      )}
      <Outcome complaint={complaint} said={said === 'asked' ? words.asked : null} />
    </form>
  );
}

function newKey(): string {
  return crypto.randomUUID();
}
