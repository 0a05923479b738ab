import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { BLEND_WEIGHTS, SHIPPED_BLEND } from '../blend-weights.ts';
import { Forecaster } from '../forecaster.ts';
import { type BlendLesson, blendLessonOperations, learnBlend } from './blend-lesson.ts';
import { BlendLoss } from './blend-loss.ts';

const PACKET = 32;

/** Plucked notes over a pattern of noise that comes back: models, repetition and silence all have something to say. */
function soundOf(seed: string): Float32Array {
  const chance = seededChance(seed);
  const beat = Float32Array.from(
    { length: 1000 },
    (_, n) => 0.2 * Math.exp(-n / 500) * (chance.unit() - 0.5),
  );
  return Float32Array.from(
    { length: 4000 },
    (_, n) =>
      0.2 * Math.exp(-(n % 1500) / 900) * Math.sin(0.09 * n) +
      (beat[n % 1000] ?? 0) +
      0.01 * (chance.unit() - 0.5),
  );
}

const lessonOf = (change: Partial<BlendLesson> = {}): BlendLesson => ({
  sampleRateHz: 8000,
  packetFrames: PACKET,
  samples: soundOf('lesson'),
  phase: 1,
  ...change,
});
const WEIGHTS = Float64Array.from(SHIPPED_BLEND, (weight) => weight + 0.1);

/** The losses of several mixtures over the same few holes, by small models. */
function lossesOf(mixtures: readonly Float64Array[]): BlendLoss[] {
  const forecaster = new Forecaster({
    sampleRateHz: 8000,
    packetFrames: PACKET,
    channels: 1,
    models: [
      { order: 32, contextFrames: 512 },
      { order: 8, contextFrames: 256 },
    ],
    lowModel: null,
    searchSeconds: 0.5,
    kernel: 'plain',
  });
  const losses = mixtures.map((weights) => new BlendLoss(weights));
  const sound = soundOf('slope');
  for (let p = 0; (p + 1) * PACKET <= sound.length; p++) {
    const packet = sound.subarray(p * PACKET, (p + 1) * PACKET);
    if (p > 60 && p % 4 === 0) {
      forecaster.begin();
      forecaster.advance();
      for (const loss of losses) loss.learn(forecaster, packet);
    }
    forecaster.append(packet);
  }
  return losses;
}

test('the gradient is the slope of the loss in each of the sixteen directions', () => {
  const step = 1e-5;
  const moved = (place: number, by: number): Float64Array =>
    WEIGHTS.map((weight, i) => (i === place ? weight + by : weight));
  const places = Array.from({ length: BLEND_WEIGHTS }, (_, place) => place);
  const [here, ...around] = lossesOf([
    WEIGHTS,
    ...places.flatMap((place) => [moved(place, step), moved(place, -step)]),
  ]);
  expect(here?.holes).toBeGreaterThan(10);
  for (const place of places) {
    const slope = ((around[2 * place]?.sum ?? 0) - (around[2 * place + 1]?.sum ?? 0)) / (2 * step);
    expect(here?.gradient[place]).toBeCloseTo(slope, 4);
    expect(slope).not.toBe(0);
  }
});

test('a step down the gradient loses less on holes that were not learnt from', () => {
  const quiet = SHIPPED_BLEND.slice();
  quiet[8] = -3;
  const { gradient, holes } = learnBlend(lessonOf(), quiet);
  const after = quiet.map((weight, i) => weight - (0.05 * (gradient[i] ?? 0)) / holes);
  const unseen = lessonOf({ phase: 3 });
  expect(learnBlend(unseen, after).sum).toBeLessThan(learnBlend(unseen, quiet).sum);
});

test('the same lesson gives the same bits again, and silence teaches nothing', () => {
  const [one, two] = [learnBlend(lessonOf(), WEIGHTS), learnBlend(lessonOf(), WEIGHTS)];
  expect(two.gradient).toEqual(one.gradient);
  expect(learnBlend(lessonOf({ samples: new Float32Array(4000) }), WEIGHTS)).toMatchObject({
    holes: 0,
    sum: 0,
  });
});

test('what a lesson states to cost follows from its sizes: longer and larger cost more, too short for a hole costs no hole', () => {
  const sizes = { sampleRateHz: 48_000, packetFrames: 128 };
  const [second, two] = [blendLessonOperations(sizes, 48_000), blendLessonOperations(sizes, 96_000)];
  expect(two).toBeGreaterThan(second);
  expect(blendLessonOperations({ ...sizes, packetFrames: 512 }, 96_000)).toBeGreaterThan(two);
  expect(blendLessonOperations(sizes, 127)).toBe(0n);
});
