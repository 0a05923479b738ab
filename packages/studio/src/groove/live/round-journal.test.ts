import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JOURNAL_LIMITS, RoundJournal } from './round-journal.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-journal-'));
  mkdirSync(join(directory, 'groove'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A played performance of 100 bytes that ended so many days ago. */
function played(name: string, daysAgo: number): void {
  const file = join(directory, 'groove', `${name}.jsonl`);
  writeFileSync(file, 'x'.repeat(100));
  const atSeconds = (NOW_MS - daysAgo * DAY_MS) / 1000;
  utimesSync(file, atSeconds, atSeconds);
}
const left = () => readdirSync(join(directory, 'groove')).sort();

/** The next performance begins; what it writes is as the round writes it, and then as long and as old as the others are told. */
function begin(limits: Partial<typeof JOURNAL_LIMITS>): RoundJournal {
  const performance = {
    ...{ performance: 'next', room: 'attic', performerKey: 'aa', piece: 'p', bars: 4, announced: null },
    ...{ startsAtUs: 1, draw: null },
  };
  const start = { type: 'start', performance, performerGroup: 'g', streamHash: 'h' } as const;
  const journal = new RoundJournal(directory, { ...JOURNAL_LIMITS, ...limits }, () => NOW_MS);
  journal.add('next', start as unknown as Parameters<RoundJournal['add']>[1]); // Only what a start line shows.
  played('next', 0);
  return journal;
}

test.each([
  ['bytes', { bytes: 350 }, ['b.jsonl', 'c.jsonl', 'next.jsonl']],
  ['files', { files: 3 }, ['b.jsonl', 'c.jsonl', 'next.jsonl']],
  ['days', { ageMs: 4.5 * DAY_MS }, ['b.jsonl', 'c.jsonl', 'next.jsonl']],
  ['nothing beyond a limit', {}, ['a.jsonl', 'b.jsonl', 'c.jsonl', 'next.jsonl']],
  ['everything', { bytes: 0 }, ['next.jsonl']],
])('with too many %s the oldest performances go once the next has begun', async (_what, limits, stays) => {
  for (const [name, days] of [
    ['a', 5],
    ['b', 4],
    ['c', 3],
  ] as const)
    played(name, days);
  await begin(limits).prune();
  expect(left()).toEqual(stays);
});

test('what may be played still stays, whatever the limits say', async () => {
  played('old', 9);
  played('now', 0.5);
  await begin({ bytes: 0 }).prune();
  expect(left()).toEqual(['next.jsonl', 'now.jsonl']);
});

test('nothing is looked for at the moment of a bar or a start, and again only after the next start', async () => {
  played('old', 9);
  const journal = begin({ bytes: 0 });
  expect(left()).toEqual(['next.jsonl', 'old.jsonl']);
  await Promise.all([journal.prune(), journal.prune()]);
  expect(left()).toEqual(['next.jsonl']);
  played('older', 10);
  await journal.prune();
  expect(left()).toEqual(['next.jsonl', 'older.jsonl']);
});

test('what could not be looked at is looked at when asked again', async () => {
  played('old', 9);
  const journal = begin({ bytes: 0 });
  renameSync(join(directory, 'groove'), join(directory, 'away'));
  await expect(journal.prune()).rejects.toThrow('ENOENT');
  renameSync(join(directory, 'away'), join(directory, 'groove'));
  await journal.prune();
  expect(left()).toEqual(['next.jsonl']);
});
