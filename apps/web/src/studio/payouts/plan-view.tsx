import { useFormats } from '../../language/use-formats.ts';
import { useText } from '../../language/use-text.ts';
import { Empty } from '../../look/section.tsx';
import type { PlannedBatch, PlannedPayout } from './payouts-api.ts';
import { payoutsText } from './text.ts';

interface PlanViewProps {
  readonly plan: { readonly batches: readonly PlannedBatch[]; readonly payouts: readonly PlannedPayout[] };
}

/** What sending would send, by way, and who is held back for what. */
export function PlanView({ plan: { batches, payouts } }: PlanViewProps) {
  const words = useText(payoutsText);
  const format = useFormats();
  const held = payouts.filter((payout) => payout.held !== null);
  return (
    <div className="studio-card" data-part="plan">
      <h3>{words.plan}</h3>
      {batches.length === 0 && <Empty>{words.nothing}</Empty>}
      {batches.map(({ rail, currency, payees, grossCents, withheldCents, feeCents, amountCents }) => (
        <dl key={rail} className="facts facts-row">
          {[
            [words.rail, rail],
            [words.people, format.number(payees)],
            [words.gross, format.dollars(grossCents)],
            [words.withheld, format.dollars(withheldCents)],
            [words.fee, format.dollars(feeCents)],
            [words.amount, format.money(amountCents, currency)],
          ].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ))}
      {held.length > 0 && <h4>{words.held}</h4>}
      <ul className="rows">
        {held.map(({ payee, payableCents, held: why }) => (
          <li key={payee}>
            <div className="row-head">
              <span className="hash">{payee}</span>
              <span className="figure">{format.dollars(payableCents)}</span>
            </div>
            <p className="quiet">{why?.reason}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
