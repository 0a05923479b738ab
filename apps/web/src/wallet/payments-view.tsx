import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { dayOf } from './day-of.ts';
import { walletText } from './text.ts';
import { money, type OwnPayout } from './wallet-api.ts';

/** What was sent to the account, and what waits to be. */
export function PaymentsView() {
  const words = useText(walletText).payments;
  const format = useFormats();
  const { asked, again } = useAnswer(money.payouts);
  const wishes = useAnswer(money.redemptions);
  const payableCents = wishes.asked.status === 'answered' ? wishes.asked.value.payableCents : '0';
  const isNotSetUp = asked.status === 'refused' && asked.code === 'payouts-not-set-up';
  return (
    <div data-part="payments">
      <h3>{words.title}</h3>
      {wishes.asked.status === 'refused' && <Complaint message={wishes.asked.message} again={wishes.again} />}
      {payableCents !== '0' && (
        <dl className="facts facts-row">
          <div>
            <dt>{words.waiting}</dt>
            <dd>{format.dollars(payableCents)}</dd>
          </div>
        </dl>
      )}
      {isNotSetUp && <p className="quiet">{words.notSetUp}</p>}
      {asked.status === 'refused' && !isNotSetUp && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' && asked.value.payouts.length === 0 && (
        <p className="quiet">{words.none}</p>
      )}
      {asked.status === 'answered' && (
        <ul className="rows">
          {asked.value.payouts.map((payout) => (
            <PayoutRow key={payout.id} payout={payout} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PayoutRow({ payout }: { readonly payout: OwnPayout }) {
  const words = useText(walletText).payments;
  const format = useFormats();
  const { usdCents, withheldCents, feeCents, state, reason, requestedAtUs, settledAtUs } = payout;
  const isPaid = state === 'settled' && settledAtUs !== null;
  const parts = [
    isPaid ? words.paidOn(dayOf(format, settledAtUs)) : words.askedOn(dayOf(format, requestedAtUs)),
    ...(withheldCents === '0' ? [] : [words.withheld(format.dollars(withheldCents))]),
    ...(feeCents === '0' ? [] : [words.fee(format.dollars(feeCents))]),
  ];
  return (
    <li data-payout={state}>
      <div className="row-head">
        <b>{format.dollars(usdCents)}</b>
        <span className="tape">{words.states[state]}</span>
      </div>
      <p className="quiet">{parts.join('; ')}</p>
      {state === 'returned' && reason !== null && <p>{words.returned(reason)}</p>}
    </li>
  );
}
