import type { ObjectiveJudge } from './listening-test.ts';

/** Prefers the side whose waveform is nearer to the untouched sound: least squared error over the clip. */
export const WAVEFORM_JUDGE: ObjectiveJudge = {
  rule: 'objective: smaller squared error against the sent take',
  prefers: (a, b, reference) => (squaredError(a, reference) <= squaredError(b, reference) ? 'a' : 'b'),
};

/** Prefers the side whose loudness contour is nearer: squared difference of 5 ms levels in dB. */
export const ENVELOPE_JUDGE: ObjectiveJudge = {
  rule: 'objective: smaller difference of 5 ms levels in dB against the sent take',
  prefers: (a, b, reference) => (envelopeError(a, reference) <= envelopeError(b, reference) ? 'a' : 'b'),
};

/** 5 ms at 48 kHz. */
const LEVEL_FRAMES = 240;
/** Levels below this are silence to any ear; keeps the logarithm finite. */
const LEVEL_FLOOR = 1e-8;

function squaredError(signal: Float32Array, reference: Float32Array): number {
  let error = 0;
  for (let i = 0; i < reference.length; i++) error += ((signal[i] ?? 0) - (reference[i] ?? 0)) ** 2;
  return error;
}

function envelopeError(signal: Float32Array, reference: Float32Array): number {
  let error = 0;
  for (let start = 0; start < reference.length; start += LEVEL_FRAMES) {
    error += (levelDb(signal, start) - levelDb(reference, start)) ** 2;
  }
  return error;
}

function levelDb(signal: Float32Array, start: number): number {
  const end = Math.min(signal.length, start + LEVEL_FRAMES);
  let energy = 0;
  for (let i = start; i < end; i++) energy += (signal[i] ?? 0) ** 2;
  return 10 * Math.log10(energy / LEVEL_FRAMES + LEVEL_FLOOR);
}
