import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { decileSlopes, decilesOf } from '../model/deciles.ts';
import { modelForecaster, strokeForecaster } from '../model/model-forecaster.ts';
import { scoreMidi } from '../score-midi.ts';
import { performanceOfDrummer } from '../testing/drummer.ts';
import { examplesOf } from './examples.ts';
import { train } from './train.ts';

const drummers = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => performanceOfDrummer(`${name}-${n}`, 12));
const PLAN = { epochs: 3, batch: 32, learningRate: 2e-3 };

test('a few drummers are enough to beat the house on others, in both horizons', () => {
  const heard = drummers('heard', 12).map(({ hits }) => hits);
  const train1 = (horizon: 'bar' | 'hit') =>
    train(examplesOf(heard, HOUSE_PRIORS, horizon), PLAN, seededChance('train'), () => undefined);
  const model = { id: 'small', bar: [train1('bar')], hit: [train1('hit')] };
  for (const tier of ['bar', 'hit'] as const) {
    const score = scoreMidi(drummers('unheard', 4), {
      priors: HOUSE_PRIORS,
      tier,
      model: () => modelForecaster(HOUSE_PRIORS, model),
      strokeModel: () => strokeForecaster(HOUSE_PRIORS, model),
    });
    expect(score.model?.timing).toBeLessThan(score.house.timing);
    expect(score.model?.velocity).toBeLessThan(score.house.velocity);
  }
});

test('the same strokes and chance give the same network to the bit; another seed another one', () => {
  const examples = examplesOf([performanceOfDrummer('same', 4).hits], HOUSE_PRIORS, 'bar');
  const trained = (seed: string) =>
    train(examples, { ...PLAN, epochs: 1 }, seededChance(seed), () => undefined);
  expect(trained('a')).toEqual(trained('a'));
  expect(trained('a')).not.toEqual(trained('b'));
});

test('the slopes of the deciles are those that small steps of the outputs show', () => {
  const output = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 9, maxLength: 9 });
  const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(output, weights, (raw, weight) => {
      const value = (values: Float32Array) => {
        const deciles = new Float64Array(9);
        decilesOf(values, 0, deciles);
        return deciles.reduce((sum, decile, k) => sum + decile * (weight[k] ?? 0), 0);
      };
      const slopes = new Float32Array(9);
      decileSlopes(Float32Array.from(raw), 0, Float64Array.from(weight), slopes);
      for (let i = 0; i < 9; i++) {
        const [up, down] = [Float32Array.from(raw), Float32Array.from(raw)];
        up[i] = (raw[i] ?? 0) + 0.01;
        down[i] = (raw[i] ?? 0) - 0.01;
        expect((value(up) - value(down)) / 0.02).toBeCloseTo(slopes[i] ?? 0, 3);
      }
    }),
    { numRuns: 50 },
  );
});
