import { useAnswer } from '../api/use-answer.ts';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { dayOf } from './day-of.ts';
import { CURVE, priceCurve } from './price-curve.ts';
import { walletText } from './text.ts';
import { money, type PricePoint } from './wallet-api.ts';

/** Valuations told one by one; the curve has them all. */
const TOLD_MAX = 6;

/** What a JAM was worth at each valuation. */
export function PricesView() {
  const words = useText(walletText).prices;
  const { asked, again } = useAnswer(money.prices);
  return (
    <div data-part="prices">
      <h3>{words.title}</h3>
      {asked.status === 'refused' && <Complaint message={asked.message} again={again} />}
      {asked.status === 'answered' &&
        (asked.value.points.length === 0 ? (
          <p className="quiet">{words.none}</p>
        ) : (
          <Inside points={byTime(asked.value.points)} />
        ))}
    </div>
  );
}

function Inside({ points }: { readonly points: readonly PricePoint[] }) {
  const words = useText(walletText).prices;
  const format = useFormats();
  const [first, last] = [points[0]?.datedAtUs ?? '0', points.at(-1)?.datedAtUs ?? '0'];
  return (
    <>
      <p className="quiet">{words.lede}</p>
      <svg
        className="price-curve"
        viewBox={`0 0 ${CURVE.width} ${CURVE.height}`}
        role="img"
        aria-label={words.chart(dayOf(format, first), dayOf(format, last))}
      >
        <polyline points={priceCurve(points, Date.now())} />
      </svg>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col">{words.price}</th>
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-TOLD_MAX)
            .reverse()
            .map(({ id, datedAtUs, priceTenThousandths }) => (
              <tr key={id}>
                <td>{dayOf(format, datedAtUs)}</td>
                <td>{format.unitPrice(priceTenThousandths)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p>
        <a href="/reports/price">{words.more}</a>
      </p>
    </>
  );
}

function byTime(points: readonly PricePoint[]): readonly PricePoint[] {
  return [...points].sort((a, b) => (BigInt(a.datedAtUs) < BigInt(b.datedAtUs) ? -1 : 1));
}
