import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { StreamReceiver } from '../peer/stream-receiver.ts';
import { MEMBER } from '../testing/member.ts';
import { AudioBodyReader } from '../wire/audio-body.ts';
import { AudioWriter } from './audio-writer.ts';
import { codedPlan, copiesPlan, type RedundancyPlan } from './redundancy-plan.ts';

const FRAMES = 16;

/** Multiplication in GF(2⁸) by shifts and the polynomial 0x11D alone. */
function times(a: number, b: number): number {
  let sum = 0;
  for (let shifted = a, left = b; left > 0; left >>= 1) {
    if (left & 1) sum ^= shifted;
    shifted = (shifted << 1) ^ (shifted & 128 ? 0x11d : 0);
  }
  return sum & 255;
}

function over(a: number): number {
  for (let b = 1; b < 256; b++) if (times(a, b) === 1) return b;
  throw new Error('0 has no inverse');
}

/** SPEC.md §4: what packet p weighs in symbol j of datagram s. */
function weight(s: number, j: number, p: number): number {
  return over((128 + ((4 * (s % 32) + j) % 128)) ^ (p % 128));
}

/**
 * Which packets the datagrams that came determine, by elimination over all equations at once: a packet is determined
 * exactly when its unit vector lies in their row space.
 */
function determined(plan: RedundancyPlan, packets: number, came: readonly number[]): Set<number> {
  const rows: Uint8Array[] = [];
  const unit = (index: number): Uint8Array => {
    const row = new Uint8Array(packets);
    row[index] = 1;
    return row;
  };
  for (const s of came) {
    const covered = plan.offsets.map((offset) => s - offset).filter((index) => index >= 0);
    rows.push(unit(s));
    if (plan.scheme === 'copies') for (const index of covered) rows.push(unit(index));
    else
      for (let j = 0; j < Math.min(plan.symbols, covered.length); j++) {
        const row = new Uint8Array(packets);
        for (const index of covered) row[index] = weight(s, j, index);
        rows.push(row);
      }
  }
  let rank = 0;
  for (let column = 0; column < packets; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && row[column] !== 0);
    if (pivot < 0) continue;
    const found = rows[pivot] ?? new Uint8Array();
    rows[pivot] = rows[rank] ?? new Uint8Array();
    rows[rank] = found.map((factor) => times(factor, over(found[column] ?? 0)));
    for (let i = 0; i < rows.length; i++) {
      const factor = rows[i]?.[column] ?? 0;
      if (i === rank || factor === 0) continue;
      rows[i] = (rows[i] ?? new Uint8Array()).map((value, k) => value ^ times(factor, rows[rank]?.[k] ?? 0));
    }
    rank++;
  }
  // Fully reduced: a packet is determined when a row is its unit vector.
  const found = new Set<number>();
  for (const row of rows.slice(0, rank)) {
    const places = [...row.keys()].filter((index) => row[index] !== 0);
    if (places.length === 1) found.add(places[0] ?? -1);
  }
  return found;
}

const SCHEMES: readonly RedundancyPlan[] = [
  copiesPlan([1]),
  copiesPlan([2, 5, 7]),
  codedPlan(1, 4),
  codedPlan(2, 3),
  codedPlan(2, 6),
  codedPlan(3, 8),
  codedPlan(4, 12),
];

/** Share lost and mean run of what is lost, as the bench's rows have it; then heavier. */
const LINKS = [
  [0, 1],
  [0.01, 1],
  [0.05, 1],
  [0.02, 4],
  [0.2, 1],
  [0.3, 3],
] as const;

test.each(
  SCHEMES.map((plan) => [`${plan.scheme} ${plan.symbols} over ${plan.offsets.join(' ')}`, plan] as const),
)(
  '%s: under every loss and order of arrival the receiver has exactly the packets that the equations which came determine',
  (_, plan) => {
    for (const [loss, run] of LINKS)
      for (let seed = 0; seed < 6; seed++) expectExact(plan, loss, run, `${loss} ${run} ${seed}`);
  },
);

function expectExact(plan: RedundancyPlan, loss: number, run: number, seed: string): void {
  const packets = 48;
  const chance = seededChance(seed);
  const came: number[] = [];
  let isBad = false;
  for (let s = 0; s < packets; s++) {
    isBad = isBad ? chance.unit() >= 1 / run : chance.unit() < loss / ((1 - loss) * run);
    if (!isBad) came.push(s);
  }
  // Overtaken by as much as jitter of 5 ms does it with packets of 1.33 ms.
  const order = came
    .map((s) => ({ s, at: s + 6 * chance.unit() }))
    .sort((a, b) => a.at - b.at)
    .map((each) => each.s);
  const sent = Array.from({ length: packets }, () =>
    Int32Array.from({ length: FRAMES }, () => chance.below(65_536) - 32_768),
  );
  const bodies = bodiesOf(plan, sent);
  const receiver = new StreamReceiver(MEMBER, { packetFrames: FRAMES, reach: 0 });
  const body = new AudioBodyReader();
  for (const s of order) {
    const bytes = bodies[s] ?? new Uint8Array();
    expect(body.read(bytes)).toBe(0);
    receiver.put(s, s * FRAMES, body, bytes, 0, s);
  }
  const expected = determined(plan, packets, came);
  for (let index = 0; index < packets; index++)
    expect(receiver.integersOf(index)?.samples ?? null, `packet ${index} of ${seed}`).toEqual(
      expected.has(index) ? sent[index] : null,
    );
}

function bodiesOf(plan: RedundancyPlan, sent: readonly Int32Array[]): Uint8Array[] {
  const writer = new AudioWriter({ frames: FRAMES, sampleBytes: 2, mayPack: false });
  return sent.map((samples, s) => {
    writer.keep(s, samples);
    const bytes = new Uint8Array(1200);
    return bytes.slice(0, writer.write(bytes, s, s + 1, plan, 0));
  });
}
