import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { type BeatRecord, type JmidRecord, MultitrackWriter } from '@jamnet/jdat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TakeArchive } from '../takes/take-archive.ts';
import { RevokedTakes } from './revoked-takes.ts';
import { performanceOfTrack } from './track-performance.ts';
import { isHeldOut, PLAYER_STROKES_MAX, trainingSet } from './training-set.ts';

const RATE = 48_000;
const SECRET = new Uint8Array(32);
/** 120 beats a minute: a sixteenth is 6,000 samples. Bar 5 begins at sample 96,000. */
const BEAT: BeatRecord = {
  type: 'beat',
  id: 1,
  atSample: 96_000,
  bar: 5,
  tempoMilliBpm: 120_000,
  beatsPerBar: 4,
  isRunning: true,
};
const note = (atSample: number, pitch = 36, velocity = 100): JmidRecord => ({
  type: 'midi',
  track: 0,
  atSample,
  message: Uint8Array.of(0x99, pitch, velocity),
});
/** General MIDI pitches of the nine classes. */
const PITCHES = [36, 38, 42, 46, 43, 47, 50, 49, 51];

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-training-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const archive = () => new TakeArchive(join(directory, 'archive'), Date.now);
const revoked = () => new RevokedTakes(join(directory, 'revoked.json'));

/** Files a take of one drummer; answers its id. */
async function drumTake(
  seed: string,
  { train = true, strangers = true, role = 'sent' as 'sent' | 'heard', player = seed, bars = 4 } = {},
) {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(
    { jdat: 2, room: 'attic', recorder: seed, sampleRateHz: RATE, startedAtUs: 1n },
    (line) => lines.push(`${line}\n`),
  );
  const track = writer.track({
    player,
    role,
    from: player,
    bits: 16,
    packetFrames: 1,
    firstSample: 0,
    consent: { record: true, train, strangers },
  });
  writer.beat({ ...BEAT });
  const events = performanceOfDrummer(seed, bars).hits.map(
    ({ sixteenth, instrument, offsetUs, velocity }) => ({
      atSample: 96_000 + 6000 * sixteenth + Math.round(offsetUs * 0.048),
      message: Uint8Array.of(0x99, PITCHES[instrument] ?? 0, velocity),
    }),
  );
  for (const { atSample, message } of events.sort((a, b) => a.atSample - b.atSample))
    writer.midi({ track, atSample, message });
  writer.end();
  const file = join(directory, 'take.jdat');
  writeFileSync(file, lines.join(''));
  const filed = await archive().addFile(file);
  if (!filed.ok) throw new Error(filed.message);
  return filed.value.id;
}

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
    [BEAT],
    RATE,
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
  const slower = { ...BEAT, id: 2, atSample: 192_000, bar: 6, tempoMilliBpm: 60_000 };
  const stopped = { ...BEAT, id: 3, atSample: 400_000, bar: 7, isRunning: false };
  const read = performanceOfTrack([note(192_000 + 12_000), note(500_000)], [slower, stopped, BEAT], RATE);
  expect(read.ok && read.value.hits).toEqual([{ sixteenth: 17, instrument: 0, offsetUs: 0, velocity: 100 }]);
});

test.each([
  ['without a beat', [note(96_000)], [], 'no-beat'],
  ['in 3/4', [note(96_000)], [{ ...BEAT, beatsPerBar: 3 }], 'meter'],
  ['of a keyboard', [{ ...note(96_000), message: Uint8Array.of(0x90, 60, 90) }], [BEAT], 'no-drums'],
  ['of four hours', [note(96_000 + 6000 * 16 * 7200)], [BEAT], 'too-long'],
])('a track %s is not learnt from', (_name, midi, beats, code) => {
  expect(performanceOfTrack(midi, beats, RATE)).toMatchObject({ ok: false, code });
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
  const strokesOf = (name: string) =>
    takes
      .filter(({ player }) => player === name)
      .reduce((sum, { performance }) => sum + performance.hits.length, 0);
  expect(leftOut['player-full']).toBeGreaterThan(0);
  expect(strokesOf('ada')).toBeGreaterThan(PLAYER_STROKES_MAX / 2);
  expect(strokesOf('ada')).toBeLessThanOrEqual(PLAYER_STROKES_MAX);
  expect(strokesOf('bob')).toBeGreaterThan(0);
});
