import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import type { JmidRecord } from '@jamnet/jdat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TakeArchive } from '../takes/take-archive.ts';
import { RevokedTakes } from './revoked-takes.ts';
import { type DrumTake, fileDrumTake, strokesOf, TAKE_BEAT, TAKE_RATE_HZ } from './testing/drum-take.ts';
import { performanceOfTrack } from './track-performance.ts';
import { isHeldOut, PLAYER_STROKES_MAX, trainingSet } from './training-set.ts';

const SECRET = new Uint8Array(32);
const note = (atSample: number, pitch = 36, velocity = 100): JmidRecord => ({
  type: 'midi',
  track: 0,
  atSample,
  message: Uint8Array.of(0x99, pitch, velocity),
});
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-training-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const archive = () => new TakeArchive(join(directory, 'archive'), Date.now);
const revoked = () => new RevokedTakes(join(directory, 'revoked.json'));

/** Files a take of one drummer; answers its id. */
const drumTake = (
  seed: string,
  { player = seed, bars = 4, ...rest }: Partial<DrumTake> & { bars?: number } = {},
): Promise<string> => fileDrumTake(archive(), directory, { player, hits: strokesOf(seed, bars), ...rest });

test('a drum track becomes a performance: strokes on the sixteenth of the running beat, with what they are off by', () => {
  const read = performanceOfTrack(
    [
      note(10_000),
      note(96_000),
      note(96_000 + 6000 * 3 + 480, 38, 64),
      note(96_000 + 6000 * 16 - 240, 42),
      note(200_000, 36, 0),
      { ...note(200_000), message: Uint8Array.of(0x90, 36, 100) },
    ],
    [TAKE_BEAT],
    TAKE_RATE_HZ,
  );
  expect(read).toEqual({
    ok: true,
    value: {
      sixteenthUs: 125_000,
      hits: [
        { sixteenth: 0, instrument: 0, offsetUs: 0, velocity: 100 },
        { sixteenth: 3, instrument: 1, offsetUs: 10_000, velocity: 64 },
        { sixteenth: 16, instrument: 2, offsetUs: -5000, velocity: 100 },
      ],
    },
  });
});

test('after a change of tempo strokes lie on the new beat, and none counts while it stands', () => {
  const slower = { ...TAKE_BEAT, id: 2, atSample: 192_000, bar: 6, tempoMilliBpm: 60_000 };
  const stopped = { ...TAKE_BEAT, id: 3, atSample: 400_000, bar: 7, isRunning: false };
  const read = performanceOfTrack(
    [note(192_000 + 12_000), note(500_000)],
    [slower, stopped, TAKE_BEAT],
    TAKE_RATE_HZ,
  );
  expect(read.ok && read.value.hits).toEqual([{ sixteenth: 17, instrument: 0, offsetUs: 0, velocity: 100 }]);
});

test.each([
  ['without a beat', [note(96_000)], [], 'no-beat'],
  ['in 3/4', [note(96_000)], [{ ...TAKE_BEAT, beatsPerBar: 3 }], 'meter'],
  ['of a keyboard', [{ ...note(96_000), message: Uint8Array.of(0x90, 60, 90) }], [TAKE_BEAT], 'no-drums'],
  ['of four hours', [note(96_000 + 6000 * 16 * 7200)], [TAKE_BEAT], 'too-long'],
])('a track %s is not learnt from', (_name, midi, beats, code) => {
  expect(performanceOfTrack(midi, beats, TAKE_RATE_HZ)).toMatchObject({ ok: false, code });
});

test('only what its player lets others learn from is in the set, each performance once, with the reason for the rest', async () => {
  await drumTake('ada');
  await drumTake('bob', { train: false });
  await drumTake('cleo', { strangers: false });
  await drumTake('cleo', { strangers: true });
  await drumTake('dan', { role: 'heard' });
  const { takes, leftOut } = await trainingSet(archive(), revoked(), SECRET);
  expect(takes.map(({ player }) => player).sort()).toEqual(['ada', 'cleo']);
  expect(leftOut).toEqual({ 'no-consent': 1, repeated: 1 });
});

test('a revoked take leaves the next set, also of a studio that starts anew, and comes back when its player agrees again', async () => {
  const [ada, bob] = [await drumTake('ada'), await drumTake('bob')];
  const before = await trainingSet(archive(), revoked(), SECRET);
  expect(before.takes.map(({ take }) => take).sort()).toEqual([ada, bob].sort());
  expect(revoked().revoke({ take: ada, player: 'ada', atUs: '7' })).toMatchObject({ ok: true });
  const after = await trainingSet(archive(), revoked(), SECRET);
  expect(after).toMatchObject({ takes: [{ take: bob }], leftOut: { revoked: 1 } });
  expect(revoked().list()).toEqual([{ take: ada, player: 'ada', atUs: '7' }]);
  expect(revoked().restore(ada, 'ada')).toBe(true);
  expect((await trainingSet(archive(), revoked(), SECRET)).takes).toHaveLength(2);
});

test('what is made from a take that came before is left out, whatever it is called; also from one that was taken back', async () => {
  const hits = strokesOf('ada', 12);
  const first = await fileDrumTake(archive(), directory, { player: 'ada', hits });
  const later = new TakeArchive(join(directory, 'archive'), () => Date.now() + 60_000);
  for (const [player, copy] of [
    ['louder', hits.map((hit) => ({ ...hit, velocity: Math.min(127, hit.velocity + 9) }))],
    ['trimmed', hits.filter(({ sixteenth }) => sixteenth >= 16 * 5)],
    ['late', hits.map((hit) => ({ ...hit, offsetUs: hit.offsetUs + 9000 }))],
  ] as const)
    await fileDrumTake(later, directory, { player, hits: copy });
  const set = await trainingSet(archive(), revoked(), SECRET);
  expect(set).toMatchObject({ takes: [{ take: first }], leftOut: { repeated: 3 } });
  revoked().revoke({ take: first, player: 'ada', atUs: '7' });
  expect(await trainingSet(archive(), revoked(), SECRET)).toMatchObject({
    takes: [],
    leftOut: { revoked: 1, repeated: 3 },
  });
});

test('what is too short to be told from a copy is not learnt from: a take cut into many would be many', async () => {
  await drumTake('ada', { bars: 3 });
  expect(await trainingSet(archive(), revoked(), SECRET)).toMatchObject({
    takes: [],
    leftOut: { 'too-short': 1 },
  });
});

test('a memory of revoked takes that is full says so and keeps what it has', () => {
  const full = new RevokedTakes(join(directory, 'revoked.json'), 1);
  expect(full.revoke({ take: 'a', player: 'ada', atUs: '1' }).ok).toBe(true);
  expect(full.revoke({ take: 'a', player: 'ada', atUs: '2' })).toMatchObject({
    ok: true,
    value: { atUs: '1' },
  });
  expect(full.revoke({ take: 'b', player: 'ada', atUs: '2' })).toMatchObject({
    ok: false,
    code: 'revoked-too-many',
  });
  expect(revoked().list()).toHaveLength(1);
});

test('one performance in eight is held out, by its hash and the secret of the studio: whoever knows only the hash cannot tell', () => {
  const hashes = Array.from({ length: 2048 }, (_, n) => n.toString(16).padStart(64, '0'));
  const heldOutBy = (secret: Uint8Array) => hashes.filter((hash) => isHeldOut(hash, secret));
  const [one, other] = [heldOutBy(SECRET), heldOutBy(new Uint8Array(32).fill(1))];
  // 256 ± five standard deviations of 15.
  for (const heldOut of [one, other]) expect(Math.abs(heldOut.length - 256)).toBeLessThan(75);
  expect(heldOutBy(SECRET)).toEqual(one);
  // An eighth of an eighth is held out by both: 32 ± five of 5.6.
  expect(one.filter((hash) => other.includes(hash)).length).toBeLessThan(60);
});

test('of one player no more strokes are in the set than an eighth of a round, and others still find room', async () => {
  const bars = Math.floor(PLAYER_STROKES_MAX / 4 / (performanceOfDrummer('ada-0', 100).hits.length / 100));
  for (let n = 0; n < 5; n++) await drumTake(`ada-${n}`, { player: 'ada', bars });
  await drumTake('bob');
  const { takes, leftOut } = await trainingSet(archive(), revoked(), SECRET);
  const strokesBy = (name: string) =>
    takes
      .filter(({ player }) => player === name)
      .reduce((sum, { performance }) => sum + performance.hits.length, 0);
  expect(leftOut['player-full']).toBeGreaterThan(0);
  expect(strokesBy('ada')).toBeGreaterThan(PLAYER_STROKES_MAX / 2);
  expect(strokesBy('ada')).toBeLessThanOrEqual(PLAYER_STROKES_MAX);
  expect(strokesBy('bob')).toBeGreaterThan(0);
});
