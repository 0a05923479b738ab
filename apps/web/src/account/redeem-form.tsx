import { parseAmount } from '@jamnet/base';
import { type FormEvent, useState } from 'react';
import type { Wallet } from '../api/endpoints.ts';
import { plainDecimalOf } from '../format/typed-decimal.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { own } from './account-api.ts';
import { accountText } from './text.ts';
import { worthOf } from './worth-of.ts';

/** Asks to turn JAM into money; says before what it would come to. */
export function RedeemForm({ wallet, onAsked }: { readonly wallet: Wallet; readonly onAsked: () => void }) {
  const words = useText(accountText).wallet;
  const format = useFormats();
  const [typed, setTyped] = useState('');
  // One key for one wish, however often its answer is lost and the button pressed again.
  const [key, setKey] = useState(newKey);
  const [said, setSaid] = useState<'bad' | 'asked' | { readonly refused: string } | null>(null);
  const amount = parseAmount(plainDecimalOf(typed, format.locale), 'JAM');
  const isAmount = amount.ok && amount.value > 0n;
  const ask = async (): Promise<void> => {
    if (!isAmount) {
      setSaid('bad');
      return;
    }
    const asked = await own.redeem(amount.value, key);
    setSaid(asked.ok ? 'asked' : { refused: asked.message });
    if (!asked.ok) return;
    setTyped('');
    setKey(newKey());
    onAsked();
  };
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
        <small className="quiet">{words.about(format.dollars(worthOf(wallet, amount.value)))}</small>
      )}
      {said === 'asked' && <p role="status">{words.asked}</p>}
      {said === 'bad' && <Complaint message={words.bad(format.number(12.5, 1))} />}
      {said !== null && typeof said === 'object' && <Complaint message={said.refused} />}
    </form>
  );
}

function newKey(): string {
  return crypto.randomUUID();
}
