import { interpolate, interpolationGain } from './interpolate.ts';
import type { RepairSpan } from './repair.ts';
import { LIKE_MARGIN_FRAMES, type Like } from './repair-likeness.ts';

/** Samples on each side whose prediction errors, across the filled hole, tell how good a fill is. */
export const NOISE_FRAMES = 384;
/** Round numbers near the best of the developer files; twice or half of each costs less than 0.1 dB. */
const LIKENESS_ODDS = 2;
const LIKE_ERROR_FACTOR = 3;
const SHRINK = 0.1;
const FAINT = 1e-12;

/** One model's fill. */
export interface Fill {
  readonly samples: Float64Array;
  /** Expected mean squared error, by the model; 0, which leaves the fill as it is, where no like was found. */
  readonly error: number;
}

/**
 * The model's fill that stands in `signal`, mixed with the like of the hole bent by the same model to meet both sides
 * (the fill of the difference, added): each by the inverse of the prediction errors beside the hole that it leaves.
 * Weights are ratios alone: no logarithm, whose last bit differs between engines, and no branch that it could turn.
 */
export function fillByLikeness(
  signal: Float64Array,
  span: RepairSpan,
  a: Float64Array,
  like: Like | null,
): Fill {
  const { atSample, frames } = span;
  const plain = signal.slice(atSample, atSample + frames);
  if (like === null) return { samples: plain, error: 0 };
  const around = withMargins(signal, span);
  const noise = noiseAround(around, frames, a);
  const gain = interpolationGain(frames, a);
  for (let i = 0; i < around.length; i++) around[i] = (around[i] ?? 0) - (like.samples[i] ?? 0);
  interpolate(around, LIKE_MARGIN_FRAMES, frames, a);
  const bentNoise = noiseAround(around, frames, a);
  const weight = noise / (noise + bentNoise / LIKENESS_ODDS + FAINT);
  for (let i = 0; i < frames; i++) {
    const bent = (around[LIKE_MARGIN_FRAMES + i] ?? 0) + (like.samples[LIKE_MARGIN_FRAMES + i] ?? 0);
    plain[i] = (plain[i] ?? 0) + weight * (bent - (plain[i] ?? 0));
  }
  return { samples: plain, error: Math.min(noise, bentNoise) * gain };
}

/** The mean of the fills; towards the like itself, and towards silence, the more error they are expected to have. */
export function mixFills(fills: readonly Fill[], like: Like | null, frames: number): Float64Array {
  const error = fills.reduce((sum, fill) => sum + fill.error, 0) / fills.length;
  const likeShare = like === null ? 0 : error / (error + LIKE_ERROR_FACTOR * like.error + FAINT);
  const mixed = new Float64Array(frames);
  let energy = FAINT * frames;
  for (let i = 0; i < frames; i++) {
    let sum = 0;
    for (const { samples } of fills) sum += samples[i] ?? 0;
    const mean = sum / fills.length;
    mixed[i] = mean + likeShare * ((like?.samples[LIKE_MARGIN_FRAMES + i] ?? 0) - mean);
    energy += (mixed[i] ?? 0) ** 2;
  }
  const level = energy / (energy + SHRINK * error * frames);
  return mixed.map((sample) => level * sample);
}

function withMargins(signal: Float64Array, { atSample, frames }: RepairSpan): Float64Array {
  const around = new Float64Array(frames + 2 * LIKE_MARGIN_FRAMES);
  for (let i = 0; i < around.length; i++) around[i] = signal[atSample - LIKE_MARGIN_FRAMES + i] ?? 0;
  return around;
}

/** Mean squared prediction error, forwards behind the hole and backwards before it. */
function noiseAround(around: Float64Array, frames: number, a: Float64Array): number {
  const end = LIKE_MARGIN_FRAMES + frames;
  let energy = 0;
  for (let i = 0; i < NOISE_FRAMES; i++) {
    let forward = 0;
    let backward = 0;
    for (let k = 0; k < a.length; k++) {
      forward += (a[k] ?? 0) * (around[end + i - k] ?? 0);
      backward += (a[k] ?? 0) * (around[LIKE_MARGIN_FRAMES - 1 - i + k] ?? 0);
    }
    energy += forward * forward + backward * backward;
  }
  return energy / (2 * NOISE_FRAMES);
}
