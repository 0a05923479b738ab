import type { Result } from '@jamnet/base';
import { refuse } from '@jamnet/base';
import { CURRENCIES, currencyNamed, timeUs } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { moneyExample, typedMoney } from '../../format/money-of.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Outcome } from '../../look/outcome.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Products, type Sent, sendReceipts } from './revenue-api.ts';
import { revenueText } from './text.ts';

const EMPTY = {
  id: '',
  principal: '',
  amount: '',
  currency: 'USD',
  receivedAt: '',
  product: '',
  reference: '',
  refundOf: '',
};

/** One receipt by hand. */
export function ReceiptForm({ products }: { readonly products: Products }) {
  const { members, single: words } = useText(revenueText);
  const { draft, write, clear } = useDraft('receipt', EMPTY);
  const { locale } = useFormats();
  const example = moneyExample(99, draft.currency, locale);
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const book = async (): Promise<Result<Sent>> => {
    setSaid(null);
    const currency = currencyNamed(draft.currency) ?? 'USD';
    const amountMinor = typedMoney(draft.amount, currency, locale);
    if (amountMinor === null) return refuse('amount-malformed', words.badAmount(example));
    const receivedAtUs = timeUs(draft.receivedAt);
    if (receivedAtUs === null) return refuse('time-malformed', words.badTime);
    const { id, principal, reference } = draft;
    const receipt = { id, principal, reference, currency, receivedAtUs, amountMinor };
    const paid = { product: draft.product || null, stream: null, refundOf: draft.refundOf || null };
    const sent = await sendReceipts([{ ...receipt, ...paid }], false, () => undefined);
    if (sent.ok) {
      setSaid(sent.value.added > 0 ? words.booked(id) : words.known(id));
      clear();
    }
    return sent;
  };
  const field = (name: keyof typeof EMPTY, hint: string, isOptional = false) => (
    <TextField
      name={name}
      label={members[name]}
      hint={hint}
      value={draft[name]}
      maxLength={256}
      autoComplete="off"
      isOptional={isOptional}
      onText={(text) => write({ [name]: text })}
    />
  );
  return (
    <form
      className="studio-card"
      onSubmit={(event) => {
        event.preventDefault();
        void act(book());
      }}
    >
      <h3>{words.title}</h3>
      <div className="studio-form">
        {field('id', words.idHint)}
        {field('principal', words.principalHint)}
        {field('amount', words.amountHint(example))}
        <SelectField
          name="currency"
          label={members.currency}
          hint={words.currencyHint}
          value={draft.currency}
          choices={CURRENCIES.map((code) => [code, code])}
          onText={(currency) => write({ currency })}
        />
        {field('receivedAt', words.receivedHint)}
        <SelectField
          name="product"
          label={members.product}
          hint={words.productHint}
          value={draft.product}
          choices={[['', words.noProduct], ...products]}
          onText={(chosen) => write({ product: chosen })}
        />
        {field('reference', words.referenceHint, true)}
        {field('refundOf', words.refundHint, true)}
      </div>
      <Outcome complaint={complaint} said={said} />
      <button type="submit" disabled={isBusy}>
        {words.book}
      </button>
    </form>
  );
}
