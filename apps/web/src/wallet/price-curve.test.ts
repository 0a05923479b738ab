import { expect, test } from 'vitest';
import { priceCurve } from './price-curve.ts';

const DAY_MS = 86_400_000;
const point = (day: number, price: number) => ({
  id: `v${day}`,
  datedAtUs: (BigInt(day) * 86_400_000_000n).toString(),
  priceTenThousandths: price.toString(),
});

test('the price holds until the next valuation and the last until now, and is drawn from nothing', () => {
  expect(priceCurve([point(0, 10_000), point(10, 20_000)], 20 * DAY_MS)).toBe(
    '4.0,40.0 160.0,40.0 160.0,4.0 316.0,4.0',
  );
});

test('one valuation of this moment is one point, and a price of nothing lies at the foot', () => {
  expect(priceCurve([point(3, 0)], 3 * DAY_MS)).toBe('4.0,76.0 4.0,76.0');
});
