import { seededChance } from '@jamnet/base';

/** How one of the nine classes sounds: a falling tone, noise, or both. Chosen by ear for being told apart, not after any kit. */
interface Voice {
  /** Hz at the stroke and where it falls to; 0: no tone. */
  readonly fromHz: number;
  readonly toHz: number;
  /** Time constants, s. */
  readonly toneSeconds: number;
  readonly noiseSeconds: number;
  /** Level of the noise beside a tone of 1. */
  readonly noise: number;
}

/** In the order of `INSTRUMENTS`: kick, snare, hats, toms from low to high, crash, ride. */
const VOICES: readonly Voice[] = [
  { fromHz: 130, toHz: 48, toneSeconds: 0.12, noiseSeconds: 0.004, noise: 0.3 },
  { fromHz: 210, toHz: 180, toneSeconds: 0.05, noiseSeconds: 0.09, noise: 0.8 },
  { fromHz: 0, toHz: 0, toneSeconds: 1, noiseSeconds: 0.025, noise: 0.5 },
  { fromHz: 0, toHz: 0, toneSeconds: 1, noiseSeconds: 0.18, noise: 0.5 },
  { fromHz: 110, toHz: 80, toneSeconds: 0.2, noiseSeconds: 0.01, noise: 0.2 },
  { fromHz: 150, toHz: 115, toneSeconds: 0.18, noiseSeconds: 0.01, noise: 0.2 },
  { fromHz: 200, toHz: 160, toneSeconds: 0.15, noiseSeconds: 0.01, noise: 0.2 },
  { fromHz: 0, toHz: 0, toneSeconds: 1, noiseSeconds: 0.5, noise: 0.6 },
  { fromHz: 0, toHz: 0, toneSeconds: 1, noiseSeconds: 0.22, noise: 0.35 },
];
/** Whose noise is bright: each sample less the one before. */
const IS_BRIGHT = [false, false, true, true, false, false, false, true, true];

/** A stroke to sound, its time from the beginning of the sound on. */
export interface SoundedStroke {
  readonly instrument: number;
  readonly atUs: number;
  /** 1…127. */
  readonly velocity: number;
}

/** Longest sound of a stroke, s. */
const STROKE_SECONDS = 1;
/** Left above the loudest sample. */
const PEAK = 0.8;
const FADE_SECONDS = 0.01;

/**
 * Several ways to play the same bar, sounded alike: the same drums, one level for all of them so that nothing but time and weight of the
 * strokes differs, and faded at the end.
 */
export function soundStrokes(
  ways: readonly (readonly SoundedStroke[])[],
  frames: number,
  sampleRateHz: number,
): Float32Array[] {
  const drums = VOICES.map((voice, index) =>
    strokeOf(voice, IS_BRIGHT[index] === true, `${index}`, sampleRateHz),
  );
  const sounds = ways.map((strokes) => {
    const sound = new Float32Array(frames);
    for (const { instrument, atUs, velocity } of strokes) {
      const drum = drums[instrument] ?? new Float32Array(0);
      const from = Math.round((atUs * sampleRateHz) / 1e6);
      const gain = (velocity / 127) ** 2;
      for (let i = Math.max(0, -from); i < drum.length && from + i < frames; i++)
        sound[from + i] = (sound[from + i] ?? 0) + gain * (drum[i] ?? 0);
    }
    return sound;
  });
  const loudest = Math.max(1e-6, ...sounds.map(peakOf));
  const fade = Math.min(frames, Math.round(FADE_SECONDS * sampleRateHz));
  for (const sound of sounds)
    for (let i = 0; i < frames; i++)
      sound[i] = ((PEAK / loudest) * (sound[i] ?? 0) * Math.min(fade, frames - 1 - i)) / fade;
  return sounds;
}

function strokeOf(voice: Voice, isBright: boolean, name: string, sampleRateHz: number): Float32Array {
  const chance = seededChance(`drum ${name}`);
  let before = 0;
  let phase = 0;
  return Float32Array.from({ length: STROKE_SECONDS * sampleRateHz }, (_, i) => {
    const seconds = i / sampleRateHz;
    const fallen = Math.exp(-seconds / 0.03);
    phase += (2 * Math.PI * (voice.toHz + (voice.fromHz - voice.toHz) * fallen)) / sampleRateHz;
    const white = 2 * chance.unit() - 1;
    const noise = isBright ? (white - before) / 2 : white;
    before = white;
    return (
      Math.sin(phase) * Math.exp(-seconds / voice.toneSeconds) +
      voice.noise * noise * Math.exp(-seconds / voice.noiseSeconds)
    );
  });
}

function peakOf(sound: Float32Array): number {
  let peak = 0;
  for (const sample of sound) peak = Math.max(peak, Math.abs(sample));
  return peak;
}
