import { dateOf, type PriceHistory } from '@jamnet/economy';
import { type Html, html } from './html.ts';
import { page, table } from './layout.ts';
import { priceCharts } from './price-chart.ts';
import { decimal, dollars, grouped, jam, percent } from './words.ts';

/** The price of a unit over time, and what stands behind it. */
export function pricePage(history: PriceHistory): string {
  return page({
    title: 'Unit price',
    path: '/reports/price',
    lede: 'One unit follows one membership unit: the last board-approved valuation divided by all fully diluted units. The charts begin at zero.',
    body: html`${priceCharts(history)}<section><h2>Valuations</h2>${priceTable(history)}</section>`,
  });
}

/** Every valuation with its document and approver. */
export function priceTable({ points }: PriceHistory): Html {
  const rows = points.toReversed().map(
    (point) => html`<tr><th scope="row" class="date">${dateOf(point.datedAtUs)}</th>
<td class="num">$${decimal(point.priceTenThousandths, 4)}</td><td class="num">${dollars(point.valueCents)}</td><td class="num">${grouped(point.fullyDilutedUnits)}</td>
<td class="num">${jam(point.usedMicroJam)} (${percent(point.usedMicroJam, point.authorisedMicroJam)})</td><td class="num">${dollars(point.reserveCents)}</td>
<td>${point.approvedBy}</td><td class="whole"><span class="hash">${point.documentSha256}</span></td></tr>`,
  );
  const over = (name: string): Html => html`<span class="over-num">${name}</span>`;
  return table(
    'Valuations, the newest first; pool and reserve at the end of that day',
    [
      'Date',
      over('Unit price'),
      over('Valuation'),
      over('Units, fully diluted'),
      over('Pool used'),
      over('Reserve'),
      'Approved by',
      'SHA-256 of the document',
    ],
    rows,
  );
}
