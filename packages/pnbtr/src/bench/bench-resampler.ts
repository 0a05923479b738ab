import { resample } from '../resample.ts';
import { Resampler } from '../resampler.ts';

/** What one way of resampling does to tones: levels in dB against the tone's own, worst over the tones tried. */
export interface ResamplerRow {
  /** `stream`: the jitter buffer's; `file`: a whole signal at once. */
  readonly kind: 'stream' | 'file';
  readonly fromHz: number;
  readonly toHz: number;
  readonly ppm: number;
  /** Largest departure of the level of a tone up to 18 kHz or 0.4 of the lower rate, whichever is lower. */
  readonly rippleDb: number;
  /** Everything in the output that is not the tone: images, aliases, noise. */
  readonly impurityDb: number;
  /** What is left, within the audio band, of tones that the output's rate cannot hold; `null` where there are none. */
  readonly aliasDb: number | null;
  /** By how much the bent pitch misses what was asked for, parts per million. */
  readonly ppmError: number;
}

/** The ratios of sound cards and drifting clocks. */
const CASES = [
  { kind: 'stream', fromHz: 48_000, toHz: 48_000, ppm: 0 },
  { kind: 'stream', fromHz: 48_000, toHz: 48_000, ppm: 100 },
  { kind: 'stream', fromHz: 48_000, toHz: 48_000, ppm: -300 },
  { kind: 'stream', fromHz: 44_100, toHz: 48_000, ppm: 20 },
  { kind: 'stream', fromHz: 48_000, toHz: 44_100, ppm: -20 },
  { kind: 'stream', fromHz: 96_000, toHz: 48_000, ppm: 0 },
  { kind: 'file', fromHz: 44_100, toHz: 48_000, ppm: 0 },
  { kind: 'file', fromHz: 48_000, toHz: 44_100, ppm: 0 },
  { kind: 'file', fromHz: 96_000, toHz: 48_000, ppm: 0 },
] as const;
type Case = (typeof CASES)[number];

const AUDIO_HZ = 20_000;
const PASSED_HZ = 18_000;
/** Left out at both ends, where the filter sees no sound. */
const MARGIN_FRAMES = 600;
const PUSH_FRAMES = 128;

export interface ResamplerChoice {
  /** Tones tried in the pass band and as many above the output's rate, from 2 on. */
  readonly tones: number;
  /** Length of each, in samples, from 4 000 on: the longer, the finer the pitch is known. */
  readonly frames: number;
}

export const RESAMPLER_DEFAULTS: ResamplerChoice = { tones: 24, frames: 48_000 };

export function benchResampler(choice: ResamplerChoice = RESAMPLER_DEFAULTS): ResamplerRow[] {
  return CASES.map((each) => rowOf(each, choice));
}

function rowOf(each: Case, { tones, frames }: ResamplerChoice): ResamplerRow {
  const { fromHz, toHz, ppm } = each;
  const low = Math.min(fromHz, toHz);
  const passedHz = Math.min(PASSED_HZ, 0.4 * low);
  const row = {
    rippleDb: 0,
    impurityDb: Number.NEGATIVE_INFINITY,
    aliasDb: Number.NEGATIVE_INFINITY,
    ppmError: 0,
  };
  for (let tone = 0; tone < tones; tone++) {
    const hz = 50 + ((passedHz - 50) * tone) / (tones - 1);
    const out = run(each, sine(hz, fromHz, frames));
    const heardHz = hz * (1 + ppm / 1e6);
    const fit = fitTone(out, heardHz, toHz);
    row.rippleDb = Math.max(row.rippleDb, Math.abs(fit.levelDb));
    row.impurityDb = Math.max(row.impurityDb, fit.restDb);
    if (tone === tones - 1) row.ppmError = pitchErrorPpm(out, heardHz, toHz);
  }
  const aliasedHz = toHz - Math.min(AUDIO_HZ, 0.45 * toHz);
  const hasAliases = fromHz / 2 > aliasedHz;
  for (let tone = 0; hasAliases && tone < tones; tone++) {
    const hz = aliasedHz + ((fromHz / 2 - aliasedHz) * (tone + 0.5)) / tones;
    row.aliasDb = Math.max(row.aliasDb, levelDb(run(each, sine(hz, fromHz, frames))));
  }
  return { ...each, ...row, aliasDb: hasAliases ? row.aliasDb : null };
}

function run({ kind, fromHz, toHz, ppm }: Case, input: Float32Array): Float32Array {
  if (kind === 'file') return resample(input, fromHz, toHz);
  const resampler = new Resampler({ fromHz, toHz, pushMax: PUSH_FRAMES });
  resampler.setPpm(ppm);
  const out = new Float32Array(Math.ceil((input.length * toHz) / fromHz) + PUSH_FRAMES);
  let made = 0;
  for (let at = 0; at < input.length; at += PUSH_FRAMES) {
    resampler.push(input.subarray(at, at + PUSH_FRAMES));
    made += resampler.pull(out.subarray(made));
  }
  return out.slice(0, made);
}

function sine(hz: number, rateHz: number, frames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rateHz));
}

/** Least squares of a sine and a cosine of `hz` over `[from, to)`: their weights, and the power that they leave. */
function fit(out: Float32Array, hz: number, rateHz: number, from: number, to: number) {
  let [ss, sc, cc, ys, yc] = [0, 0, 0, 0, 0];
  for (let n = from; n < to; n++) {
    const [s, c, y] = [
      Math.sin((2 * Math.PI * hz * n) / rateHz),
      Math.cos((2 * Math.PI * hz * n) / rateHz),
      out[n] ?? 0,
    ];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    ys += y * s;
    yc += y * c;
  }
  const determinant = ss * cc - sc * sc;
  const sine = (cc * ys - sc * yc) / determinant;
  const cosine = (ss * yc - sc * ys) / determinant;
  let rest = 0;
  for (let n = from; n < to; n++) {
    const angle = (2 * Math.PI * hz * n) / rateHz;
    rest += ((out[n] ?? 0) - sine * Math.sin(angle) - cosine * Math.cos(angle)) ** 2;
  }
  return { sine, cosine, rest: rest / (to - from) };
}

function fitTone(out: Float32Array, hz: number, rateHz: number): { levelDb: number; restDb: number } {
  const { sine, cosine, rest } = fit(out, hz, rateHz, MARGIN_FRAMES, out.length - MARGIN_FRAMES);
  return {
    levelDb: 10 * Math.log10(sine * sine + cosine * cosine),
    restDb: 10 * Math.log10(2 * rest + 1e-30),
  };
}

/** From the tone's phase near both ends of the output. */
function pitchErrorPpm(out: Float32Array, hz: number, rateHz: number): number {
  const piece = Math.floor(out.length / 8);
  const last = out.length - MARGIN_FRAMES - piece;
  const phases = [MARGIN_FRAMES, last].map((from) => {
    const { sine, cosine } = fit(out, hz, rateHz, from, from + piece);
    return Math.atan2(cosine, sine);
  });
  const turned = (phases[1] ?? 0) - (phases[0] ?? 0);
  const nearest = turned - 2 * Math.PI * Math.round(turned / (2 * Math.PI));
  return (1e6 * nearest * rateHz) / (2 * Math.PI * hz * (last - MARGIN_FRAMES));
}

function levelDb(out: Float32Array): number {
  let power = 0;
  for (let n = MARGIN_FRAMES; n < out.length - MARGIN_FRAMES; n++) power += (out[n] ?? 0) ** 2;
  return 10 * Math.log10((2 * power) / (out.length - 2 * MARGIN_FRAMES) + 1e-30);
}
