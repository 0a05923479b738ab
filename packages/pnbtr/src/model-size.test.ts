import { expect, test } from 'vitest';
import { chooseModels, concealUs } from './model-size.ts';

const MODES = [1, 2].flatMap((channels) =>
  [false, true].map((twoSided) => ({ channels: channels as 1 | 2, twoSided })),
);

test.each([
  [64, 400],
  [128, 600],
])(
  'a lost packet of %i is forecast within %i µs on the reference, in every mode',
  (packetFrames, budgetUs) => {
    for (const mode of MODES) {
      const models = chooseModels(packetFrames, mode);
      expect(concealUs(packetFrames, models, mode)).toBeLessThanOrEqual(budgetUs);
      // And does not give away more of it than one step of the order.
      expect(concealUs(packetFrames, models, mode)).toBeGreaterThan(0.8 * budgetUs);
    }
  },
);

test('a second channel and a second side are paid for by the first model alone', () => {
  const orders = MODES.map((mode) => chooseModels(128, mode).map(({ order }) => order));
  expect(orders.map(([, second]) => second)).toEqual([128, 128, 128, 128]);
  const [mono, monoTwoSided, stereo, stereoTwoSided] = orders.map(([first]) => first ?? 0);
  expect(mono).toBe(672);
  expect(stereo).toBeLessThan(mono ?? 0);
  expect(monoTwoSided).toBeLessThan(stereo ?? 0);
  expect(stereoTwoSided).toBeLessThan(monoTwoSided ?? 0);
});

test('a host of twice the speed gets larger models, one of half the speed smaller ones, both within their budget', () => {
  const orders = [0.5, 1, 2, 100].map((slowness) => {
    const models = chooseModels(128, { host: { budgetUs: 600, slowness } });
    if (slowness < 100) expect(concealUs(128, models) * slowness).toBeLessThanOrEqual(600);
    return models[0]?.order ?? 0;
  });
  expect(orders[0]).toBe(1024);
  expect(orders[1]).toBeGreaterThanOrEqual(640);
  expect(orders[2]).toBeLessThan(orders[1] ?? 0);
  // A host that can keep to no budget gets the least there is.
  expect(orders[3]).toBe(64);
});

test('without WebAssembly every model has half the order', () => {
  expect(chooseModels(256, { isWasm: false }).map(({ order }) => 2 * order)).toEqual(
    chooseModels(256).map(({ order }) => order),
  );
});
