import { dateOf, type PriceHistory } from '@jamnet/economy';
import { type Html, html } from './html.ts';

/** One line of a chart over time: values stay until the next one. */
interface Series {
  readonly id: string;
  readonly title: string;
  readonly points: readonly { readonly atUs: bigint; readonly value: number }[];
  readonly text: (value: number) => string;
}

const WIDTH = 360;
const HEIGHT = 176;
const LEFT = 12;
const RIGHT = 348;
const TOP = 40;
const BOTTOM = 148;

/** Three small charts over one time axis: unit price, units used of the pool, cash in the reserve. The table beside them has every number. */
export function priceCharts({ points, days }: PriceHistory): Html {
  const price: Series = {
    id: 'price',
    title: 'Unit price',
    points: points.map(({ datedAtUs, priceTenThousandths }) => ({
      atUs: datedAtUs,
      value: Number(priceTenThousandths) / 10_000,
    })),
    text: (value) => `$${value.toFixed(4)}`,
  };
  const used: Series = {
    id: 'used',
    title: 'Pool used',
    points: days.map(({ atUs, authorisedMicroJam, poolMicroJam }) => ({
      atUs,
      value:
        authorisedMicroJam === 0n
          ? 0
          : Number(((authorisedMicroJam - poolMicroJam) * 1_000_000n) / authorisedMicroJam) / 10_000,
    })),
    // Rounded down, as in the table.
    text: (value) => `${(Math.floor(value * 100) / 100).toFixed(2)} %`,
  };
  const reserve: Series = {
    id: 'reserve',
    title: 'Reserve',
    points: days.map(({ atUs, reserveCents }) => ({ atUs, value: Number(reserveCents) / 100 })),
    text: (value) =>
      `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
  };
  const times = [price, used, reserve]
    .flatMap((series) => series.points.map(({ atUs }) => atUs))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [from] = times;
  const until = times.at(-1);
  if (from === undefined || until === undefined) return html`<p class="empty">There is no valuation yet.</p>`;
  return html`<div class="charts">${[price, used, reserve].map((series) => chart(series, from, until))}</div>`;
}

function chart(series: Series, fromUs: bigint, untilUs: bigint): Html {
  const { id, title, points, text } = series;
  const last = points.at(-1);
  const largest = Math.max(...points.map(({ value }) => value), 0);
  const span = Number(untilUs - fromUs);
  const x = (atUs: bigint): number =>
    span === 0 ? LEFT : LEFT + ((RIGHT - LEFT) * Number(atUs - fromUs)) / span;
  const y = (value: number): number => BOTTOM - (largest === 0 ? 0 : ((BOTTOM - TOP - 8) * value) / largest);
  const steps = points.map(({ atUs, value }, index) => {
    const here = `${x(atUs).toFixed(1)} ${y(value).toFixed(1)}`;
    return index === 0 ? `M${here}` : `H${x(atUs).toFixed(1)}L${here}`;
  });
  const line = steps.length === 0 ? '' : `${steps.join('')}H${RIGHT}`;
  const area = points[0] && line !== '' ? `${line}V${BOTTOM}H${x(points[0].atUs).toFixed(1)}Z` : '';
  const summary =
    last === undefined
      ? 'no value yet'
      : `${points.length} values from ${text(points[0]?.value ?? 0)} to ${text(last.value)}, the largest ${text(largest)}`;
  return html`<svg class="chart chart-${id}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="chart-${id}-title chart-${id}-text">
<title id="chart-${id}-title">${title}</title><desc id="chart-${id}-text">${summary}; all numbers are in the table below.</desc>
<text class="chart-name" x="${LEFT}" y="18">${title}</text>
<text class="chart-value" x="${RIGHT}" y="18" text-anchor="end">${last ? text(last.value) : '–'}</text>
<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${BOTTOM}" y2="${BOTTOM}"/>
<path class="area" d="${area}"/><path class="line" d="${line}"/>
${points.length <= 60 ? points.map(({ atUs, value }) => html`<circle class="dot" cx="${x(atUs).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"/>`) : null}
<text class="tick" x="${LEFT}" y="${BOTTOM + 18}">${dateOf(fromUs)}</text>
<text class="tick" x="${RIGHT}" y="${BOTTOM + 18}" text-anchor="end">${dateOf(untilUs)}</text>
</svg>`;
}
