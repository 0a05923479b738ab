import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededChance } from '@jamnet/base';
import { type Contribution, templatePolicy } from '@jamnet/economy';
import type { Hit } from '@jamnet/groove';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { type Database, openSqlite } from '@jamnet/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelValueDesk } from '../music/model-value-desk.ts';
import { TakeArchive } from '../takes/take-archive.ts';
import { RevokedTakes } from './revoked-takes.ts';
import { takeValues } from './take-values.ts';
import { fileDrumTake } from './testing/drum-take.ts';
import { trainingSet } from './training-set.ts';

const SECRET = new Uint8Array(32);
const PAYEES = { ada: `p${'a'.repeat(32)}`, bob: `p${'b'.repeat(32)}` } as const;
const GROUPS: Readonly<Record<string, string>> = { [PAYEES.ada]: 'ada', [PAYEES.bob]: 'bob' };
const PLAYED_MS = 3_600_000n;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-worth-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A desk whose economy has an hour of playing of moment 1, and what it was given. */
async function openDesk(database: Database) {
  const filed: Contribution[] = [];
  const desk = await ModelValueDesk.open({
    database,
    economy: {
      policy: async () => ({ policy: templatePolicy(), sha256: '', sequence: 1, publishedAtUs: 0n }),
      meritOf: async ({ afterUs, untilUs }) => (afterUs < 1n && untilUs >= 1n ? PLAYED_MS : 0n),
      ownerGroupOf: async (payee) => GROUPS[payee] ?? null,
    },
    addContributions: async (contributions) => void filed.push(...contributions),
    evidenceSecret: new Uint8Array(32),
    nowUs: () => 1n,
  });
  return { desk, filed };
}

/** One drummer's habits, first and last bars: what is held out resembles what is learnt from. */
const known = (name: string) => performanceOfDrummer(name, 30).hits;
const HELD_OUT = ['ada', 'bob'].map((name) => ({
  sixteenthUs: 125_000,
  hits: known(name)
    .filter(({ sixteenth }) => sixteenth >= 16 * 24)
    .map((hit) => ({ ...hit, sixteenth: hit.sixteenth - 16 * 24 })),
}));
const learnt = (name: string) => known(name).filter(({ sixteenth }) => sixteenth < 16 * 16);

/** Ten disguises of one take: level, cuts, delays, starts, strokes left out, and up to 3 ms of noise on each stroke. */
function disguised(hits: readonly Hit[], turn: number): Hit[] {
  const chance = seededChance(`disguise-${turn}`);
  return hits
    .filter(({ sixteenth }) => sixteenth >= 16 * (turn % 4))
    .filter(() => chance.below(20) > 0)
    .map((hit) => ({
      ...hit,
      sixteenth: hit.sixteenth + 16 * (turn % 3),
      offsetUs: hit.offsetUs + 900 * turn + chance.below(6000) - 3000,
      velocity: Math.max(1, Math.min(127, hit.velocity - 5 * turn)),
    }));
}

/** What a release brings each owner, ms of playing. */
async function paid(archive: TakeArchive): Promise<Map<string, bigint>> {
  const database = openSqlite({ file: ':memory:' });
  const { desk, filed } = await openDesk(database);
  const { takes } = await trainingSet(archive, new RevokedTakes(join(directory, 'revoked.json')), SECRET);
  // All of it is learnt from here: what is held out is given.
  const values = takeValues(
    takes.map(({ performance }) => performance),
    HELD_OUT,
  );
  for (const { take, player } of takes) {
    const payee = player === 'bob' ? PAYEES.bob : PAYEES.ada;
    expect(await desk.players.name({ take, player, payee }, 1n)).toMatchObject({ ok: true });
  }
  await desk.pay({
    model: 'groove-2',
    modelSha256: '0'.repeat(64),
    takes: takes.map((take, index) => ({ ...take, value: values[index] ?? 0n })),
    others: [],
  });
  await database.close();
  return new Map(filed.map(({ ownerGroup, merit }) => [ownerGroup, merit]));
}

test('ten re-uploads, louder, cut, late, shifted and jittered, raise their owner’s share of a release by no more than one in a hundred', async () => {
  const archive = (laterMs: number) => new TakeArchive(join(directory, 'archive'), () => 1_000 + laterMs);
  for (const player of ['ada', 'bob'])
    await fileDrumTake(archive(0), directory, { player, hits: learnt(player) });
  const before = await paid(archive(0));
  expect([...before.keys()].sort()).toEqual(['ada', 'bob']);
  for (let turn = 1; turn <= 10; turn++)
    await fileDrumTake(archive(turn), directory, {
      player: `ada under another name ${turn}`,
      hits: disguised(learnt('ada'), turn),
    });
  const after = await paid(archive(99));
  const share = (merits: ReadonlyMap<string, bigint>): number => {
    const [ada, bob] = [Number(merits.get('ada') ?? 0n), Number(merits.get('bob') ?? 0n)];
    return ada / (ada + bob);
  };
  expect(share(before)).toBeGreaterThan(0.2);
  expect(share(after)).toBeLessThan(0.8);
  expect(share(after) - share(before)).toBeLessThanOrEqual(0.01);
});
