import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOUNTIES_MAX, BountyQueue, writeBounty } from '@jamnet/attribution';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must, openEarningStudio, REPOSITORY } from './testing/earning-studio.ts';

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const CURATOR = `p${'c'.repeat(32)}`;

let studio: Awaited<ReturnType<typeof openEarningStudio>>;
beforeEach(async () => {
  studio = await openEarningStudio();
});
afterEach(() => studio.close());

function queued(): string {
  const work = { commit: '1'.repeat(40), people: ['e'.repeat(32)], keys: ['1'.repeat(32)], tokens: 9 };
  const entry = must(new BountyQueue().queue(REPOSITORY, work, 5n));
  if (entry === null) throw new Error('not queued');
  writeBounty(studio.directory, entry);
  return entry.id;
}

test('a decision that is sent twice counts once, and the queue stays readable', async () => {
  const decision = { id: queued(), verdict: 'granted' as const, reason: 'mends a crash', curator: CURATOR };
  const { bounties } = studio;
  expect(await Promise.all([bounties.decide(decision), bounties.decide(decision)])).toMatchObject([
    { ok: true, value: { state: 'granted' } },
    { ok: false, code: 'bounty-decided' },
  ]);
  expect(must(bounties.page({ after: null, limit: 9 })).rows).toMatchObject([
    { state: 'granted', curator: CURATOR },
  ]);
});

test('a full queue takes no more and holds up nobody: what had no room is counted', () => {
  const { directory, filer } = studio;
  const work = (n: number) => ({
    ...{ commit: hex(n, 40), people: ['e'.repeat(32)], keys: [hex(n, 32)], tokens: 9 },
  });
  const queue = new BountyQueue();
  const lines = Array.from({ length: BOUNTIES_MAX - 1 }, (_, n) => {
    const entry = must(queue.queue(REPOSITORY, work(n), 5n));
    return `${JSON.stringify(entry)}\n`;
  });
  writeFileSync(join(directory, 'code', 'bounties.jsonl'), lines.join(''));
  const gatedWork = [work(BOUNTIES_MAX), work(BOUNTIES_MAX + 1)];
  expect(must(filer.queueGated({ repository: REPOSITORY, gatedWork }))).toEqual({ queued: 1, leftOut: 1 });
});
