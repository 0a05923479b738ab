import { expect, test } from 'vitest';
import { chooseModels, concealUs } from './model-size.ts';

test.each([
  [64, 400],
  [128, 600],
])('a lost packet of %i is forecast within %i µs on the reference', (packetFrames, budgetUs) => {
  expect(concealUs(packetFrames, chooseModels(packetFrames))).toBeLessThanOrEqual(budgetUs);
});

test('a host of twice the speed gets larger models, one of half the speed smaller ones, both within their budget', () => {
  const orders = [0.5, 1, 2, 100].map((slowness) => {
    const models = chooseModels(128, true, { budgetUs: 600, slowness });
    if (slowness < 100) expect(concealUs(128, models) * slowness).toBeLessThanOrEqual(600);
    return models[0]?.order ?? 0;
  });
  expect(orders[0]).toBe(1024);
  expect(orders[1]).toBeGreaterThanOrEqual(704);
  expect(orders[2]).toBeLessThan(orders[1] ?? 0);
  // A host that can keep to no budget gets the least there is.
  expect(orders[3]).toBe(64);
});

test('without WebAssembly every model has half the order', () => {
  expect(chooseModels(256, false).map(({ order }) => 2 * order)).toEqual(
    chooseModels(256).map(({ order }) => order),
  );
});
