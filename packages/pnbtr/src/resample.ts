import { assert } from '@jamnet/base';
import { kaiserFilter } from './kaiser-filter.ts';

/** Zero crossings of the sinc on each side at the lower of the two rates: a transition band of 8 % for 110 dB. */
const CROSSINGS = 48;

/**
 * A whole signal at another rate, without delay: sample 0 stays at time 0. Polyphase windowed sinc, aliases at
 * least 100 dB down below 0.45 of the lower rate. Rates are whole Hz; equal rates give a copy.
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  assert(Number.isInteger(fromHz) && Number.isInteger(toHz) && fromHz > 0 && toHz > 0, 'rates in whole Hz');
  if (fromHz === toHz) return samples.slice();
  const common = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / common;
  const down = fromHz / common;
  const ratio = Math.min(1, toHz / fromHz);
  const taps = 2 * Math.ceil(CROSSINGS / ratio);
  const { rows } = kaiserFilter(taps, up, 0.5 * ratio * PASS_BAND);
  const out = new Float32Array(Math.ceil((samples.length * up) / down));
  for (let i = 0; i < out.length; i++) {
    const position = i * down;
    const phase = position % up;
    const first = (position - phase) / up - (taps / 2 - 1);
    out[i] = weighted(samples, first, rows, phase * taps, taps);
  }
  return out;
}

/** Pass-band edge as a part of the lower Nyquist frequency, leaving the filter's transition below the aliases. */
const PASS_BAND = 0.955;

function weighted(
  samples: Float32Array,
  first: number,
  rows: Float64Array,
  row: number,
  taps: number,
): number {
  let sum = 0;
  const from = Math.max(0, -first);
  const to = Math.min(taps, samples.length - first);
  for (let tap = from; tap < to; tap++) sum += (rows[row + tap] ?? 0) * (samples[first + tap] ?? 0);
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
