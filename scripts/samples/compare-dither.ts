/**
 * Tests the claim that prediction can take dither's place when a take is cut down to 16 bit: the shipped takes at two
 * levels, through four ways of rounding, as a table on standard output.
 *
 *   node scripts/samples/compare-dither.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Chance, seededChance } from '@jamnet/base';
import { decodeWav } from '../../packages/jdat/src/index.ts';
import { segmentBurg } from '../../packages/pnbtr/src/repair/segment-burg.ts';

/** Not powers of two: the takes are of 16 bit themselves, and at these levels their values lie anywhere between steps. */
const LEVELS_DB = [-20.3, -60.3];
const SECONDS_MAX = 4;
const ORDER = 32;
const CONTEXT_FRAMES = 2_048;
const BLOCK_FRAMES = 512;
/** Error of rounding, variance in steps². */
const ROUNDING = 1 / 12;
/** Noise shaping: Lipshitz, Vanderkooy, Wannamaker, "Minimally Audible Noise Shaping" (JAES 1991), five taps. */
const SHAPER = [2.033, -2.165, 1.959, -1.59, 0.6149];

type Method = (take: Float64Array, chance: Chance) => Float64Array;

/** Takes are in steps of 16 bit, and so is what comes back: whole numbers, but for the last method's receiver. */
const METHODS: Record<string, Method> = {
  'rounding alone': (take) => take.map(Math.round),
  'TPDF dither': (take, chance) => take.map((sample) => Math.round(sample + triangular(chance))),
  'TPDF + noise shaping': shaped,
  'rounding + prediction': (take) => predicted(take.map(Math.round)),
};

function triangular(chance: Chance): number {
  return (chance.uint32() - chance.uint32()) / 2 ** 32;
}

function shaped(take: Float64Array, chance: Chance): Float64Array {
  const errors = SHAPER.map(() => 0);
  return take.map((sample) => {
    const wanted = sample - SHAPER.reduce((sum, tap, i) => sum + tap * (errors[i] ?? 0), 0);
    const rounded = Math.round(wanted + triangular(chance));
    errors.unshift(rounded - wanted);
    errors.pop();
    return rounded;
  });
}

/**
 * A receiver that knows the rounded take alone: linear prediction from what it has restored, weighed against the step
 * by the variances of both, and held inside half a step. Deterministic, adds no noise.
 */
function predicted(rounded: Float64Array): Float64Array {
  const out = rounded.slice();
  for (let start = CONTEXT_FRAMES; start < rounded.length; start += BLOCK_FRAMES) {
    const a = segmentBurg(out, [{ start: start - CONTEXT_FRAMES, end: start }], ORDER);
    let squares = 0;
    for (let n = start - CONTEXT_FRAMES + ORDER; n < start; n++)
      squares += ((rounded[n] ?? 0) - forecastAt(out, n, a)) ** 2;
    const variance = Math.max(1e-3, squares / (CONTEXT_FRAMES - ORDER) - ROUNDING);
    for (let n = start; n < Math.min(start + BLOCK_FRAMES, rounded.length); n++) {
      const off = (forecastAt(out, n, a) - (rounded[n] ?? 0)) * (ROUNDING / (ROUNDING + variance));
      out[n] = (rounded[n] ?? 0) + Math.max(-0.5, Math.min(0.5, off));
    }
  }
  return out;
}

function forecastAt(x: Float64Array, n: number, a: Float64Array): number {
  let sum = 0;
  for (let k = 1; k < a.length; k++) sum -= (a[k] ?? 0) * (x[n - k] ?? 0);
  return sum;
}

interface Figures {
  /** Error, all frequencies alike and weighted by the threshold of hearing, dB against full scale (power of a full-scale square wave). */
  readonly errorDb: number;
  readonly weightedDb: number;
  /** Share of the error's power that follows the take itself (squared correlation). */
  readonly followsPercent: number;
  /** Level of the error in pieces of 20 ms, from the 5th to the 95th percentile: how much the noise breathes. */
  readonly breathDb: number;
}

function figuresOf(take: Float64Array, played: Float64Array, sampleRateHz: number): Figures {
  const error = take.map((sample, n) => (played[n] ?? 0) - sample);
  const power = dot(error, error) / error.length;
  const levels: number[] = [];
  const piece = Math.round(0.02 * sampleRateHz);
  for (let n = 0; n + piece <= error.length; n += piece) {
    const part = error.subarray(n, n + piece);
    levels.push(decibels(dot(part, part) / piece));
  }
  levels.sort((x, y) => x - y);
  const at = (share: number): number => levels[Math.floor(share * (levels.length - 1))] ?? 0;
  return {
    errorDb: decibels(power / 2 ** 30),
    weightedDb: decibels(weightedPower(error, sampleRateHz) / 2 ** 30),
    followsPercent: (100 * dot(take, error) ** 2) / (dot(take, take) * dot(error, error)),
    breathDb: at(0.95) - at(0.05),
  };
}

/** Mean power of a signal as far as it can be heard in quiet, over Hann windows of 2048 samples. */
function weightedPower(x: Float64Array, sampleRateHz: number): number {
  const size = 2_048;
  const window = Float64Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size),
  );
  const windowPower = dot(window, window);
  let sum = 0;
  let windows = 0;
  for (let start = 0; start + size <= x.length; start += size, windows++) {
    const spectrum = powerSpectrum(window.map((weight, n) => weight * (x[start + n] ?? 0)));
    for (let bin = 1; bin < size / 2; bin++)
      sum += 2 * (spectrum[bin] ?? 0) * hearing((bin * sampleRateHz) / size);
  }
  return sum / (windows * windowPower * size);
}

/** Power gain at `hz`, about 1 at 1 kHz: the threshold of hearing in quiet, turned over (Terhardt 1979). */
function hearing(hz: number): number {
  const kilohertz = hz / 1_000;
  const thresholdDb =
    3.64 * kilohertz ** -0.8 - 6.5 * Math.exp(-0.6 * (kilohertz - 3.3) ** 2) + 1e-3 * kilohertz ** 4;
  return 10 ** ((3.4 - thresholdDb) / 10);
}

/** |DFT|² of a power-of-two length, radix 2. */
function powerSpectrum(x: Float64Array): Float64Array {
  const [re, im] = transform(x, new Float64Array(x.length));
  return re.map((real, bin) => real * real + (im[bin] ?? 0) ** 2);
}

function transform(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const n = re.length;
  if (n === 1) return [re, im];
  const half = n / 2;
  const pick = (x: Float64Array, odd: number): Float64Array =>
    Float64Array.from({ length: half }, (_, i) => x[2 * i + odd] ?? 0);
  const [evenRe, evenIm] = transform(pick(re, 0), pick(im, 0));
  const [oddRe, oddIm] = transform(pick(re, 1), pick(im, 1));
  const [outRe, outIm] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < half; k++) {
    const [c, s] = [Math.cos((-2 * Math.PI * k) / n), Math.sin((-2 * Math.PI * k) / n)];
    const real = c * (oddRe[k] ?? 0) - s * (oddIm[k] ?? 0);
    const imaginary = c * (oddIm[k] ?? 0) + s * (oddRe[k] ?? 0);
    outRe[k] = (evenRe[k] ?? 0) + real;
    outIm[k] = (evenIm[k] ?? 0) + imaginary;
    outRe[k + half] = (evenRe[k] ?? 0) - real;
    outIm[k + half] = (evenIm[k] ?? 0) - imaginary;
  }
  return [outRe, outIm];
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, n) => sum + value * (y[n] ?? 0), 0);
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio + 1e-30);
}

function takes(): { sampleRateHz: number; samples: Float32Array }[] {
  const root = new URL('../../samples/', import.meta.url);
  return ['drums/', 'loops/', 'strums/'].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith('.wav'))
      .sort()
      .map((name) => {
        const decoded = decodeWav(readFileSync(new URL(folder + name, root)));
        if (!decoded.ok) throw new Error(`${folder}${name}: ${decoded.message}`);
        const { sampleRateHz, channels } = decoded.value;
        const frames = SECONDS_MAX * sampleRateHz;
        return { sampleRateHz, samples: (channels[0] ?? new Float32Array(0)).subarray(0, frames) };
      }),
  );
}

const mean = (values: readonly number[]): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);

const all = takes();
process.stdout.write(
  `means over ${all.length} takes\nlevel | method | error dBFS | as heard | follows % | breath dB\n`,
);
for (const levelDb of LEVELS_DB) {
  const scaled = all.map(({ sampleRateHz, samples }) => ({
    sampleRateHz,
    take: Float64Array.from(samples, (sample) => sample * 32_768 * 10 ** (levelDb / 20)),
  }));
  for (const [name, method] of Object.entries(METHODS)) {
    const chance = seededChance('compare-dither');
    const figures = scaled.map(({ take, sampleRateHz }) =>
      figuresOf(take, method(take, chance), sampleRateHz),
    );
    const row = [
      mean(figures.map((each) => each.errorDb)),
      mean(figures.map((each) => each.weightedDb)),
      mean(figures.map((each) => each.followsPercent)),
      mean(figures.map((each) => each.breathDb)),
    ];
    process.stdout.write(`${[`${levelDb} dB`, name, ...row].join(' | ')}\n`);
  }
}
