/** Momentary block of ITU-R BS.1770-5 annex 1: 400 ms, a new one each 100 ms. */
const BLOCK_SECONDS = 0.4;
const HOP_SECONDS = 0.1;
/** Constant of BS.1770 that makes a 997 Hz sine of full scale in one front channel measure −3.01 LKFS. */
const OFFSET_LU = -0.691;
/** Blocks below are silence (absolute gate of BS.1770). */
const ABSOLUTE_GATE_LUFS = -70;
/** Blocks so far below the rest are pauses (relative gate of BS.1770). */
const RELATIVE_GATE_LU = -10;

/**
 * Integrated loudness of one channel, full scale ±1, in LUFS, as ITU-R BS.1770-5 and EBU R 128 have it: K-weighting, blocks of
 * 400 ms, absolute and relative gate. What is shorter than a block is one block. `null`: nothing is above the absolute gate.
 */
export function integratedLufs(samples: Float32Array, rateHz: number): number | null {
  const powers = blockPowers(kWeighted(samples, rateHz), rateHz);
  const audible = powers.filter((power) => lufsOf(power) > ABSOLUTE_GATE_LUFS);
  if (audible.length === 0) return null;
  const gate = lufsOf(mean(audible)) + RELATIVE_GATE_LU;
  return lufsOf(mean(audible.filter((power) => lufsOf(power) > gate)));
}

/** Gains, at most 1, that bring all to the loudness of the quietest; silence, and what is alone, stays as it is. */
export function matchingGains(lufs: readonly (number | null)[]): number[] {
  const least = Math.min(...lufs.filter((each) => each !== null));
  return lufs.map((each) => (each === null ? 1 : 10 ** ((least - each) / 20)));
}

/** The signal as a head hears it: shelf of +4 dB above 1.7 kHz, high-pass at 38 Hz (BS.1770 annex 1, figures 2 and 4). */
function kWeighted(samples: Float32Array, rateHz: number): Float64Array {
  return filtered(filtered(Float64Array.from(samples), shelf(rateHz)), highPass(rateHz));
}

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/*
 * BS.1770 tabulates both filters for 48 kHz only. Their analogue prototypes, from which the bilinear transform gives the table back
 * and any other rate its own, are those of libebur128 (src/ebur128.c, ebur128_init_filter), after Brecht De Man, "Evaluation of
 * Implementations of the EBU R128 Loudness Measurement", AES 2018.
 */

function shelf(rateHz: number): Biquad {
  const [frequencyHz, gainDb, q] = [1681.974450955533, 3.999843853973347, 0.7071752369554196];
  const k = Math.tan((Math.PI * frequencyHz) / rateHz);
  const high = 10 ** (gainDb / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b: [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  };
}

function highPass(rateHz: number): Biquad {
  const { k, a0, q } = highPassTerms(rateHz);
  // The table has 1, −2, 1 at 48 kHz, which is a little more than the transform gives: by as much at every rate.
  const b = highPassTerms(48_000).a0 / a0;
  return { b: [b, -2 * b, b], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] };
}

function highPassTerms(rateHz: number): { readonly k: number; readonly a0: number; readonly q: number } {
  const [frequencyHz, q] = [38.13547087602444, 0.5003270373238773];
  const k = Math.tan((Math.PI * frequencyHz) / rateHz);
  return { k, a0: 1 + k / q + k * k, q };
}

/** Both filters' coefficients at a rate: the standard has a table for 48 kHz. */
export function kWeightingAt(rateHz: number): { readonly shelf: Biquad; readonly highPass: Biquad } {
  return { shelf: shelf(rateHz), highPass: highPass(rateHz) };
}

function filtered(input: Float64Array, { b, a }: Biquad): Float64Array {
  const output = new Float64Array(input.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < input.length; i++) {
    const x = input[i] ?? 0;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    output[i] = y;
  }
  return output;
}

/** Mean square of each block; of all of it where it is no longer than one. */
function blockPowers(signal: Float64Array, rateHz: number): number[] {
  const block = Math.min(signal.length, Math.round(BLOCK_SECONDS * rateHz));
  const hop = Math.round(HOP_SECONDS * rateHz);
  if (block === 0) return [];
  const powers: number[] = [];
  for (let start = 0; start + block <= signal.length; start += hop) {
    let sum = 0;
    for (let i = start; i < start + block; i++) sum += (signal[i] ?? 0) ** 2;
    powers.push(sum / block);
  }
  return powers;
}

function lufsOf(power: number): number {
  return OFFSET_LU + 10 * Math.log10(power);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
