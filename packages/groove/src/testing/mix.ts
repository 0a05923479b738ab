import { present, seededChance } from '@jamnet/base';
import type { Onset } from '../bars.ts';
import { shippedSamples } from './wav-file.ts';

export const RATE_HZ = 48_000;

/** A kit of single drums: kick, snare, closed hat; `gains` as in a mix. */
export interface Kit {
  readonly files: readonly string[];
  readonly gains: readonly number[];
}

export const HARD_KIT: Kit = { files: ['bass-hard', 'snare-hard', 'cymbal-closed'], gains: [1, 0.8, 0.5] };
export const SOFT_KIT: Kit = { files: ['bass-soft', 'snare-hard', 'cymbal-closed'], gains: [1, 0.8, 0.5] };

const STEPS = [
  [0, 8],
  [4, 12],
  [0, 2, 4, 6, 8, 10, 12, 14],
];
const SIXTEENTH_US = 125_000;

/** A rock beat of single drums, humanised by ± 15 ms and 8 dB; a drum that is struck again is choked within 5 ms. */
export function mixOf(kit: Kit, bars: number): { samples: Float32Array; truth: Onset[] } {
  const samples = new Float32Array((bars * 16 + 8) * 0.125 * RATE_HZ);
  const truth: Onset[] = [];
  kit.files.forEach((file, instrument) => {
    const drum = shippedSamples(`drums/${file}.wav`);
    const strokes = strokesOf(instrument, bars);
    truth.push(
      ...strokes.map(({ timeUs, gain }) => ({ timeUs, instrument, velocity: Math.round(127 * gain) })),
    );
    strokes.forEach((stroke, index) => {
      const end = toSamples(strokes[index + 1]?.timeUs ?? Number.POSITIVE_INFINITY);
      addStroke(samples, drum, {
        ...stroke,
        gain: stroke.gain * present(kit.gains[instrument], 'gain'),
        end,
      });
    });
  });
  return { samples, truth };
}

function strokesOf(instrument: number, bars: number): { timeUs: number; gain: number }[] {
  const chance = seededChance(`mix-${instrument}`);
  return Array.from({ length: bars }, (_, bar) =>
    present(STEPS[instrument], 'steps').map((step) => ({
      timeUs: Math.round((bar * 16 + step + 1) * SIXTEENTH_US + (chance.unit() - 0.5) * 30_000),
      gain: 0.4 + 0.6 * chance.unit(),
    })),
  ).flat();
}

function addStroke(
  mix: Float32Array,
  drum: Float32Array,
  stroke: { timeUs: number; gain: number; end: number },
): void {
  const start = toSamples(stroke.timeUs) - attackOf(drum);
  for (let i = 0; i < drum.length && start + i < mix.length; i++) {
    const choke = Math.max(0, Math.min(1, (stroke.end - start - i) / 240));
    mix[start + i] = (mix[start + i] ?? 0) + choke * stroke.gain * (drum[i] ?? 0);
  }
}

/** First sample that reaches a tenth of the drum's peak within 50 ms: what an ear and an editor call the beginning. */
function attackOf(drum: Float32Array): number {
  const peak = drum.subarray(0, 2400).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return drum.findIndex((sample) => Math.abs(sample) >= 0.1 * peak);
}

function toSamples(timeUs: number): number {
  return Math.round((timeUs * RATE_HZ) / 1e6);
}

/** Distorted power chords that change every bar: what drums have to be heard through in dense rock. */
export function addGuitars(samples: Float32Array, level: number): void {
  const roots = [82.41, 98, 110, 73.42];
  for (let i = 0; i < samples.length; i++) {
    const root = roots[Math.floor(i / (2 * RATE_HZ)) % 4] ?? 82.41;
    const saw = (hz: number): number => 2 * (((i * hz) / RATE_HZ) % 1) - 1;
    samples[i] =
      (samples[i] ?? 0) + level * Math.tanh(3 * (saw(root) + saw(1.498 * root) + saw(2.003 * root)));
  }
}

export interface Agreement {
  readonly found: number;
  readonly right: number;
  readonly truth: number;
  /** 2 · right / (found + truth). */
  readonly f1: number;
  readonly medianErrorUs: number;
}

/** Matches each true onset with the nearest free one within 25 ms. */
export function agreement(found: readonly Onset[], truth: readonly Onset[], instrument: number): Agreement {
  const free = found.filter((onset) => onset.instrument === instrument);
  const [count, wanted] = [free.length, truth.filter((onset) => onset.instrument === instrument)];
  const errors: number[] = [];
  for (const { timeUs } of wanted) {
    const distance = (onset: Onset): number => Math.abs(onset.timeUs - timeUs);
    const nearest = free.reduce<Onset | null>(
      (best, onset) => (best && distance(best) <= distance(onset) ? best : onset),
      null,
    );
    if (!nearest || distance(nearest) > 25_000) continue;
    errors.push(distance(nearest));
    free.splice(free.indexOf(nearest), 1);
  }
  errors.sort((a, b) => a - b);
  const f1 = (2 * errors.length) / (count + wanted.length);
  return {
    found: count,
    right: errors.length,
    truth: wanted.length,
    f1,
    medianErrorUs: errors[errors.length >> 1] ?? Number.NaN,
  };
}
