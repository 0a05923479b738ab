import { readFileSync } from 'node:fs';
import { decodeUtf8, encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';
import { lossTrace } from './loss-map.ts';
import {
  type LossRecord,
  MULTITRACK_LIMITS,
  type MultitrackHeader,
  type MultitrackRecord,
  PACKET_FATES,
  type TrackRecord,
} from './multitrack.ts';
import { MultitrackReader } from './multitrack-reader.ts';
import { MultitrackWriter } from './multitrack-writer.ts';
import { headerLine } from './record-encode.ts';

const HEADER: MultitrackHeader = {
  jdat: 2,
  room: 'cellar',
  recorder: 'ada',
  sampleRateHz: 48_000,
  startedAtUs: 1_700_000_000_000_000n,
};
const CONSENT = { record: true, train: true, strangers: false };

function trackOf(from: string, changes: Partial<TrackRecord> = {}): Omit<TrackRecord, 'type' | 'track'> {
  const role = from === 'ada' ? 'sent' : 'heard';
  const fixed = { bits: 16, packetFrames: 4, firstSample: 0, consent: CONSENT } as const;
  return { player: 'ada', role, from, ...fixed, ...changes };
}

/** Reads lines until the first refusal; answers the records, the refusal's code and the reader's state. */
function read(lines: readonly (string | Uint8Array)[], sound = true) {
  const reader = new MultitrackReader({ sound });
  const records: (MultitrackRecord | MultitrackHeader)[] = [];
  for (const line of lines) {
    const answer = reader.line(typeof line === 'string' ? encodeUtf8(line) : line);
    if (!answer.ok) return { records, code: answer.code, state: reader.state };
    if (answer.value !== null) records.push(answer.value);
  }
  return { records, code: null, state: reader.state };
}

/** One step of a recording session, as drawn. */
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constantFrom('audio' as const, 'fill' as const),
    track: fc.nat(2),
    skip: fc.nat(9),
    samples: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 30 }),
  }),
  fc.record({
    kind: fc.constant('fates' as const),
    track: fc.nat(2),
    fates: fc.array(fc.constantFrom(null, ...PACKET_FATES), { minLength: 1, maxLength: 9 }),
  }),
  fc.record({
    kind: fc.constant('midi' as const),
    track: fc.nat(2),
    skip: fc.nat(99),
    message: fc.uint8Array({ minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('beat' as const), id: fc.nat(5), bar: fc.nat(99) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const anySession = fc.array(anyStep, { maxLength: 14 });

/** Plays the steps into a writer; answers the sound of each track by place. */
function play(writer: MultitrackWriter, steps: readonly Step[]): Map<number, number>[] {
  const sound = [0, 1, 2].map(() => new Map<number, number>());
  const tracks = ['ada', 'ben', 'cy'].map((from) => writer.track(trackOf(from)));
  const packets = [0, 0, 0];
  for (const step of steps) {
    if (step.kind === 'beat') {
      writer.beat({
        id: step.id,
        atSample: step.bar,
        bar: step.bar,
        tempoMilliBpm: 120_000,
        beatsPerBar: 4,
        isRunning: true,
      });
      continue;
    }
    const track = tracks[step.track] ?? 0;
    const state = writer.state.tracks[track];
    if (state === undefined) throw new Error('no track');
    if (step.kind === 'fates') {
      writer.fates(track, packets[track] ?? 0, step.fates);
      packets[track] = (packets[track] ?? 0) + step.fates.length;
    } else if (step.kind === 'midi') {
      writer.midi({ track, atSample: state.midiEnd + step.skip, message: step.message });
    } else {
      const atSample = (step.kind === 'audio' ? state.audioEnd : state.fillEnd) + step.skip;
      writer.sound(step.kind, track, atSample, Int32Array.from(step.samples));
      if (step.kind === 'audio')
        for (const [i, sample] of step.samples.entries()) sound[track]?.set(atSample + i, sample);
    }
  }
  return sound;
}

function soundOf(records: readonly (MultitrackRecord | MultitrackHeader)[]): Map<number, number>[] {
  const sound = [0, 1, 2].map(() => new Map<number, number>());
  for (const record of records)
    if ('type' in record && record.type === 'audio')
      for (const [i, sample] of (record.samples ?? []).entries())
        sound[record.track]?.set(record.atSample + i, sample);
  return sound;
}

test('whatever a session brought comes back from its lines, closed and with its hashes fitting', () => {
  fc.assert(
    fc.property(anySession, (steps) => {
      const lines: string[] = [];
      const writer = MultitrackWriter.begin(HEADER, (line) => lines.push(line));
      const sound = play(writer, steps);
      writer.end();
      const { records, code, state } = read(lines);
      expect(code).toBe(null);
      expect(records[0]).toEqual(HEADER);
      expect(soundOf(records)).toEqual(sound);
      expect(state?.isEnded).toBe(true);
      expect(state?.contents).toEqual(writer.state.contents);
      expect(read(lines, false)).toMatchObject({ code: null });
    }),
    { numRuns: 60 },
  );
});

test('a take cut off at any byte keeps every line before, can be continued and closed', () => {
  fc.assert(
    fc.property(anySession, anySession, fc.nat(1000), (before, after, permille) => {
      const lines: string[] = [];
      play(
        MultitrackWriter.begin(HEADER, (line) => lines.push(line)),
        before,
      );
      const bytes = encodeUtf8(lines.map((line) => `${line}\n`).join(''));
      const torn = bytes.subarray(0, Math.floor((permille * bytes.length) / 1000));
      const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
      const kept = [...splitter.push(torn)].map((line) => decodeUtf8(line) ?? '');
      expect(kept).toEqual(lines.slice(0, kept.length));
      expect(splitter.wholeBytes + splitter.rest.length).toBe(torn.length);
      if (kept.length === 0) return;
      const { state, code } = read(kept);
      if (state === null) throw new Error('no header');
      expect(code).toBe(null);
      const whole = [...kept];
      const writer = MultitrackWriter.resume(state, (line) => whole.push(line));
      play(
        writer,
        after.filter((step) => step.kind !== 'fates'),
      );
      writer.end();
      expect(read(whole)).toMatchObject({ code: null });
    }),
    { numRuns: 60 },
  );
});

test('bytes that come in any pieces give the same lines', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (pieces) => {
      const whole = new LineSplitter(1000);
      const joined = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
      const cut = new LineSplitter(1000);
      const lines = pieces.flatMap((piece) => [...cut.push(piece)]);
      expect(lines).toEqual([...whole.push(joined)]);
      expect(cut.rest).toEqual(whole.rest);
    }),
  );
});

test('a line without an end is given out at its limit, so that memory stays bounded', () => {
  const splitter = new LineSplitter(10);
  const lines = [...splitter.push(new Uint8Array(8)), ...splitter.push(new Uint8Array(8))];
  expect(lines).toEqual([new Uint8Array(11)]);
  expect(splitter.rest.length).toBe(11);
});

test('a player who comes back goes on in the same track, overlap left out; other settings make a new one', () => {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(HEADER, (line) => lines.push(line));
  const ben = writer.track(trackOf('ben'));
  writer.sound('audio', ben, 0, Int32Array.of(1, 2, 3, 4));
  expect(writer.track(trackOf('ben', { firstSample: 8 }))).toBe(ben);
  writer.sound('audio', ben, 2, Int32Array.of(9, 9, 5, 6));
  expect(writer.overlapFrames).toBe(2);
  expect(writer.track(trackOf('ben', { firstSample: 9 }))).toBe(1);
  expect(writer.track(trackOf('ben', { bits: 24 }))).toBe(2);
  expect(writer.track(trackOf('ben', { consent: { ...CONSENT, train: false } }))).toBe(3);
  expect([...(soundOf(read(lines).records)[0]?.values() ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the loss map counts what it was given, and its trace has a one where no copy came in time', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(null, ...PACKET_FATES), { maxLength: 60 }), (fates) => {
      const lines: string[] = [];
      const writer = MultitrackWriter.begin(HEADER, (line) => lines.push(line));
      writer.fates(writer.track(trackOf('ben')), 0, fates);
      const { records, state } = read(lines);
      const spans = records.filter(
        (record): record is LossRecord => 'type' in record && record.type === 'span',
      );
      for (const fate of PACKET_FATES)
        expect(state?.tracks[0]?.packets[fate]).toBe(fates.filter((each) => each === fate).length);
      expect([...lossTrace(spans, fates.length)]).toEqual(
        fates.map((fate) => (fate === 'concealed' || fate === 'late' ? 1 : 0)),
      );
    }),
  );
});

test('the content hash is the sound alone: names, losses and cuts do not change it, a sample or a place does', () => {
  const contentOf = (room: string, cut: number, sound: readonly number[], at = 0): string => {
    const writer = MultitrackWriter.begin({ ...HEADER, room }, () => undefined);
    const track = writer.track(trackOf('ben'));
    writer.sound('audio', track, at, Int32Array.from(sound.slice(0, cut)));
    writer.sound('audio', track, at + cut, Int32Array.from(sound.slice(cut)));
    return writer.state.contents.join();
  };
  const whole = contentOf('cellar', 1, [1, 2, 3]);
  expect(contentOf('attic', 2, [1, 2, 3])).toBe(whole);
  expect(contentOf('cellar', 1, [1, 2, 4])).not.toBe(whole);
  expect(contentOf('cellar', 1, [1, 2, 3], 4)).not.toBe(whole);
});

interface Vector {
  readonly name: string;
  readonly lines: readonly string[];
  /** `null` for a good take. */
  readonly code: string | null;
}
const VECTORS = JSON.parse(
  readFileSync(new URL('../../vectors/multitrack.json', import.meta.url), 'utf8'),
) as Vector[];

test.each(VECTORS)('vector: $name', ({ lines, code }) => {
  const answer = read(lines);
  expect(answer.code).toBe(code);
  if (code === null) expect(answer.state?.isEnded).toBe(true);
});

test('a version of tomorrow is told from a damaged file', () => {
  expect(read(['{"jdat":3}']).code).toBe('take-version-unknown');
  expect(read(['{']).code).toBe('take-version-unknown');
});

const trackLine = (track: number): string => JSON.stringify({ type: 'track', track, ...trackOf('ben') });
const soundLine = (atSample: number): string =>
  JSON.stringify({ type: 'audio', track: 0, atSample, frames: 1, pcm: 'AAA=' });

test.each([
  ['take-tracks-too-many', MULTITRACK_LIMITS.tracks, trackLine],
  ['take-beats-too-many', MULTITRACK_LIMITS.beats, beatLine],
  ['take-spans-too-many', MULTITRACK_LIMITS.spansPerTrack, spanLine],
  ['take-midi-too-many', MULTITRACK_LIMITS.midiPerTrack, midiLine],
] as const)('one record over the limit is refused with %s, the limit itself is not', (code, most, lineOf) => {
  const reader = new MultitrackReader({ sound: true });
  const start = lineOf === trackLine ? [headerLine(HEADER)] : [headerLine(HEADER), trackLine(0)];
  for (const line of start) expect(reader.line(encodeUtf8(line)).ok).toBe(true);
  let accepted = 0;
  for (let i = 0; i < most; i++) if (reader.line(encodeUtf8(lineOf(i))).ok) accepted++;
  expect(accepted).toBe(most);
  expect(reader.line(encodeUtf8(lineOf(most)))).toMatchObject({ ok: false, code });
});

function beatLine(id: number): string {
  return JSON.stringify({
    type: 'beat',
    id,
    atSample: 0,
    bar: 0,
    tempoMilliBpm: 90_000,
    beatsPerBar: 4,
    isRunning: true,
  });
}

function spanLine(i: number): string {
  return `{"type":"span","track":0,"fromPacket":${i},"packets":1,"fate":"late"}`;
}

function midiLine(i: number): string {
  return `{"type":"midi","track":0,"atSample":${i},"message":"90407f"}`;
}

test('a take of four hours is read, one sample more is refused; a writer leaves it out and counts it', () => {
  const most = MULTITRACK_LIMITS.seconds * HEADER.sampleRateHz;
  const start = [headerLine(HEADER), trackLine(0), soundLine(5)];
  expect(read([...start, soundLine(5 + most - 1)]).code).toBe(null);
  expect(read([...start, soundLine(5 + most)]).code).toBe('take-too-long');
  const writer = MultitrackWriter.begin(HEADER, () => undefined);
  const track = writer.track(trackOf('ben'));
  for (const at of [5, 5 + most]) writer.sound('audio', track, at, Int32Array.of(1));
  expect(writer.refused).toBe(1);
  expect(writer.state.tracks[0]?.audioFrames).toBe(1);
});

test('a line of the limit is looked at, a byte more is refused as too long', () => {
  const { lineBytes } = MULTITRACK_LIMITS;
  expect(read([headerLine(HEADER), new Uint8Array(lineBytes).fill(32)]).code).toBe('take-line-malformed');
  expect(read([headerLine(HEADER), new Uint8Array(lineBytes + 1).fill(32)]).code).toBe('take-line-too-long');
});

test('any lines get an answer, never an exception', () => {
  const known = [headerLine(HEADER), trackLine(0), soundLine(0), '{"type":"end"}'];
  const anyLine = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...known));
  fc.assert(
    fc.property(fc.array(anyLine), fc.boolean(), fc.uint8Array(), (lines, sound, noise) => {
      expect(() => read([...lines, noise], sound)).not.toThrow();
    }),
  );
});
