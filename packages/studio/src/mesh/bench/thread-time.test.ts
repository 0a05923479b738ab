import { expect, test } from 'vitest';
import { boundSentence, readThreadTime, timePerTask } from './thread-time.ts';

const NONE = { main: 0, hash: 0, collector: 0, files: 0, other: 0 };

test('the row of the bench names the thread that a task costs most of, and what it allows', () => {
  const after = {
    main: 900_000_000,
    hash: 160_000_000,
    collector: 400_000_000,
    files: 240_000_000,
    other: 0,
  };
  const perTask = timePerTask(NONE, after, 2000);
  expect(perTask).toEqual({ main: 450, hash: 80, collector: 200, files: 120, other: 0 });
  expect(boundSentence(perTask)).toBe(
    'the main thread: 450 of 850 µs of processor time a task; with a core of its own it allows 2222 tasks a second',
  );
});

test('where the system does not tell, or nothing was done, nothing is said', () => {
  expect(timePerTask(null, NONE, 10)).toBeNull();
  expect(timePerTask(NONE, NONE, 0)).toBeNull();
  expect([boundSentence(null), boundSentence(NONE)]).toEqual([null, null]);
});

test.runIf(process.platform === 'linux')(
  'Linux tells the processor time of our own threads, which grows',
  () => {
    const before = readThreadTime();
    let sum = 0;
    for (let n = 0; n < 5_000_000; n++) sum += Math.sqrt(n);
    const after = readThreadTime();
    expect(sum).toBeGreaterThan(0);
    // The work was done by one of them: which of vitest's threads runs us is of no matter.
    expect(total(after)).toBeGreaterThan(total(before));
  },
);

function total(time: ReturnType<typeof readThreadTime>): number {
  return Object.values(time ?? NONE).reduce((sum, each) => sum + each, 0);
}
