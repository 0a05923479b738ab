import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { codedPlan, copiesPlan, type RedundancyPlan } from '../jellie/redundancy-plan.ts';
import { MEMBER } from '../testing/member.ts';
import { AudioBodyReader, READ } from '../wire/audio-body.ts';
import { StreamReceiver } from './stream-receiver.ts';

const FRAMES = 16;
const PACKET_US = (FRAMES / 48_000) * 1e6;

function packet(index: number): Int16Array {
  return new Int16Array(FRAMES).fill(1 + (index % 60));
}

/** Delivers datagram `sequence` with the copies that exist, `latenessPackets` packet times after its first sample. */
function deliver(
  stream: StreamReceiver,
  sequence: number,
  offsets: readonly number[],
  latenessPackets: number,
): void {
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  for (let index = Math.max(0, sequence - 64); index <= sequence; index++) writer.keep(index, packet(index));
  send(stream, writer, sequence, sequence + 1, copiesPlan(offsets), latenessPackets);
}

function send(
  stream: StreamReceiver,
  writer: AudioWriter,
  sequence: number,
  end: number,
  plan: RedundancyPlan,
  latenessPackets: number,
): void {
  const bytes = new Uint8Array(1200);
  const length = writer.write(bytes, sequence, end, plan, 0);
  const body = new AudioBodyReader();
  const plain = bytes.subarray(0, length);
  expect(body.read(plain)).toBe(READ.fine);
  stream.put(sequence, sequence * FRAMES, body, plain, 0, (sequence + latenessPackets) * PACKET_US);
}

test('any loss pattern: what any copy brought in time is played exactly, the rest is missing, and the counts agree', () => {
  const packets = 60;
  const offsets = [1, 3];
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: packets + 3, maxLength: packets + 3 }),
      fc.integer({ min: 3, max: 8 }),
      (drops, delay) => {
        const fixedDelayMs = (delay * PACKET_US) / 1000;
        const stream = new StreamReceiver(
          { ...MEMBER, packets },
          { packetFrames: FRAMES, reach: 3, fixedDelayMs },
        );
        const out = new Float32Array(FRAMES);
        const count = { own: 0, recovered: 0, missing: 0, hold: 0, idle: 0 };
        for (let period = 1; !stream.isOver; period++) {
          const sequence = period - 2;
          if (sequence >= 0 && drops[sequence] === false) deliver(stream, sequence, offsets, 1.1);
          const pull = stream.pull(period, out);
          count[pull]++;
          const index = stream.lastIndex;
          if (index < 0) continue;
          expect(index).toBe(period - delay);
          const copies = offsets.filter(
            (offset) => index + offset <= sequence && drops[index + offset] === false,
          );
          expect(pull).toBe(drops[index] === false ? 'own' : copies.length > 0 ? 'recovered' : 'missing');
          if (pull !== 'missing') expect(out[0]).toBe((1 + index) / 32768);
        }
        expect(count.own + count.recovered + count.missing).toBe(packets);
        expect(stream.counters).toMatchObject({
          packets,
          recovered: count.recovered,
          concealed: count.missing,
          held: 0,
        });
      },
    ),
  );
});

test('a packet that comes too late for the ear is counted late and kept for the take', () => {
  const stream = new StreamReceiver(MEMBER, {
    packetFrames: FRAMES,
    reach: 0,
    fixedDelayMs: (2 * PACKET_US) / 1000,
  });
  const out = new Float32Array(FRAMES);
  deliver(stream, 0, [], 1.1);
  for (let period = 1; period <= 4; period++) stream.pull(period, out);
  deliver(stream, 1, [], 5);
  expect(stream.counters).toMatchObject({ packets: 3, concealed: 2, late: 1 });
  expect([stream.fresh.shift(), stream.fresh.shift(), stream.fresh.shift()]).toEqual([0, 1, undefined]);
  expect(stream.samplesOf(1)).toEqual(packet(1));
});

test('an unfixed delay grows to what late packets needed, and shrinks again at a quiet place', () => {
  const stream = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: 0 });
  const out = new Float32Array(FRAMES);
  const lateBy = (sequence: number): number => (sequence < 1500 ? 6.5 : 1.1);
  const pending = new Map<number, number[]>();
  let missingOnceGrown = 0;
  let grown = 0;
  for (let period = 1; period < 40_000; period++) {
    const due = Math.ceil(period - 1 + lateBy(period - 1));
    pending.set(due, [...(pending.get(due) ?? []), period - 1]);
    for (const sequence of pending.get(period) ?? []) deliver(stream, sequence, [], lateBy(sequence));
    pending.delete(period);
    const pull = stream.pull(period, out);
    if (period > 500 && pull === 'missing') missingOnceGrown++;
    if (period === 1400) grown = stream.delayPackets;
  }
  expect(grown).toBeGreaterThanOrEqual(7);
  expect(grown).toBeLessThanOrEqual(9);
  expect(missingOnceGrown).toBe(0);
  expect(stream.delayPackets).toBeLessThanOrEqual(4);
});

test('coded redundancy: every burst that its symbols can bear is played exactly, with 24 bits too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 3, max: 12 }),
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom(2 as const, 3 as const),
      fc.boolean(),
      (symbols, depth, first, sampleBytes, mayPack) => {
        const plan = codedPlan(symbols, depth);
        const writer = new AudioWriter({ frames: FRAMES, sampleBytes, mayPack });
        const stream = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: depth });
        const wide = sampleBytes === 3 ? 250 : 1;
        // Any one datagram solves `symbols` packets, and a run can be made up while the window reaches back to it.
        const burst = Math.min(depth, symbols * Math.floor(depth / (symbols + 1)));
        const count = first + burst + depth;
        for (let sequence = 0; sequence < count; sequence++) {
          writer.keep(
            sequence,
            Int32Array.from(packet(sequence), (value, i) => value * wide + i),
          );
          if (sequence >= first && sequence < first + burst) continue;
          send(stream, writer, sequence, sequence + 1, plan, 1.1);
        }
        for (let index = 0; index < count; index++) {
          const expected = Int32Array.from(packet(index), (value, i) => value * wide + i);
          expect(stream.integersOf(index)).toEqual({ samples: expected, bits: 8 * sampleBytes });
        }
      },
    ),
  );
});

test('coded redundancy behind the end brings the last packets', () => {
  const plan = codedPlan(2, 4);
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  const stream = new StreamReceiver({ ...MEMBER, packets: 10 }, { packetFrames: FRAMES, reach: 4 });
  for (let sequence = 0; sequence < 10; sequence++) writer.keep(sequence, packet(sequence));
  for (const sequence of [0, 1, 2, 3, 4, 5, 6, 7, 10, 11]) send(stream, writer, sequence, 10, plan, 1.1);
  expect(stream.samplesOf(8)).toEqual(packet(8));
  expect(stream.samplesOf(9)).toEqual(packet(9));
});

test('a bandwidth cap leaves out the farthest copies, and packing makes room for them', () => {
  const bytes = new Uint8Array(1200);
  const body = new AudioBodyReader();
  const blocks = (mayPack: boolean): number => {
    const writer = new AudioWriter({ frames: 64, sampleBytes: 2, mayPack, bandwidthMax: 4.2 });
    for (let index = 0; index <= 6; index++)
      writer.keep(
        index,
        Int16Array.from({ length: 64 }, (_, i) => 9000 * Math.sin(0.13 * (64 * index + i))),
      );
    body.read(bytes.subarray(0, writer.write(bytes, 6, 7, copiesPlan([1, 2, 3, 4]), 0)));
    return body.blocks;
  };
  expect(blocks(false)).toBe(3);
  expect(blocks(true)).toBe(5);
});
