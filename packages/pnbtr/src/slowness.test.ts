import { expect, test } from 'vitest';
import { chooseModels, concealUs } from './model-size.ts';
import { measureSlowness } from './slowness.ts';

/** A clock on which time passes between every second look only, `lossUs` each: between begin and end of a loss. */
function clockOf(lossUs: (loss: number) => number): () => number {
  let nowMs = 0;
  let looks = 0;
  return () => {
    if (looks++ % 2 === 1) nowMs += lossUs(looks >> 1) / 1000;
    return nowMs;
  };
}

const referenceUs = concealUs(128, chooseModels(128));

test('a host that takes twice the time of the reference is half as fast', () => {
  expect(
    measureSlowness(
      clockOf(() => 2 * referenceUs),
      128,
    ),
  ).toBeCloseTo(2, 6);
});

test('what else a host does in most of the losses does not make it slow, nor do cold functions', () => {
  const isUndisturbed = (loss: number): boolean => loss > 40 && loss % 5 === 0;
  expect(
    measureSlowness(
      clockOf((loss) => (isUndisturbed(loss) ? 1 : 9) * referenceUs),
      128,
    ),
  ).toBeCloseTo(1, 6);
});
