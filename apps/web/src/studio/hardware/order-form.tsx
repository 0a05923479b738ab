import { CURRENCIES, currencyNamed, timeUs } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { moneyExample, moneyOf, typedMoney } from '../../format/money-of.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import type { Products } from '../revenue/revenue-api.ts';
import { hardware, type NewOrder, type Placed } from './hardware-api.ts';
import { hardwareText } from './text.ts';

const EMPTY = {
  id: '',
  principal: '',
  product: '',
  quantity: '1',
  amount: '',
  currency: 'USD',
  discountCode: '',
  placedAt: '',
};
type Draft = typeof EMPTY;

interface OrderFormProps {
  readonly products: Products;
  readonly onPlaced: (placed: Placed) => void;
}

/** An order by hand. */
export function OrderForm({ products, onPlaced }: OrderFormProps) {
  const words = useText(hardwareText);
  const format = useFormats();
  const { draft, write, clear } = useDraft('order', EMPTY);
  const [asking, setAsking] = useState<NewOrder | null>(null);
  const [isBad, setBad] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const example = moneyExample(249, draft.currency, format.locale);
  const product = draft.product || (products[0]?.[0] ?? '');
  const place = async (order: NewOrder) => {
    setAsking(null);
    const answer = await hardware.place(order);
    if (answer.ok) {
      clear();
      onPlaced(answer.value);
    }
    return answer;
  };
  const field = (name: keyof Draft, label: string, hint: string, isOptional = false) => (
    <TextField
      name={name}
      label={label}
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
      data-part="order"
      onSubmit={(event) => {
        event.preventDefault();
        const order = orderOf({ ...draft, product }, format.locale);
        setBad(order === null);
        setAsking(order);
      }}
    >
      <h3>{words.place}</h3>
      <div className="studio-form">
        {field('id', words.id, words.idHint)}
        {field('principal', words.principal, words.principalHint)}
        <SelectField
          name="product"
          label={words.product}
          hint={words.productHint}
          value={product}
          choices={products}
          onText={(chosen) => write({ product: chosen })}
        />
        {field('quantity', words.quantity, words.quantityHint)}
        {field('amount', words.amount, words.amountHint(example))}
        <SelectField
          name="currency"
          label={words.currency}
          value={draft.currency}
          choices={CURRENCIES.map((code) => [code, code])}
          onText={(currency) => write({ currency })}
        />
        {field('discountCode', words.discountCode, words.discountHint, true)}
        {field('placedAt', words.placedAt, words.placedAtHint)}
      </div>
      {isBad && <Complaint message={words.bad(example)} />}
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" disabled={isBusy}>
        {words.place}
      </button>
      {asking !== null && (
        <Confirm
          title={words.sure}
          totals={[
            [words.id, asking.id],
            [words.product, asking.product],
            [words.quantity, format.number(asking.quantity)],
            [words.amount, moneyOf(asking.amountMinor, asking.currency, format.locale)],
          ]}
          act={words.place}
          isBusy={isBusy}
          onAct={() => void act(place(asking))}
          onLeave={() => setAsking(null)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </form>
  );
}

/** What was typed as an order; null where a field is none. What an order may be is the studio's to say. */
function orderOf(
  { id, principal, product, quantity, amount, ...rest }: Draft,
  locale: string,
): NewOrder | null {
  const currency = currencyNamed(rest.currency) ?? 'USD';
  const minor = typedMoney(amount, currency, locale);
  const placedAtUs = timeUs(rest.placedAt);
  if (minor === null || placedAtUs === null || !/^[1-9]\d{0,5}$/.test(quantity)) return null;
  return {
    ...{ id, principal, product, currency, quantity: Number(quantity) },
    amountMinor: minor.toString(),
    discountCode: rest.discountCode === '' ? null : rest.discountCode,
    placedAtUs: placedAtUs.toString(),
  };
}
