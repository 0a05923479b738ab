import { expect, test } from 'vitest';
import { type ComparedRun, SteadyCompare } from './steady-compare.ts';

const PRINTED: ComparedRun = { ok: true, outputSha256: 'a' };
const TIMED_OUT: ComparedRun = { ok: false, code: 'workload-timed-out' };

function compare(known: ComparedRun) {
  let knownRuns = 0;
  const watch = new SteadyCompare('a', async () => {
    knownRuns++;
    return known;
  });
  return { watch, isSame: (run: ComparedRun) => watch.isSame(async () => run), knownRuns: () => knownRuns };
}

test('a run is the same when it prints the same', async () => {
  const { watch, isSame, knownRuns } = compare(PRINTED);
  expect(await isSame(PRINTED)).toBe(true);
  expect(await isSame({ ok: true, outputSha256: 'b' })).toBe(false);
  expect(await isSame({ ok: false, code: 'workload-failed' })).toBe(false);
  expect([watch.isBusy, knownRuns()]).toEqual([false, 0]);
});

test('a run that takes too long differs when the known one still keeps its time', async () => {
  const { watch, isSame, knownRuns } = compare(PRINTED);
  expect(await isSame(TIMED_OUT)).toBe(false);
  expect([watch.isBusy, knownRuns()]).toEqual([false, 1]);
  expect(await isSame(PRINTED)).toBe(true);
});

test('where the known run takes too long as well the machine is busy, and nothing is compared any more', async () => {
  const { watch, isSame } = compare(TIMED_OUT);
  expect(await isSame(TIMED_OUT)).toBe(false);
  expect(watch.isBusy).toBe(true);
  expect(await isSame(PRINTED)).toBe(false);
});
