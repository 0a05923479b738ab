import { ok, type Result, refuse } from '@jamnet/base';
import { chunkRange } from '@jamnet/mesh/chunks';
import { CHUNK_COUNT, type Kernel, type KernelCode } from './kernel.ts';

/** A product of two int32 matrices drawn from a seed, `rounds` times over: the same integers on every device. */
export interface RingerInput {
  readonly seed: number;
  /** Rows and columns, 8 … {@link RINGER_SIZE_MAX}. */
  readonly size: number;
  /** 1 … {@link RINGER_ROUNDS_MAX}: each round multiplies the last result's rows by the second matrix. */
  readonly rounds: number;
}

export const RINGER_SIZE_MAX = 512;
export const RINGER_ROUNDS_MAX = 256;

/** Little-endian: u32 seed, u32 size, u32 rounds. */
export function encodeRingerInput(input: RingerInput): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, input.seed, true);
  view.setUint32(4, input.size, true);
  view.setUint32(8, input.rounds, true);
  return bytes;
}

function decode(bytes: Uint8Array): Result<RingerInput, KernelCode> {
  if (bytes.length !== 12) return refuse('input-malformed', 'bench.ringer: the input has 12 bytes.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [seed, size, rounds] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
  if (size < 8 || size > RINGER_SIZE_MAX)
    return refuse('input-malformed', `bench.ringer: size 8 to ${RINGER_SIZE_MAX}.`);
  if (rounds < 1 || rounds > RINGER_ROUNDS_MAX)
    return refuse('input-malformed', `bench.ringer: 1 to ${RINGER_ROUNDS_MAX} rounds.`);
  return ok({ seed, size, rounds });
}

/** Exact integer work: rounds · 2 · size³ operations. A re-check of one chunk computes only the rows it needs. */
export const benchRinger: Kernel = {
  kind: 'bench.ringer',
  version: 1,
  operations(bytes) {
    const input = decode(bytes);
    if (!input.ok) return input;
    const { size, rounds } = input.value;
    return ok(2n * BigInt(rounds) * BigInt(size) ** 3n);
  },
  run(bytes) {
    const input = decode(bytes);
    return input.ok ? ok(rowsOf(input.value, 0, input.value.size)) : input;
  },
  runChunk(bytes, chunk) {
    const input = decode(bytes);
    if (!input.ok) return input;
    const { size } = input.value;
    const { start, end } = chunkRange(4 * size * size, CHUNK_COUNT, chunk);
    const firstRow = Math.floor(start / (4 * size));
    const rows = rowsOf(input.value, firstRow, Math.ceil(end / (4 * size)));
    return ok(rows.subarray(start - 4 * size * firstRow, end - 4 * size * firstRow));
  },
};

/** Rows [from, to) of A·Bʳ modulo 2³²; rows do not depend on each other. */
function rowsOf({ seed, size, rounds }: RingerInput, from: number, to: number): Uint8Array {
  const right = matrix(seed ^ 0x5bd1e995, size);
  let rows = matrix(seed, size).subarray(from * size, to * size);
  for (let round = 0; round < rounds; round++) rows = multiply(rows, right, size);
  const bytes = new Uint8Array(4 * rows.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < rows.length; index++) view.setInt32(4 * index, rows[index] ?? 0, true);
  return bytes;
}

function multiply(rows: Int32Array, right: Int32Array, size: number): Int32Array {
  const product = new Int32Array(rows.length);
  for (let row = 0; row < rows.length; row += size) {
    for (let k = 0; k < size; k++) {
      const factor = rows[row + k] ?? 0;
      for (let column = 0; column < size; column++) {
        const at = row + column;
        product[at] = ((product[at] ?? 0) + Math.imul(factor, right[k * size + column] ?? 0)) | 0;
      }
    }
  }
  return product;
}

/** xorshift32 (Marsaglia 2003, triple 13, 17, 5), never from state 0. */
function matrix(seed: number, size: number): Int32Array {
  let state = seed | 0 || 1;
  return Int32Array.from({ length: size * size }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
}
