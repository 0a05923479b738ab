import { ASSET_SCALE } from '@jamnet/base';
import { timeUs } from '@jamnet/economy/page';
import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { typedAmount } from '../../format/typed-amount.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Confirm } from '../../look/confirm.tsx';
import { Empty } from '../../look/section.tsx';
import { useDraft } from '../../look/use-draft.ts';
import { valuationsText } from './text.ts';
import { dollarsExample, EMPTY_VALUATION, ValuationFields } from './valuation-fields.tsx';
import { type Valuation, valuations } from './valuations-api.ts';

/** Valuations so far, and the next one. */
export function ValuationsView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(valuationsText);
  const { asked, again } = useAnswer(valuations.all);
  const [said, setSaid] = useState<string | null>(null);
  return (
    <>
      <p className="lede">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && asked.value.length === 0 && <Empty>{words.none}</Empty>}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.map((valuation) => (
            <ValuationRow key={valuation.id} valuation={valuation} />
          ))}
        </ul>
      )}
      {said !== null && (
        <p role="status" className="proof">
          {words.posted(said)}
        </p>
      )}
      {canAct && (
        <ValuationForm
          onPosted={(id) => {
            setSaid(id);
            again();
          }}
        />
      )}
    </>
  );
}

function ValuationRow({ valuation }: { readonly valuation: Valuation }) {
  const words = useText(valuationsText);
  const format = useFormats();
  return (
    <li>
      <div className="row-head">
        <b>{valuation.id}</b>
        <span className="figure">{format.dollars(valuation.valueCents)}</span>
      </div>
      <p className="quiet">
        {format.day(Number(BigInt(valuation.datedAtUs) / 1000n))}, {valuation.approvedBy}; {words.price}:{' '}
        {priceText(valuation, format.number)}
      </p>
      <p className="hash">{valuation.documentSha256}</p>
    </li>
  );
}

/** Dollars for a JAM, to a hundredth of a cent. */
function priceText(
  { valueCents, fullyDilutedUnits }: Valuation,
  number: (value: number, decimals: number) => string,
): string {
  const units = BigInt(fullyDilutedUnits);
  const tenThousandths = units === 0n ? 0n : (BigInt(valueCents) * 100n) / units;
  return `$${number(Number(tenThousandths) / 10_000, 4)}`;
}

function ValuationForm({ onPosted }: { readonly onPosted: (id: string) => void }) {
  const words = useText(valuationsText);
  const format = useFormats();
  const { draft, write, clear } = useDraft('valuation', EMPTY_VALUATION);
  const [asking, setAsking] = useState<Valuation | null>(null);
  const [isBad, setBad] = useState(false);
  const { isBusy, complaint, act } = useAct();
  const read = (): Valuation | null => {
    const value = typedAmount(draft.value, format.locale, ASSET_SCALE.USD);
    const units = typedAmount(draft.units, format.locale, 0);
    const datedAtUs = timeUs(draft.dated);
    if (value === null || units === null || units <= 0n) return null;
    if (datedAtUs === null || draft.documentSha256 === '') return null;
    const { id, approvedBy, documentSha256 } = draft;
    const [valueCents, fullyDilutedUnits] = [value.toString(), units.toString()];
    return { id, valueCents, fullyDilutedUnits, datedAtUs: datedAtUs.toString(), approvedBy, documentSha256 };
  };
  const post = async (valuation: Valuation): Promise<void> => {
    setAsking(null);
    if (!(await act(valuations.add(valuation)))) return;
    clear();
    onPosted(valuation.id);
  };
  return (
    <form
      className="studio-card"
      onSubmit={(event) => {
        event.preventDefault();
        const valuation = read();
        setBad(valuation === null);
        setAsking(valuation);
      }}
    >
      <h3>{words.post}</h3>
      <ValuationFields draft={draft} write={write} />
      {isBad && <Complaint message={words.bad(dollarsExample(format.locale))} />}
      {complaint !== null && <Complaint message={complaint} />}
      <button type="submit" disabled={isBusy}>
        {words.post}
      </button>
      {asking !== null && (
        <Confirm
          title={words.sure}
          totals={[
            [words.id, asking.id],
            [words.value, format.dollars(asking.valueCents)],
            [words.units, format.number(BigInt(asking.fullyDilutedUnits))],
            [words.price, priceText(asking, format.number)],
          ]}
          act={words.post}
          isBusy={isBusy}
          onAct={() => void post(asking)}
          onLeave={() => setAsking(null)}
        >
          <p>{words.sureWhy}</p>
        </Confirm>
      )}
    </form>
  );
}
