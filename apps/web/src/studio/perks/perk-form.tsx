import { ASSET_SCALE } from '@jamnet/base';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { typedAmount } from '../../format/typed-amount.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { SelectField } from '../../look/select-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { type Offer, type PerkRequest, perks } from './perks-api.ts';
import { perksText } from './text.ts';

/** `key` names the request until it is done: sent twice, it counts once. */
const EMPTY = { payee: '', item: '', quantity: '1', most: '', key: '' };

/** A perk taken for a payee, with their JAM. */
export function PerkForm({ offers }: { readonly offers: readonly Offer[] }) {
  const words = useText(perksText);
  const format = useFormats();
  const { draft, write, clear } = useDraft('perk', EMPTY);
  const [asking, setAsking] = useState<PerkRequest | null>(null);
  const [isBad, setBad] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const offer = offers.find(({ item }) => item === draft.item) ?? offers[0];
  if (offer === undefined) return null;
  const read = (): PerkRequest | null => {
    const isLimited = draft.most !== '';
    const most = typedAmount(draft.most, format.locale, ASSET_SCALE.JAM);
    if (!/^[1-9]\d{0,6}$/.test(draft.quantity) || (isLimited && most === null)) return null;
    const key = draft.key || crypto.randomUUID();
    write({ key });
    const limit = most === null ? {} : { maxMicroJam: most.toString() };
    return { payee: draft.payee, item: offer.item, quantity: Number(draft.quantity), key, ...limit };
  };
  const ask = async (request: PerkRequest) => {
    setAsking(null);
    setSaid(null);
    const answer = await perks.ask(request);
    if (answer.ok) {
      setSaid(answer.value.sentence);
      clear();
    }
    return answer;
  };
  const field = (name: 'payee' | 'quantity' | 'most', label: string, hint: string, pattern?: string) => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={33}
      {...(pattern === undefined ? {} : { pattern })}
      autoComplete="off"
      isOptional={name === 'most'}
      onText={(text) => write({ [name]: text })}
    />
  );
  const cost = (quantity: number): string =>
    offer.lastCostMicroJam === null
      ? words.noCost
      : format.jam(BigInt(offer.lastCostMicroJam) * BigInt(quantity));
  return (
    <form
      className="studio-card"
      data-part="take-perk"
      onSubmit={(event) => {
        event.preventDefault();
        const request = read();
        setBad(request === null);
        setAsking(request);
      }}
    >
      <h3>{words.grant}</h3>
      <div className="studio-form">
        {field('payee', words.payee, words.payeeHint, 'p[0-9a-f]{32}')}
        <SelectField
          name="item"
          label={words.item}
          value={offer.item}
          choices={offers.map(({ item, title }) => [item, title] as const)}
          onText={(item) => write({ item })}
        />
        {field('quantity', words.quantity, words.quantityHint)}
        {field('most', words.most, words.mostHint)}
      </div>
      {isBad && <Complaint message={words.bad(format.number(2.5, 1))} />}
      <Outcome complaint={complaint} said={said} />
      <button type="submit" disabled={isBusy}>
        {words.ask}
      </button>
      {asking !== null && (
        <Confirm
          title={words.sure}
          totals={[
            [words.payee, asking.payee],
            [words.item, offer.title],
            [words.quantity, format.number(asking.quantity)],
            [words.cost, cost(asking.quantity)],
          ]}
          act={words.ask}
          isBusy={isBusy}
          onAct={() => void act(ask(asking))}
          onLeave={() => setAsking(null)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </form>
  );
}
