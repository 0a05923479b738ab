import type { PricePoint } from './wallet-api.ts';

/** Width and height of the curve's drawing, in its own units. */
export const CURVE = { width: 320, height: 80, margin: 4 } as const;

/**
 * The price over time as steps (it holds until the next valuation, the last until `untilMs`, UTC), as the points of an SVG polyline;
 * points by time, at least one.
 */
export function priceCurve(points: readonly PricePoint[], untilMs: number): string {
  const times = points.map(({ datedAtUs }) => Number(BigInt(datedAtUs) / 1_000_000n));
  const prices = points.map(({ priceTenThousandths }) => Number(priceTenThousandths));
  const from = Math.min(...times);
  const to = Math.max(...times, untilMs / 1000);
  const top = Math.max(...prices, 1);
  const { width, height, margin } = CURVE;
  const x = (time: number): number =>
    margin + (to === from ? 0 : ((time - from) / (to - from)) * (width - 2 * margin));
  // From nothing at the foot, so that a change looks as large as it is.
  const y = (price: number): number => height - margin - (price / top) * (height - 2 * margin);
  const steps: string[] = [];
  for (const [index, time] of times.entries()) {
    const price = prices[index] ?? 0;
    if (index > 0) steps.push(`${x(time).toFixed(1)},${y(prices[index - 1] ?? 0).toFixed(1)}`);
    steps.push(`${x(time).toFixed(1)},${y(price).toFixed(1)}`);
  }
  steps.push(`${x(to).toFixed(1)},${y(prices.at(-1) ?? 0).toFixed(1)}`);
  return steps.join(' ');
}
