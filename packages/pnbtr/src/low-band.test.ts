import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { concealTrace } from './conceal-trace.ts';
import { Concealer } from './concealer.ts';
import { lowBandFactor } from './low-band.ts';

const RATE = 44_100;
const FRAMES = 128;

/** A bass of many partials under hiss that no model can forecast: what the low band is there for. */
function bassUnderHiss(frames: number): Float32Array {
  const chance = seededChance('bass under hiss');
  const partials = Array.from({ length: 8 }, (_, i) => ({ hz: 41 + 47.3 * i, phase: i * i }));
  return Float32Array.from({ length: frames }, (_, n) => {
    const bass = partials.reduce(
      (sum, { hz, phase }) => sum + Math.sin((2 * Math.PI * hz * n) / RATE + phase),
      0,
    );
    return 0.03 * bass + 0.02 * (chance.unit() - 0.5);
  });
}

const errorDb = (truth: Float32Array, played: Float32Array, trace: Uint8Array): number => {
  let [error, energy] = [0, 0];
  for (let n = 0; n < truth.length; n++) {
    if (trace[Math.floor(n / FRAMES)] !== 1) continue;
    error += ((truth[n] ?? 0) - (played[n] ?? 0)) ** 2;
    energy += (truth[n] ?? 0) ** 2;
  }
  return 10 * Math.log10(error / energy);
};

test('bass under hiss is continued better with a model of the low band than without', () => {
  const sound = bassUnderHiss(FRAMES * 320);
  const trace = Uint8Array.from({ length: 320 }, (_, p) => (p > 120 && p % 12 === 0 ? 1 : 0));
  const run = { sampleRateHz: RATE, packetFrames: FRAMES, searchSeconds: 0 };
  const models = [{ order: 256, contextFrames: 2_048 }];
  const lowModel = { order: 128, contextFrames: 1_024 };
  const without = errorDb(sound, concealTrace(sound, trace, { ...run, models, lowModel: null }), trace);
  const withIt = errorDb(sound, concealTrace(sound, trace, { ...run, models, lowModel }), trace);
  expect(withIt).toBeLessThan(without - 2);
});

test('a hole of many packets is continued in the low band too, without a step between its packets', () => {
  const sound = Float32Array.from({ length: FRAMES * 200 }, (_, n) => 0.4 * Math.sin(n * 0.013));
  const trace = Uint8Array.from({ length: 200 }, (_, p) => (p >= 150 && p < 158 ? 1 : 0));
  const played = concealTrace(sound, trace, { sampleRateHz: RATE, packetFrames: FRAMES, searchSeconds: 0 });
  expect(errorDb(sound, played, trace)).toBeLessThan(-30);
  let steepest = 0;
  for (let n = 150 * FRAMES; n < 158 * FRAMES; n++)
    steepest = Math.max(steepest, Math.abs((played[n] ?? 0) - (played[n - 1] ?? 0)));
  // A sine of 0.4 at 0.013 a sample rises by 0.0052 at most.
  expect(steepest).toBeLessThan(0.006);
});

test('both kernels hear the same low band', () => {
  const sound = bassUnderHiss(FRAMES * 80);
  const trace = Uint8Array.from({ length: 80 }, (_, p) => (p % 9 === 8 ? 1 : 0));
  const run = {
    sampleRateHz: RATE,
    packetFrames: FRAMES,
    searchSeconds: 0,
    models: [{ order: 64, contextFrames: 512 }],
    lowModel: { order: 32, contextFrames: 256 },
  };
  const [wasm, plain] = (['wasm', 'plain'] as const).map((kernel) =>
    concealTrace(sound, trace, { ...run, kernel }),
  );
  let most = 0;
  for (let n = 0; n < sound.length; n++)
    most = Math.max(most, Math.abs((wasm?.[n] ?? 0) - (plain?.[n] ?? 9)));
  expect(most).toBeLessThan(10 ** (-90 / 20));
});

test.each([
  [48_000, 128, 8],
  [44_100, 32, 8],
  [96_000, 128, 16],
  [192_000, 128, 32],
  [8_000, 16, 2],
  [48_000, 16, 0],
  [44_100, 441, 0],
])('at %i Hz packets of %i have a low band at 1/%i of the rate, or none', (rate, packetFrames, factor) => {
  expect(lowBandFactor(rate, packetFrames)).toBe(factor);
  const concealer = new Concealer({ sampleRateHz: rate, packetFrames });
  const out = new Float32Array(packetFrames);
  for (let p = 0; p < 12; p++) {
    if (p % 3 === 2) concealer.conceal(out);
    else concealer.receive(new Float32Array(packetFrames).fill(0.5), out);
    expect(out.every((sample) => Math.abs(sample) <= 0.5)).toBe(true);
  }
});
