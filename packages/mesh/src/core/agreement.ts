/** How closely a host's chunk must agree with the re-run. */
export type Tolerance =
  | { readonly rule: 'exact' }
  /** Little-endian float32 samples; `decibelMin` is the least signal-to-noise ratio. 110 dB for fp32 kernels (DESIGN §8). */
  | { readonly rule: 'snr'; readonly decibelMin: number };

/** What a re-run found about one chunk. */
export interface Agreement {
  readonly chunk: number;
  readonly equal: boolean;
  /** Signal-to-noise ratio in thousandths of a decibel, clipped to ±400 dB; `null` where bytes are compared exactly. */
  readonly milliDecibel: number | null;
}

const CLIP_MILLI_DECIBEL = 400_000;

/** Compares one chunk with its re-run. Lengths that differ, NaN and infinity count as no agreement at all. */
export function compareChunk(
  tolerance: Tolerance,
  chunk: number,
  truth: Uint8Array,
  claimed: Uint8Array,
): Agreement {
  const equal = sameBytes(truth, claimed);
  if (tolerance.rule === 'exact') return { chunk, equal, milliDecibel: null };
  if (equal) return { chunk, equal, milliDecibel: CLIP_MILLI_DECIBEL };
  return { chunk, equal, milliDecibel: signalToNoise(truth, claimed) };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** 10·log10(Σ truth² / Σ (claimed − truth)²), in milli-decibels. */
function signalToNoise(truth: Uint8Array, claimed: Uint8Array): number {
  if (truth.length !== claimed.length || truth.length % 4 !== 0) return -CLIP_MILLI_DECIBEL;
  const a = new DataView(truth.buffer, truth.byteOffset, truth.byteLength);
  const b = new DataView(claimed.buffer, claimed.byteOffset, claimed.byteLength);
  let signal = 0;
  let noise = 0;
  for (let offset = 0; offset < truth.length; offset += 4) {
    const x = a.getFloat32(offset, true);
    const difference = b.getFloat32(offset, true) - x;
    signal += x * x;
    noise += difference * difference;
  }
  if (!Number.isFinite(noise)) return -CLIP_MILLI_DECIBEL;
  if (noise === 0) return CLIP_MILLI_DECIBEL;
  const ratio = Math.round(10_000 * Math.log10(signal / noise));
  return Math.max(-CLIP_MILLI_DECIBEL, Math.min(CLIP_MILLI_DECIBEL, ratio));
}

/** `precision`: below the gate, yet no guess: the host computes in fp16 or the like (60 dB and up, anchor figures: fp16 94, int8 69… 48). */
export type ChunkVerdict = 'agrees' | 'precision' | 'fake';

/** Below this a float chunk cannot come from honest half-precision arithmetic (measured: fp16 94 dB). */
export const PRECISION_FLOOR_MILLI_DECIBEL = 60_000;

export function chunkVerdict(tolerance: Tolerance, agreement: Agreement): ChunkVerdict {
  if (agreement.equal) return 'agrees';
  if (tolerance.rule === 'exact' || agreement.milliDecibel === null) return 'fake';
  if (agreement.milliDecibel >= tolerance.decibelMin * 1000) return 'agrees';
  return agreement.milliDecibel >= PRECISION_FLOOR_MILLI_DECIBEL ? 'precision' : 'fake';
}
