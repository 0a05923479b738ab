import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { present, seededChance } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import { takeText } from '@jamnet/jdat';
import { type Database, openSqlite } from '@jamnet/sql';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { decodeOgg } from '../samples/sample-piece.ts';
import { type CreditParts, creditMusicians } from './credit-musicians.ts';
import { MUSIC_LANDMARKS_MAX, MusicMemory } from './music-memory.ts';
import { takeLandmarks } from './take-landmarks.ts';
import { SKETCH_LANDMARKS_MAX, sketchText } from './take-sketch.ts';

// Fingerprints of minutes of sound: on a busy machine they take their time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const SECONDS = 4;
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
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-credit-'));
  database = openSqlite({ file: join(directory, 'studio.sqlite') });
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

const part = (fromSeconds: number, seconds = SECONDS) =>
  guitar.slice(fromSeconds * rateHz, (fromSeconds + seconds) * rateHz);
const at = (gain: number, samples: Float32Array) => samples.map((sample) => gain * sample);

/** Credits one take of one player; answers the contribution that went to the books. */
async function credit(music: MusicMemory, player: string, samples: Float32Array): Promise<Contribution> {
  const takeFile = join(directory, 'sent.jdat');
  const header = {
    jdat: 1,
    room: 'attic',
    player,
    role: 'sent',
    from: player,
    sampleRateHz: rateHz,
    packetFrames: 128,
    startedAtUs: 1n,
    consent: { record: true, train: true, strangers: true },
  } as const;
  const pcm = Int16Array.from(samples, (sample) => Math.round(32_767 * sample));
  const records = [];
  for (let atSample = 0; atSample < pcm.length; atSample += 100_000)
    records.push({ type: 'audio', atSample, samples: pcm.slice(atSample, atSample + 100_000) } as const);
  writeFileSync(takeFile, takeText(header, records));
  const filed: Contribution[] = [];
  const parts = {
    music,
    secrets: { evidence: new Uint8Array(32) },
    nowUs: () => 1n,
    addContributions: async (contributions: readonly Contribution[]) => {
      filed.push(...contributions);
    },
    economy: { addUses: async () => ({ ok: true, value: { added: 0, known: 0 } }) },
  } as unknown as CreditParts; // The books take what they are given here.
  await creditMusicians(parts, [{ player, sent: { takeFile }, heard: [] }], (name) => ({
    payee: `p-${name}`,
    ownerGroup: name,
    principal: name,
  }));
  return present(filed[0], 'contribution');
}

test('ten re-uploads at other gains raise their owner’s share by no more than one in a hundred, also of a studio that starts anew', async () => {
  const music = await MusicMemory.open(database);
  const own = (await credit(music, 'ada', part(4))).merit;
  const other = (await credit(music, 'bob', part(20))).merit;
  expect([own, other]).toEqual([BigInt(1000 * SECONDS), BigInt(1000 * SECONDS)]);
  let again = 0n;
  for (let turn = 1; turn <= 10; turn++) {
    const opened = await MusicMemory.open(database);
    again += (await credit(opened, 'ada', at(1 - 0.07 * turn, part(4)))).merit;
  }
  // After − before, of what both earn: (own + again) / (own + again + other) − own / (own + other) ≤ 1/100.
  const [sum, all] = [own + again, own + again + other];
  expect(100n * (sum * (own + other) - own * all) <= all * (own + other)).toBe(true);
});

test('a take that is partly new earns that part, and the reason says how much was heard before; asked again it is the same', async () => {
  const music = await MusicMemory.open(database);
  await credit(music, 'ada', part(4, 4));
  const mixed = new Float32Array([...at(0.5, part(4, 2)), ...part(20, 6)]);
  const first = await credit(music, 'bob', mixed);
  expect(Number(first.merit)).toBeGreaterThan(5500);
  expect(Number(first.merit)).toBeLessThan(6500);
  expect((await music.reasons([first.id, 'another'])).get(first.id)).toBe(
    '25 % was heard before in an earlier take',
  );
  expect(await credit(music, 'bob', mixed)).toEqual(first);
  // The very same sound under another name.
  const copied = await credit(music, 'cleo', mixed);
  expect(copied.merit).toBe(0n);
  expect((await music.reasons([copied.id])).get(copied.id)).toBe('100 % was heard before in an earlier take');
});

test('what is too short to be compared earns nothing, so that it cannot be sent in again and again', async () => {
  const music = await MusicMemory.open(database);
  const short = await credit(music, 'ada', part(0, 1));
  expect(short.merit).toBe(0n);
  expect((await music.reasons([short.id])).get(short.id)).toContain('too short');
});

test('a full memory forgets the takes of longest ago and keeps what they earned; a take longer than half of it is refused', async () => {
  const measured = await MusicMemory.open(database);
  const first = await credit(measured, 'ada', part(0, 4));
  // Room for between two and three takes of four seconds of this guitar.
  const { landmarks } = await landmarksHeld();
  const music = await MusicMemory.open(database, 3 * landmarks);
  for (const from of [14, 20, 26]) await credit(music, 'ada', part(from, 4));
  const held = await landmarksHeld();
  expect(held.landmarks).toBeLessThanOrEqual(3 * landmarks);
  expect(held.takes).toBeLessThan(4);
  expect(await credit(music, 'ada', part(0, 4))).toEqual(first);
  expect((await credit(music, 'bob', at(0.5, part(26, 4)))).merit).toBe(0n);
  const tiny = await MusicMemory.open(database, landmarks);
  await expect(credit(tiny, 'ada', part(32, 4))).rejects.toMatchObject({ code: 'take-too-long' });
});

test('three re-uploads earn nothing either after hours of other playing that was as dense as the sketches can be', async () => {
  const music = await MusicMemory.open(database);
  await credit(music, 'ada', part(4));
  remember(60, 180);
  for (let turn = 1; turn <= 3; turn++)
    expect((await credit(music, 'ada', at(1 - 0.2 * turn, part(4)))).merit).toBe(0n);
  expect((await credit(music, 'bob', part(20))).merit).toBe(BigInt(1000 * SECONDS));
});

test('three days of playing are remembered, however dense', () => {
  expect(MUSIC_LANDMARKS_MAX).toBe((3 * 24 * 60 * 60 * SKETCH_LANDMARKS_MAX) / 2);
});

/** So many takes of so many seconds, of landmarks that chance has drawn. */
function remember(takes: number, seconds: number): void {
  const { sqlite } = database as Extract<Database, { engine: 'sqlite' }>; // Opened above.
  const chance = seededChance('other playing');
  const count = (seconds / 2) * SKETCH_LANDMARKS_MAX;
  const add = sqlite.prepare(
    'INSERT INTO music_heard (contribution, place, new_ms, played_ms, sketch, sketched) VALUES (?, ?, 0, 0, ?, ?)',
  );
  for (let take = 0; take < takes; take++) {
    const hashes = Uint32Array.from({ length: count }, () => chance.below(2 ** 26));
    const hops = Uint32Array.from({ length: count }, (_, place) =>
      Math.floor((94 * seconds * place) / count),
    );
    add.run(`other-${take}`, 10 + take, sketchText({ hashes, hops }), count);
  }
}

/** What is kept on disk. */
async function landmarksHeld(): Promise<{ takes: number; landmarks: number }> {
  const { sqlite } = database as Extract<Database, { engine: 'sqlite' }>; // Opened above.
  const rows = sqlite.prepare('SELECT sketch FROM music_heard WHERE sketch IS NOT NULL').all();
  const bytes = rows.map(({ sketch }) => Buffer.from(String(sketch), 'base64').length);
  return { takes: rows.length, landmarks: bytes.reduce((sum, each) => sum + each, 0) / 8 };
}

test('what a studio remembered before it kept sketches is still recognised', async () => {
  const { sqlite } = database as Extract<Database, { engine: 'sqlite' }>; // Opened above.
  const music = await MusicMemory.open(database);
  const first = await credit(music, 'ada', part(4));
  const stretches = [...takeLandmarks(Float32Array.from(part(4), sixteenBits), rateHz)];
  const landmarks = stretches.map((stretch) => {
    const bytes = Buffer.alloc(8 * (stretch?.length ?? 0));
    for (const [place, { hash, hop }] of (stretch ?? []).entries()) {
      bytes.writeUInt32LE(hash, 8 * place);
      bytes.writeUInt32LE(hop, 8 * place + 4);
    }
    return bytes.toString('base64');
  });
  // The table as the version before left it.
  for (const column of ['sketch', 'sketched']) sqlite.exec(`ALTER TABLE music_heard DROP COLUMN ${column}`);
  sqlite.prepare('UPDATE music_heard SET landmarks = ?').run(landmarks.join(' '));
  sqlite.exec("DELETE FROM music_migration WHERE name = '002-sketches'");
  sqlite.exec("DELETE FROM jamnet_schema_journal WHERE store = 'music' AND step = '002-sketches'");
  const reopened = await MusicMemory.open(database);
  expect(await credit(reopened, 'ada', part(4))).toEqual(first);
  expect((await credit(reopened, 'bob', at(0.5, part(4)))).merit).toBe(0n);
});

const sixteenBits = (sample: number): number => Math.round(32_767 * sample) / 32_767;
