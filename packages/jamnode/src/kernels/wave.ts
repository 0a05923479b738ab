import { ok, type Result, refuse } from '@jamnet/base';
import { chunkRange } from '@jamnet/mesh/chunks';
import { CHUNK_COUNT, type Kernel, type KernelCode } from './kernel.ts';

/** Samples of noise drawn from a seed: a float result of any size for little work, to load a coordinator with. */
export interface WaveInput {
  readonly seed: number;
  /** 8 … {@link WAVE_FRAMES_MAX}. */
  readonly frames: number;
}

export const WAVE_FRAMES_MAX = 65_536;

/** Little-endian: u32 seed, u32 frames. */
export function encodeWaveInput({ seed, frames }: WaveInput): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, seed, true);
  view.setUint32(4, frames, true);
  return bytes;
}

function decode(bytes: Uint8Array): Result<WaveInput, KernelCode> {
  if (bytes.length !== 8) return refuse('input-malformed', 'bench.wave: the input has 8 bytes.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames = view.getUint32(4, true);
  if (frames < 8 || frames > WAVE_FRAMES_MAX) {
    return refuse('input-malformed', `bench.wave: 8 to ${WAVE_FRAMES_MAX} frames.`);
  }
  return ok({ seed: view.getUint32(0, true), frames });
}

/** For `jamnet bench mesh`: each sample follows from seed and index alone, so one chunk costs an eighth. */
export const benchWave: Kernel = {
  kind: 'bench.wave',
  version: 1,
  operations(bytes) {
    const input = decode(bytes);
    return input.ok ? ok(8n * BigInt(input.value.frames)) : input;
  },
  run(bytes) {
    const input = decode(bytes);
    return input.ok ? ok(samples(input.value.seed, 0, input.value.frames)) : input;
  },
  runChunk(bytes, chunk) {
    const input = decode(bytes);
    if (!input.ok) return input;
    const { start, end } = chunkRange(4 * input.value.frames, CHUNK_COUNT, chunk);
    return ok(samples(input.value.seed, start / 4, end / 4));
  },
};

/** splitmix32 of seed and index, scaled to −1 … 1. */
function samples(seed: number, from: number, to: number): Uint8Array {
  const wave = new Float32Array(to - from);
  for (let index = from; index < to; index++) {
    let mixed = Math.imul(seed ^ (index * 0x9e3779b9), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    wave[index - from] = (mixed ^ (mixed >>> 16)) / 2_147_483_648;
  }
  const bytes = new Uint8Array(4 * wave.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < wave.length; index++) view.setFloat32(4 * index, wave[index] ?? 0, true);
  return bytes;
}
