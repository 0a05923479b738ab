import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import { MultitrackWriter } from '@jamnet/jdat';
import { type Database, openSqlite } from '@jamnet/sql';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { decodeOgg } from '../samples/sample-piece.ts';
import { TakeArchive } from '../takes/take-archive.ts';
import { ArchivedPlaying } from './archived-playing.ts';
import { MusicMemory } from './music-memory.ts';
import { TakePlayers } from './take-players.ts';

// Fingerprints of sound: on a busy machine they take their time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const [ADA, BEN] = [`p${'a'.repeat(32)}`, `p${'b'.repeat(32)}`];
let guitar = new Float32Array(0);
let rateHz = 0;
beforeAll(async () => {
  const file = new URL('../../../../samples/piece/metal-madness-guitar.ogg', import.meta.url);
  const sound = await decodeOgg(fileURLToPath(file));
  rateHz = sound.sampleRateHz;
  guitar = sound.samples.slice(5 * rateHz, 45 * rateHz);
});

let directory = '';
let database: Database;
let archive: TakeArchive;
let players: TakePlayers;
let filed: Map<string, Contribution>;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-played-'));
  database = openSqlite({ file: ':memory:' });
  archive = new TakeArchive(join(directory, 'archive'), Date.now);
  players = await TakePlayers.open(database);
  filed = new Map();
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

interface Track {
  readonly from: string;
  readonly role: 'sent' | 'heard';
  readonly samples: Float32Array;
}

/** Files a take of ada's with these tracks, in `room`; answers its id. */
async function fileTake(room: string, tracks: readonly Track[]): Promise<string> {
  const lines: string[] = [];
  const header = { jdat: 2, room, recorder: 'ada', sampleRateHz: rateHz, startedAtUs: 1n } as const;
  const writer = MultitrackWriter.begin(header, (line) => lines.push(`${line}\n`));
  const consent = { record: true, train: false, strangers: false };
  for (const { from, role, samples } of tracks) {
    const place = { bits: 16, packetFrames: 1, firstSample: 0 } as const;
    const track = writer.track({ player: 'ada', role, from, ...place, consent });
    const pcm = Int32Array.from(samples, (sample) => Math.round(32_767 * sample));
    for (let at = 0; at < pcm.length; at += 48_000)
      writer.sound('audio', track, at, pcm.subarray(at, at + 48_000));
  }
  writer.end();
  const file = join(directory, 'take.jdat');
  writeFileSync(file, lines.join(''));
  const added = await archive.addFile(file);
  if (!added.ok) throw new Error(added.message);
  return added.value.id;
}

const part = (fromSeconds: number, seconds = 4): Float32Array =>
  guitar.slice(fromSeconds * rateHz, (fromSeconds + seconds) * rateHz);

async function opened(
  addContributions = async (contributions: readonly Contribution[]): Promise<void> => {
    for (const each of contributions) filed.set(each.id, each);
  },
): Promise<ArchivedPlaying> {
  return new ArchivedPlaying({
    archive,
    music: await MusicMemory.open(database),
    players,
    addContributions,
    ownerGroupOf: async (payee) => (payee === ADA ? 'house of ada' : payee === BEN ? 'house of ben' : null),
    evidenceSecret: new Uint8Array(32),
    nowUs: () => 7n,
    pieceSeconds: 5,
  });
}

const merits = (): bigint[] => [...filed.values()].map(({ merit }) => merit);

test('who is named earns by what was really played in the take; the others’ sound earns nothing until they are named', async () => {
  const take = await fileTake('attic', [
    { from: 'ada', role: 'sent', samples: part(0) },
    { from: 'ben', role: 'heard', samples: part(8) },
  ]);
  await players.name({ take, player: 'ada', payee: ADA }, 1n);
  const playing = await opened();
  await playing.catchUp();
  expect([...filed.values()]).toMatchObject([
    { kind: 'music', meter: 'music/played-ms', ownerGroup: 'house of ada', payees: [{ payee: ADA }] },
  ]);
  expect(merits()[0]).toBeGreaterThan(3_000n);
  await players.name({ take, player: 'ben', payee: BEN }, 2n);
  await playing.catchUp();
  expect([...filed.values()].map(({ ownerGroup }) => ownerGroup)).toEqual(['house of ada', 'house of ben']);
  expect(await players.uncredited()).toEqual([]);
});

test('the same playing in a second take, and silence, earn nothing', async () => {
  const once = await fileTake('attic', [{ from: 'ada', role: 'sent', samples: part(0) }]);
  const louder = part(0).map((sample) => 0.5 * sample);
  const again = await fileTake('cellar', [{ from: 'ada', role: 'sent', samples: louder }]);
  const silent = await fileTake('roof', [
    { from: 'ada', role: 'sent', samples: new Float32Array(4 * rateHz) },
  ]);
  for (const [place, take] of [once, again, silent].entries())
    await players.name({ take, player: 'ada', payee: ADA }, BigInt(place));
  await (await opened()).catchUp();
  expect(merits()[0]).toBeGreaterThan(3_000n);
  expect(merits().slice(1)).toEqual([0n, 0n]);
});

test('a long track is credited piece by piece; what the books refused is filed at the next attempt, once', async () => {
  const take = await fileTake('attic', [{ from: 'ada', role: 'sent', samples: part(0, 12) }]);
  await players.name({ take, player: 'ada', payee: ADA }, 1n);
  let calls = 0;
  const playing = await opened(async (contributions) => {
    if (++calls === 2) throw new Failure('books-shut', 'The books are shut: try again.');
    for (const each of contributions) filed.set(each.id, each);
  });
  await playing.catchUp();
  expect(filed.size).toBe(1);
  expect(await players.uncredited()).toHaveLength(1);
  await playing.catchUp();
  expect(filed.size).toBe(3);
  expect(new Set([...filed.values()].map(({ subject }) => subject)).size).toBe(3);
  expect(merits().reduce((sum, merit) => sum + merit, 0n)).toBeGreaterThan(9_000n);
  await playing.catchUp();
  expect(calls).toBe(5);
});

test('an unregistered payee waits, a take that is gone too, and a closed desk begins nothing', async () => {
  const take = await fileTake('attic', [{ from: 'ada', role: 'sent', samples: part(0) }]);
  await players.name({ take, player: 'ada', payee: `p${'c'.repeat(32)}` }, 1n);
  await players.name({ take: '0'.repeat(64), player: 'ada', payee: ADA }, 2n);
  const playing = await opened();
  await playing.catchUp();
  expect([filed.size, (await players.uncredited()).length]).toEqual([0, 2]);
  const late = await fileTake('cellar', [{ from: 'ada', role: 'sent', samples: part(4) }]);
  await players.name({ take: late, player: 'ada', payee: ADA }, 3n);
  await playing.close();
  await playing.catchUp();
  expect(filed.size).toBe(0);
});
