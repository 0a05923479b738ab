import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeWav,
  EAR,
  type MultitrackHeader,
  MultitrackWriter,
  PacketStore,
  RoomTape,
  type SettledPackets,
  StreamsToTracks,
  TAPE_WAITING_MAX,
  type TapedStream,
  type TapeMessage,
} from '@jamnet/jdat';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTakeFile } from './read-take-file.ts';
import { TakeFile } from './take-file.ts';
import { WavFile } from './wav-file.ts';

const FRAMES = 4;
const CONSENT = { record: true, train: false, strangers: false };
const HEADER: MultitrackHeader = {
  jdat: 2,
  room: 'attic',
  recorder: 'ada',
  sampleRateHz: 48_000,
  startedAtUs: 0n,
};
const STREAM: TapedStream = {
  role: 'heard',
  from: 'ben',
  consent: CONSENT,
  baseIndex: 10,
  packetFrames: FRAMES,
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-takes-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A packet's life: whether a copy came, and what the ear had when its turn came. */
const anyPacket = fc.constantFrom(
  { came: true, ear: EAR.own },
  { came: true, ear: EAR.recovered },
  { came: true, ear: EAR.concealed },
  { came: false, ear: EAR.concealed },
);

test('the loss map is what the ear counted, however long the stream, and only its last packets stay in memory', () => {
  fc.assert(
    fc.property(
      fc.array(anyPacket, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 90 }),
      (life, times) => {
        const writer = MultitrackWriter.begin(HEADER, () => undefined);
        const tracks = new StreamsToTracks(writer, 'ada');
        const store = new PacketStore(FRAMES, 1_000_000, (packets) => tracks.packets(STREAM, packets));
        const packets = Array.from({ length: times }, () => life).flat();
        for (const [index, { came, ear }] of packets.entries()) {
          if (came) store.put(index, new Int16Array(FRAMES).fill(index));
          store.hear(index, ear);
          if (ear === EAR.concealed) store.fill(index, new Float32Array(FRAMES));
        }
        expect(
          Array.from({ length: packets.length }, (_, i) => store.samples(i)).filter(Boolean).length,
        ).toBeLessThanOrEqual(1024);
        store.finish(packets.length);
        tracks.over(STREAM, packets.length);
        const count = (holds: (packet: (typeof packets)[number]) => boolean) => packets.filter(holds).length;
        const [state] = writer.state.tracks;
        expect(state?.packets ?? { recovered: 0, concealed: 0, late: 0 }).toEqual({
          recovered: count(({ ear }) => ear === EAR.recovered),
          concealed: count(({ came }) => !came),
          late: count(({ came, ear }) => came && ear === EAR.concealed),
        });
        expect(state?.audioFrames ?? 0).toBe(FRAMES * count(({ came }) => came));
        expect(state?.fillFrames ?? 0).toBe(FRAMES * count(({ ear }) => ear === EAR.concealed));
      },
    ),
    { numRuns: 40 },
  );
});

function came(first: number, flags: readonly number[]): SettledPackets {
  const count = flags.length;
  return {
    first,
    count,
    samples: new Int16Array(count * FRAMES).fill(7),
    came: Uint8Array.from(flags),
    ear: Uint8Array.from(flags, (flag) => (flag === 1 ? EAR.own : EAR.concealed)),
    fill: new Int16Array(count * FRAMES),
  };
}

test('lost packets behind the last that came count only as far as the stream went', () => {
  for (const [packets, concealed] of [
    [3, 1],
    [5, 3],
    [99, 4],
  ] as const) {
    const writer = MultitrackWriter.begin(HEADER, () => undefined);
    const tracks = new StreamsToTracks(writer, 'ada');
    tracks.packets(STREAM, came(0, [1, 1, 0]));
    tracks.packets(STREAM, came(3, [0, 0, 0]));
    tracks.over(STREAM, packets);
    expect(writer.state.tracks[0]?.packets.concealed).toBe(concealed);
  }
});

test('who joins late lost nothing of what was played before', () => {
  const writer = MultitrackWriter.begin(HEADER, () => undefined);
  const tracks = new StreamsToTracks(writer, 'ada');
  const before = { ...came(0, [0, 0, 0]), ear: new Uint8Array(3).fill(EAR.none) };
  const joining = { ...came(3, [0, 1, 0, 1]), ear: Uint8Array.of(EAR.none, EAR.own, EAR.none, EAR.own) };
  tracks.packets(STREAM, before);
  tracks.packets(STREAM, joining);
  tracks.over(STREAM, 7);
  expect(writer.state.tracks[0]).toMatchObject({ audioFrom: 56, packets: { concealed: 1 }, spanEnd: 6 });
});

test('a player who comes back goes on in the same track, in its place', () => {
  const writer = MultitrackWriter.begin(HEADER, () => undefined);
  const tracks = new StreamsToTracks(writer, 'ada');
  tracks.packets(STREAM, came(0, [1, 0, 1]));
  tracks.packets({ ...STREAM, baseIndex: 20 }, came(0, [1, 0, 1]));
  expect(writer.state.tracks.length).toBe(1);
  expect(writer.state.tracks[0]).toMatchObject({ audioFrom: 40, audioEnd: 92, audioFrames: 16, spanEnd: 12 });
});

test('a take that was killed anywhere is reopened, continued and closed', () => {
  const file = join(directory, 'a.jdat');
  const take = TakeFile.create(file, HEADER);
  const track = take.writer.track({
    player: 'ada',
    role: 'sent',
    from: 'ada',
    bits: 24,
    packetFrames: FRAMES,
    firstSample: 0,
    consent: CONSENT,
  });
  for (let i = 0; i < 5; i++)
    take.writer.sound(
      'audio',
      track,
      i * 50,
      Int32Array.from({ length: 50 }, (_, k) => i * 1000 + k),
    );
  take.abandon();
  const bytes = readFileSync(file);
  const headerBytes = bytes.indexOf(10) + 1;
  for (let size = headerBytes; size <= bytes.length; size += 37) {
    const torn = join(directory, `torn-${size}.jdat`);
    writeFileSync(torn, bytes);
    truncateSync(torn, size);
    const reopened = TakeFile.reopen(torn);
    if (!reopened.ok) throw new Error(reopened.message);
    const again = reopened.value.writer.track({
      player: 'ada',
      role: 'sent',
      from: 'ada',
      bits: 24,
      packetFrames: FRAMES,
      firstSample: 0,
      consent: CONSENT,
    });
    reopened.value.writer.sound('audio', again, 300, Int32Array.of(1, 2, 3));
    reopened.value.finish();
    const read = readTakeFile(torn, { sound: true });
    if (!read.ok) throw new Error(read.message);
    expect(read.value).toMatchObject({ tornBytes: 0, state: { isEnded: true } });
    expect(read.value.state.tracks[0]?.audioEnd).toBe(303);
  }
});

test('a file cut off before its first line is over is refused, as no take', () => {
  const file = join(directory, 'empty.jdat');
  writeFileSync(file, '{"jdat":2');
  expect(TakeFile.reopen(file)).toMatchObject({ ok: false, code: 'take-empty' });
});

test('a writer that does not keep up loses sound, counted, and the engine neither waits nor grows', () => {
  const posted: TapeMessage[] = [];
  const port = { post: (message: TapeMessage) => void posted.push(message), done: 0 };
  const tape = new RoomTape(
    { directory, file: 'ada.jdat', room: 'attic', player: 'ada', packetFrames: FRAMES, consent: CONSENT },
    port,
  );
  for (let i = 0; i < TAPE_WAITING_MAX + 5; i++) tape.ear('x.wav', new Int16Array(1));
  expect(posted.length).toBe(TAPE_WAITING_MAX);
  expect(tape.dropped).toBe(5);
  port.done = 1;
  tape.ear('x.wav', new Int16Array(1));
  expect(posted.length).toBe(TAPE_WAITING_MAX + 1);
});

test('a WAV file written to any places holds silence between them', () => {
  const wav = new WavFile(join(directory, 'x.wav'), { sampleRateHz: 48_000, bits: 24 });
  wav.write(Int32Array.of(8_388_607, -1), 3);
  wav.write(Int32Array.of(-8_388_608), 0);
  wav.close(7);
  const decoded = decodeWav(readFileSync(wav.file));
  if (!decoded.ok) throw new Error(decoded.message);
  const samples = [...(decoded.value.channels[0] ?? [])].map((sample) => sample * 2 ** 23);
  expect(samples).toEqual([-8_388_608, 0, 0, 8_388_607, -1, 0, 0]);
});
