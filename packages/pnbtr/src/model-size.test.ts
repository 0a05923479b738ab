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

test('a slower host gets smaller models that take it no longer than the reference, a quicker one those of the reference', () => {
  const referenceUs = concealUs(128, chooseModels(128));
  const orders = [0.5, 1, 1.09, 2, 4].map((slowness) => {
    const models = chooseModels(128, { slowness });
    expect(concealUs(128, models) * slowness).toBeLessThanOrEqual(1.1 * referenceUs);
    return models[0]?.order ?? 0;
  });
  expect(orders.slice(0, 3)).toEqual([672, 672, 672]);
  expect(orders[3]).toBeLessThan(672);
  expect(orders[4]).toBeLessThan(orders[3] ?? 0);
});

test('a host that can keep to no time gets the least there is, of every model', () => {
  const models = chooseModels(512, { slowness: 1_000 });
  expect(models[0]?.order).toBe(64);
  expect(models.every(({ order }) => order > 0 && order <= 64)).toBe(true);
});

test('without WebAssembly every model has half the order', () => {
  expect(chooseModels(256, { isWasm: false }).map(({ order }) => 2 * order)).toEqual(
    chooseModels(256).map(({ order }) => order),
  );
});
