import { useState } from 'react';
import { useAct } from '../../account/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Complaint } from '../../look/complaint.tsx';
import { Outcome } from '../../look/outcome.tsx';
import { Empty } from '../../look/section.tsx';
import { TextField } from '../../look/text-field.tsx';
import { PayeePerks } from './payee-perks.tsx';
import { PerkForm } from './perk-form.tsx';
import { type Offer, perks } from './perks-api.ts';
import { perksText } from './text.ts';

/** What is on offer for JAM, and for operators whose it is. */
export function PerksView({ canAct }: { readonly canAct: boolean }) {
  const words = useText(perksText);
  const { asked, again } = useAnswer(perks.offers);
  const offers = asked.status === 'answered' ? asked.value : null;
  return (
    <>
      <p className="lede">{words.lede}</p>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {offers !== null && (
        <div className="studio-card" data-part="offers">
          <h3>{words.offers}</h3>
          {offers.length === 0 && <Empty>{words.noOffers}</Empty>}
          <ul className="rows">
            {offers.map((offer) => (
              <OfferRow key={offer.item} offer={offer} />
            ))}
          </ul>
        </div>
      )}
      {canAct && <Settle />}
      {canAct && offers !== null && offers.length > 0 && <PerkForm offers={offers} />}
      {canAct && <PayeePerks />}
      {canAct && <DiscountCheck />}
    </>
  );
}

function OfferRow({ offer }: { readonly offer: Offer }) {
  const words = useText(perksText);
  const format = useFormats();
  const { title, unit, priceCents, lastCostMicroJam, payeeMonthly, monthly, validDays } = offer;
  return (
    <li>
      <div className="row-head">
        <b>{title}</b>
        <span className="figure">
          {format.dollars(priceCents)} {words.each(unit)}
        </span>
      </div>
      <p className="quiet">
        {lastCostMicroJam === null ? words.noCost : words.lastCost(format.jam(lastCostMicroJam))}
      </p>
      <p className="quiet">
        {words.limits(format.number(payeeMonthly), format.number(monthly), format.number(validDays))}
      </p>
    </li>
  );
}

function Settle() {
  const words = useText(perksText);
  const format = useFormats();
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const settle = async () => {
    const answer = await perks.settle();
    if (answer.ok) {
      const { granted, declined, expired, waiting } = answer.value;
      const { number } = format;
      setSaid(words.settled(number(granted), number(declined), number(expired), number(waiting)));
    }
    return answer;
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => void act(settle())}>
        {words.settle}
      </button>
      <Outcome complaint={complaint} said={said} />
    </>
  );
}

function DiscountCheck() {
  const words = useText(perksText);
  const format = useFormats();
  const [code, setCode] = useState('');
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, complaint, act } = useAct();
  const check = async () => {
    setSaid(null);
    const answer = await perks.discount(code.trim());
    if (answer.ok) {
      const until = format.day(Number(BigInt(answer.value.expiresAtUs) / 1000n));
      setSaid(words.worth(format.dollars(answer.value.cents), until));
    }
    return answer;
  };
  return (
    <form
      className="studio-form studio-card"
      onSubmit={(event) => {
        event.preventDefault();
        void act(check());
      }}
    >
      <TextField
        name="code"
        label={words.code}
        hint={words.codeHint}
        value={code}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        onText={setCode}
      />
      <Outcome complaint={complaint} said={said} />
      <button type="submit" disabled={isBusy}>
        {words.check}
      </button>
    </form>
  );
}
