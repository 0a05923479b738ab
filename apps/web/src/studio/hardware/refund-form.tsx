import { timeUs } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { moneyExample, moneyOf, typedMoney } from '../../format/money-of.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { hardware, type Order, type Refund } from './hardware-api.ts';
import { hardwareText } from './text.ts';

interface RefundFormProps {
  readonly order: Order;
  readonly onChanged: () => void;
}

const EMPTY = { refund: '', amount: '', at: '' };

/** Money that goes back for an order; folded away until it is wanted. */
export function RefundForm({ order, onChanged }: RefundFormProps) {
  const words = useText(hardwareText);
  const format = useFormats();
  const { draft, write, clear } = useDraft(`refund-${order.id}`, EMPTY);
  const [asking, setAsking] = useState<Refund | null>(null);
  const [isBad, setBad] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const example = moneyExample(249, order.currency, format.locale);
  const read = (): Refund | null => {
    const amount = typedMoney(draft.amount, order.currency, format.locale);
    const receivedAtUs = timeUs(draft.at);
    if (amount === null || receivedAtUs === null) return null;
    const amountMinor = amount.toString();
    return { order: order.id, refund: draft.refund, amountMinor, receivedAtUs: receivedAtUs.toString() };
  };
  const book = async (refund: Refund) => {
    setAsking(null);
    const answer = await hardware.refund(refund);
    if (!answer.ok) return answer;
    const missing = answer.value.devices.reduce((sum, each) => sum + BigInt(each.missingMicroJam), 0n);
    const end = answer.value.undone ? words.undone(order.id) : words.partly(order.id);
    setSaid(missing > 0n ? `${end} ${words.missing(format.jam(missing))}` : end);
    clear();
    onChanged();
    return answer;
  };
  const field = (name: keyof typeof EMPTY, label: string, hint: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={256}
      autoComplete="off"
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <details>
      <summary>{words.refund}</summary>
      <form
        className="studio-form"
        onSubmit={(event) => {
          event.preventDefault();
          const refund = read();
          setBad(refund === null);
          setAsking(refund);
        }}
      >
        {field('refund', words.refundId, words.refundIdHint)}
        {field('amount', words.refundAmount, words.amountHint(example))}
        {field('at', words.refundedAt, words.placedAtHint)}
        {isBad && <Complaint message={words.bad(example)} />}
        <Outcome complaint={complaint} said={said} />
        <button type="submit" disabled={isBusy}>
          {words.refund}
        </button>
      </form>
      {asking !== null && (
        <Confirm
          title={words.sureRefund}
          totals={[
            [words.id, order.id],
            [words.refundAmount, moneyOf(asking.amountMinor, order.currency, format.locale)],
            [words.amount, moneyOf(order.amountMinor, order.currency, format.locale)],
          ]}
          act={words.refund}
          isBusy={isBusy}
          onAct={() => void act(book(asking))}
          onLeave={() => setAsking(null)}
        >
          <p>{words.sureRefundWhy}</p>
        </Confirm>
      )}
    </details>
  );
}
