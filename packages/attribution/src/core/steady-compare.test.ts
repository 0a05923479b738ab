import { expect, test } from 'vitest';
import { type ComparedRun, SteadyCompare } from './steady-compare.ts';

const PRINTED: ComparedRun = { ok: true, outputSha256: 'a' };
const TIMED_OUT: ComparedRun = { ok: false, isDoubtful: true };
const FAILED: ComparedRun = { ok: false, isDoubtful: false };

function compare(known: ComparedRun, book = new Map<string, string | null>()) {
  let [knownRuns, runs, isTimeSpent] = [0, 0, false];
  const watch = new SteadyCompare({
    expectedSha256: 'a',
    runKnown: async () => {
      knownRuns++;
      return known;
    },
    known: {
      get: (name) => book.get(name),
      keep: async (name, printed) => void book.set(name, printed),
    },
    isTimeSpent: () => isTimeSpent,
  });
  const isSame = (run: ComparedRun, name = `run ${runs}`) =>
    watch.isSame(name, async () => {
      runs++;
      return run;
    });
  const spendTime = () => {
    isTimeSpent = true;
  };
  return { watch, isSame, knownRuns: () => knownRuns, runs: () => runs, spendTime };
}

test('a run is the same when it prints the same', async () => {
  const { watch, isSame, knownRuns } = compare(PRINTED);
  expect(await isSame(PRINTED)).toBe(true);
  expect(await isSame({ ok: true, outputSha256: 'b' })).toBe(false);
  expect(await isSame(FAILED)).toBe(false);
  expect([watch.stopped, knownRuns()]).toEqual([null, 0]);
});

test('a run that takes too long differs when the known one still keeps its time', async () => {
  const { watch, isSame, knownRuns } = compare(PRINTED);
  expect(await isSame(TIMED_OUT)).toBe(false);
  expect([watch.stopped, knownRuns()]).toEqual([null, 1]);
  expect(await isSame(PRINTED)).toBe(true);
});

test('a run that was ended for once by a busy machine is run again', async () => {
  const { watch } = compare(PRINTED);
  const ends = [TIMED_OUT, PRINTED];
  expect(await watch.isSame('one', async () => ends.shift() ?? FAILED)).toBe(true);
  expect([watch.stopped, ends.length]).toEqual([null, 0]);
});

test('where the known run takes too long as well the machine is busy, and nothing is compared any more', async () => {
  const book = new Map<string, string | null>();
  const { watch, isSame, runs } = compare(TIMED_OUT, book);
  expect(await isSame(TIMED_OUT)).toBe(false);
  expect(watch.stopped).toBe('machine-busy');
  expect(await isSame(PRINTED)).toBe(false);
  expect([runs(), book.size]).toEqual([1, 0]);
});

test('once its time is spent nothing is run any more', async () => {
  const { watch, isSame, runs, spendTime } = compare(PRINTED);
  expect(await isSame(PRINTED)).toBe(true);
  spendTime();
  expect(await isSame(PRINTED)).toBe(false);
  expect([watch.stopped, runs()]).toEqual(['time-spent', 1]);
});

test('what an earlier comparison has run is not run again, failures neither', async () => {
  const book = new Map<string, string | null>();
  const first = compare(PRINTED, book);
  expect(await first.isSame(PRINTED, 'one')).toBe(true);
  expect(await first.isSame(FAILED, 'two')).toBe(false);
  const later = compare(PRINTED, book);
  later.spendTime();
  expect([await later.isSame(TIMED_OUT, 'one'), await later.isSame(PRINTED, 'two')]).toEqual([true, false]);
  expect([later.runs(), later.watch.stopped]).toEqual([0, null]);
});
