import { createCipheriv, createHmac } from 'node:crypto';

/** Longest stretch that is left out at the start, or at the end, of all sides of a pair. */
const TRIM_SECONDS_MAX = 0.01;
/** Largest change of level, up or down: a fifth of what listeners notice (about 0.5 dB, Moore, An Introduction to the Psychology of Hearing). */
const GAIN_DB_MAX = 0.1;
/** One step of the 16-bit file that a side is sent as. */
const STEP = 1 / 32_768;

/** What one side of one pair is rendered with. */
export interface Rendering {
  /** 32 secret bytes of the studio. */
  readonly secret: Uint8Array;
  readonly pair: string;
  readonly side: string;
  readonly sampleRateHz: number;
}

/** Samples that every side of a pair loses. */
export function trimmedSamples(sampleRateHz: number): number {
  return Math.floor(TRIM_SECONDS_MAX * sampleRateHz);
}

/**
 * A version as one listener hears it on one side: its own level and dither on each side (triangular, two steps wide), its own start in
 * each pair, the same for all sides so that switching stays in time. No two files are alike in their bytes, also of the same version:
 * comparing files tells neither what X is nor which pairs have a known answer. The same side gives the same bytes again.
 * Who subtracts the sounds from each other after aligning them still can tell; that takes analysis, not comparison.
 */
export function renderSide(
  samples: Float32Array,
  { secret, pair, side, sampleRateHz }: Rendering,
): Float32Array {
  const trim = trimmedSamples(sampleRateHz);
  const start = drawn(secret, `start ${pair}`, 4).readUInt32LE() % (trim + 1);
  const rendered = samples.slice(start, start + Math.max(0, samples.length - trim));
  const draws = drawn(secret, `side ${pair} ${side}`, 4 + 2 * rendered.length);
  const gain = 10 ** ((GAIN_DB_MAX * (draws.readInt32LE() / 2 ** 31)) / 20);
  for (let i = 0; i < rendered.length; i++) {
    const dither = ((draws[4 + 2 * i] ?? 0) - (draws[5 + 2 * i] ?? 0)) / 256;
    rendered[i] = Math.max(-1, Math.min(1, gain * (rendered[i] ?? 0) + STEP * dither));
  }
  return rendered;
}

/** Bytes that nobody without the secret can foresee: AES in counter mode under a key for this purpose alone. */
function drawn(secret: Uint8Array, purpose: string, bytes: number): Buffer {
  const key = createHmac('sha256', secret).update(`jamnet/rendered-side/v1\0${purpose}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
