import { expect, test } from 'vitest';
import { checkSize, SMALL_SCALE } from './scale-size.ts';
import { faultsOf, type ScaleRun, simulateScale } from './simulate-scale.ts';

const SEEDS = 20;

test(`${SEEDS} seeds of a whole studio lose nothing and pay nobody twice through faults of every kind`, async () => {
  const runs: ScaleRun[] = [];
  for (let seed = 0; seed < SEEDS; seed++)
    runs.push(await simulateScale({ seed: `${seed}`, size: SMALL_SCALE }));
  const struck = new Set(runs.flatMap(({ faults }) => Object.keys(faults)));
  expect(struck).toEqual(new Set(faultsOf('0', SMALL_SCALE).map(({ kind }) => kind)));
  // Everything that the checkers look at did take place.
  for (const run of runs) {
    expect(run.epochs).toEqual(['2027-01', '2027-02']);
    expect(run.starts).toBeGreaterThan(3);
    expect(
      Math.min(run.accepted, run.released, run.contributions, run.receipts, run.payouts),
    ).toBeGreaterThan(0);
  }
  expect(runs.some(({ redeemedCents }) => redeemedCents > 0n)).toBe(true);
  expect(runs.some(({ returned }) => returned > 0)).toBe(true);
  expect(runs.some(({ banned }) => banned > 0)).toBe(true);
}, 600_000);

test('the same seed runs the same way twice, and another seed another', async () => {
  const once = await simulateScale({ seed: 'twice', size: SMALL_SCALE });
  expect(await simulateScale({ seed: 'twice', size: SMALL_SCALE })).toEqual(once);
  expect((await simulateScale({ seed: 'thrice', size: SMALL_SCALE })).trace).not.toBe(once.trace);
}, 240_000);

test('sizes that no machine holds are refused with their name', () => {
  expect(checkSize(SMALL_SCALE).ok).toBe(true);
  expect(checkSize({ ...SMALL_SCALE, hosts: 20_001 })).toMatchObject({
    ok: false,
    code: 'size-out-of-range',
  });
  expect(checkSize({ ...SMALL_SCALE, days: 0 })).toMatchObject({ ok: false });
});
