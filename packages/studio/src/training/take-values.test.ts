import { performanceOfDrummer } from '@jamnet/groove/testing';
import { expect, test } from 'vitest';
import { SHAPLEY_UNIT } from '../music/knn-shapley.ts';
import { takeValues } from './take-values.ts';

const known = performanceOfDrummer('a drummer', 40);
/** The first and the last bars of one evening. */
const part = (from: number, to: number) => ({
  ...known,
  hits: known.hits
    .filter(({ sixteenth }) => sixteenth >= 16 * from && sixteenth < 16 * to)
    .map((hit) => ({ ...hit, sixteenth: hit.sixteenth - 16 * from })),
});

test('the drummer who is forecast is worth more to the forecast than a stranger, and who plays at random least', () => {
  const stranger = performanceOfDrummer('another', 20);
  const random = {
    ...stranger,
    hits: stranger.hits.map((hit, i) => ({ ...hit, offsetUs: ((i * 7919) % 110_000) - 55_000 })),
  };
  const [own = 0n, other = 0n, noise = 0n] = takeValues([part(0, 20), stranger, random], [part(20, 40)]);
  expect(own).toBeGreaterThan(other);
  expect(other).toBeGreaterThan(noise);
  expect(noise).toBeLessThan(SHAPLEY_UNIT);
});

test('together the takes are worth at most every probe stroke foretold, and the same takes the same on every machine', () => {
  const takes = [part(0, 10), part(10, 20)];
  const values = takeValues(takes, [part(20, 24)]);
  const sum = values.reduce((total, value) => total + value, 0n);
  expect(sum).toBeLessThanOrEqual(SHAPLEY_UNIT * BigInt(part(20, 24).hits.length));
  expect(takeValues(takes, [part(20, 24)])).toEqual(values);
});
