import { Ring } from '@jamnet/base';
import { decodeWav, type TapeMessage, toIntegers } from '@jamnet/jdat';
import { CONSENT, type HoleFiller, type RoomMember, type StreamReceiver } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { writeTrackWav } from './export-track.ts';
import { NotingFiller } from './noting-filler.ts';
import { readTake } from './open-take.ts';
import { RECORDING_LIMITS } from './recording-limits.ts';
import { RoomRecorder } from './room-recorder.ts';
import { TapeWriter } from './tape-writer.ts';
import { MemoryFile } from './testing/memory-file.ts';

const FRAMES = 64;
const BASE = 20;
const FILL = 0.25;

const constantFiller: HoleFiller = {
  receive: (packet, out) => out.set(packet),
  conceal: (out) => void out.fill(FILL),
};

const sampleOf = (index: number, i: number): number => ((index * 131 + i * 7) % 60_000) - 30_000;

/** A stream as TOAST's receiver shows it: packets arrive and are pulled as a test says. */
class ScriptedStream {
  readonly member: RoomMember;
  readonly fresh = new Ring<number>(8_192);
  readonly counters = { recovered: 0 };
  readonly baseIndex = BASE;
  readonly filler: NotingFiller;
  newest = -1;
  lastIndex = -1;
  readonly #came = new Set<number>();
  readonly #out = new Float32Array(FRAMES);

  constructor(player: string, consent: number) {
    // What recorders look at; the rest of a member is the relay's.
    this.member = { player, consent, joinId: player } as RoomMember;
    this.filler = new NotingFiller(this as unknown as StreamReceiver, constantFiller);
  }

  get receiver(): this {
    return this;
  }

  arrive(index: number): void {
    this.#came.add(index);
    this.fresh.push(index);
    this.newest = Math.max(this.newest, index);
  }

  copy16(index: number, out: Int16Array): boolean {
    if (!this.#came.has(index)) return false;
    for (let i = 0; i < out.length; i++) out[i] = sampleOf(index, i);
    return true;
  }

  pull(index: number, how: 'own' | 'copy' | 'nothing'): void {
    this.lastIndex = index;
    if (how === 'copy') this.counters.recovered++;
    if (how === 'nothing') this.filler.conceal(this.#out);
    else this.filler.receive(this.#out, this.#out);
  }
}

function recording(consent: number, onMessage: (message: TapeMessage) => void = () => undefined) {
  const file = new MemoryFile();
  const writer = new TapeWriter(file);
  const port = {
    done: 0,
    post(message: TapeMessage): void {
      onMessage(message);
      writer.take(message);
      this.done++;
    },
  };
  const recorder = new RoomRecorder(
    { room: 'attic', player: 'Ada', packetFrames: FRAMES, consent, startedAtUs: 7 },
    port,
  );
  return { file, writer, recorder, port };
}

function tracksOf(file: MemoryFile) {
  const read = readTake(file, { sound: true });
  if (!read.ok) throw new Error(read.message);
  return read.value.state.tracks;
}

/** A track as exported, cut at the take's first sound. */
function soundOf(file: MemoryFile, track: number): readonly number[] {
  const out = new MemoryFile();
  const written = writeTrackWav(file, track, out, () => undefined);
  if (!written.ok) throw new Error(written.message);
  const wav = decodeWav(out.bytes);
  return wav.ok ? [...toIntegers(wav.value.channels[0] ?? new Float32Array(0), 16)] : [];
}

const packet = (index: number): number[] => Array.from({ length: FRAMES }, (_, i) => sampleOf(index, i));

test('a recording begun in the middle has every packet from the one that the ear takes next, with what became of each', () => {
  const { file, recorder } = recording(0);
  const bo = new ScriptedStream('Bo', CONSENT.record);
  // A long while nobody records; three packets lie in the buffer when somebody begins.
  for (let index = 0; index < 3_000; index++) bo.arrive(index);
  for (let index = 0; index < 2_997; index++) bo.pull(index, 'own');
  const lost = new Set([3_001, 3_500]);
  const late = 3_600;
  for (let index = 3_000; index < 5_000; index++) {
    if (!lost.has(index) && index !== late) bo.arrive(index);
    if (index === late + 5) bo.arrive(late);
    recorder.follow([bo]);
    const ear = index - 3;
    bo.pull(ear, lost.has(ear) || ear === late ? 'nothing' : ear === 3_100 ? 'copy' : 'own');
  }
  recorder.end();
  const [track, ...others] = tracksOf(file);
  expect(others).toEqual([]);
  expect(track?.track).toMatchObject({ role: 'heard', from: 'Bo', firstSample: (BASE + 2_997) * FRAMES });
  expect(track?.packets).toEqual({ concealed: 2, recovered: 1, late: 1 });
  const filled = new Array<number>(FRAMES).fill(FILL * 32_768);
  const expected: number[] = [];
  for (let index = 2_997; index < 4_997; index++)
    expected.push(...(lost.has(index) ? filled : packet(index)));
  expect(soundOf(file, 0)).toEqual(expected);
});

test('what comes after the ear has run ahead and gone back is on the tape: the sender’s card stood still', () => {
  const { file, recorder } = recording(0);
  const bo = new ScriptedStream('Bo', CONSENT.record);
  const heard = (from: number, to: number, how: 'own' | 'nothing'): void => {
    for (let index = from; index < to; index++) {
      if (how === 'own') bo.arrive(index);
      recorder.follow([bo]);
      bo.pull(index, how);
    }
  };
  heard(0, 600, 'own');
  // Five seconds without a packet, through which the ear goes on; then the next packet comes, and the ear goes back to it.
  heard(600, 600 + 3_750, 'nothing');
  heard(600, 600 + 5_000, 'own');
  recorder.end();
  const [track] = tracksOf(file);
  expect(track?.audioFrames).toBe(5_600 * FRAMES);
  expect(soundOf(file, 0)).toEqual(Array.from({ length: 5_600 }, (_, index) => packet(index)).flat());
});

test('who has not agreed is on no tape: neither others nor oneself', () => {
  const { file, recorder, writer } = recording(0, (message) =>
    expect(['begin', 'beats', 'end']).toContain(message.type),
  );
  const bo = new ScriptedStream('Bo', 0);
  for (let index = 0; index < 2_000; index++) {
    bo.arrive(index);
    recorder.follow([bo]);
    bo.pull(index, 'own');
    recorder.sent(new Int16Array(FRAMES).fill(5), BASE + index);
  }
  expect(recorder.report().heard).toEqual([]);
  recorder.end();
  expect(writer.isEmpty).toBe(true);
  expect(file.bytes.length).toBe(0);
});

test('the own sound is on the tape as it was sent, at its place on the room’s timeline', () => {
  const { file, recorder } = recording(CONSENT.record | CONSENT.train);
  for (let index = 0; index < 700; index++) recorder.sent(Int16Array.from(packet(index)), 90 + index);
  recorder.end();
  const [own] = tracksOf(file);
  expect(own?.track).toMatchObject({ role: 'sent', from: 'Ada', player: 'Ada', firstSample: 90 * FRAMES });
  expect(own?.track.consent).toEqual({ record: true, train: true, strangers: false });
  expect(own?.audioFrom).toBe(90 * FRAMES);
  expect(soundOf(file, 0)).toEqual(Array.from({ length: 700 }, (_, index) => packet(index)).flat());
});

test('a player who comes back goes on in the same track', () => {
  const { file, recorder } = recording(0);
  const first = new ScriptedStream('Bo', CONSENT.record);
  for (let index = 0; index < 10; index++) {
    first.arrive(index);
    recorder.follow([first]);
    first.pull(index, 'own');
  }
  recorder.forget(first);
  const second = new ScriptedStream('Bo', CONSENT.record);
  Object.defineProperty(second, 'baseIndex', { value: BASE + 100 });
  for (let index = 0; index < 10; index++) {
    second.arrive(index);
    recorder.follow([second]);
    second.pull(index, 'own');
  }
  recorder.end();
  const tracks = tracksOf(file);
  expect(tracks.map(({ audioFrames }) => audioFrames)).toEqual([20 * FRAMES]);
});

test('a disk that does not keep up costs sound, which is counted, and no memory beyond the limit', () => {
  const { recorder, port } = recording(CONSENT.record);
  // The writer does nothing any more.
  let waiting = 0;
  port.post = () => waiting++;
  for (let index = 0; index < 256 * (RECORDING_LIMITS.waitingBlocks + 10); index++)
    recorder.sent(new Int16Array(FRAMES), index);
  expect(waiting).toBeLessThanOrEqual(RECORDING_LIMITS.waitingBlocks);
  expect(recorder.report().droppedBlocks).toBeGreaterThanOrEqual(10);
});

test('a recording is full after its seconds', () => {
  const { recorder } = recording(0);
  const packets = (RECORDING_LIMITS.seconds * 48_000) / FRAMES;
  for (let i = 1; i < packets; i++) recorder.follow([]);
  expect(recorder.isFull).toBe(false);
  recorder.follow([]);
  expect(recorder.isFull).toBe(true);
});
