import { present, seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { HOUSE_PRIORS } from '../house-priors.ts';
import type { GrooveModel } from '../model/model-file.ts';
import { PARAMETERS } from '../model/network.ts';
import { performanceOfDrummer } from '../testing/drummer.ts';
import { examplesOf, type Horizon } from '../training/examples.ts';
import { train } from '../training/train.ts';
import { GATE_POLICY, judgeCandidate, type TierGain, verdictOn } from './gate.ts';

const drummers = (name: string, count: number, bars: number) =>
  Array.from({ length: count }, (_, n) => performanceOfDrummer(`${name}-${n}`, bars));
const heldOut = drummers('held out', 20, 11);
/** Fewer bars than a real release needs: these drummers are regular. */
const POLICY = { ...GATE_POLICY, barsMin: 200 };

/** A network for each horizon, trained on so many drummers; `noise` puts strokes and sounds where nobody played them. */
function trained(id: string, count: number, epochs: number, noise = 0): GrooveModel {
  const chance = seededChance('noise');
  const heard = drummers('heard', count, 12).map(({ hits }) =>
    hits.map((hit) =>
      noise === 0
        ? hit
        : { ...hit, offsetUs: chance.below(125_000) - 62_500, velocity: 1 + chance.below(127) },
    ),
  );
  const network = (horizon: Horizon) =>
    train(
      examplesOf(heard, HOUSE_PRIORS, horizon),
      { epochs, batch: 32, learningRate: 2e-3 },
      seededChance('gate'),
      () => undefined,
    );
  return { id, bar: [network('bar')], hit: [network('hit')] };
}

const released = trained('released', 8, 2);
const judged = (candidate: GrooveModel) =>
  judgeCandidate(POLICY, { candidate, released, priors: HOUSE_PRIORS }, heldOut);

test('a model trained on more playing is released, with its measured gain', () => {
  const verdict = judged(trained('better', 20, 5));
  expect(verdict).toMatchObject({ code: null, performances: 20, bars: 20 * 10 });
  expect(verdict.bar.jointPpm).toBeGreaterThan(5_000n);
  expect(present(verdict.bar.lowerPpm, 'bound')).toBeGreaterThan(0n);
});

test('a model trained on noise is refused', () => {
  expect(judged(trained('noise', 8, 2, 1)).code).toBe('not-better');
});

test('the released model itself is refused, and so is one that is half a percent worse', () => {
  expect(judged(released)).toMatchObject({ code: 'not-better', bar: { jointPpm: 0n, lowerPpm: -2n } });
  const { candidate, lossPpm } = halfAPercentWorse();
  expect(lossPpm).toBeGreaterThan(3_000n);
  expect(lossPpm).toBeLessThan(7_000n);
  expect(judged(candidate).code).toBe('not-better');
});

/** The released model, its weights disturbed by as much as costs it about half a percent: found by halving. */
function halfAPercentWorse(): { candidate: GrooveModel; lossPpm: bigint } {
  const chance = seededChance('worse');
  const noise = Float32Array.from({ length: PARAMETERS }, () => chance.unit() - 0.5);
  let [low, high] = [0, 0.5];
  for (let step = 0; ; step++) {
    const amount = (low + high) / 2;
    const disturbed = (network: Float32Array) => network.map((value, i) => value + amount * (noise[i] ?? 0));
    const candidate = { id: 'worse', bar: released.bar.map(disturbed), hit: released.hit.map(disturbed) };
    const lossPpm = -judged(candidate).bar.jointPpm;
    if ((lossPpm > 3_000n && lossPpm < 7_000n) || step > 12) return { candidate, lossPpm };
    if (lossPpm < 5_000n) low = amount;
    else high = amount;
  }
}

const gain = (jointPpm: bigint, changes: Partial<TierGain> = {}): TierGain => ({
  jointPpm,
  timingPpm: jointPpm,
  velocityPpm: jointPpm,
  lowerPpm: jointPpm - 4_000n,
  ...changes,
});

test.each([
  [
    'too few performances',
    { performances: 19, bars: 1000, bar: gain(50_000n), hit: gain(50_000n) },
    'too-little-held-out',
  ],
  [
    'too few bars',
    { performances: 30, bars: 499, bar: gain(50_000n), hit: gain(50_000n) },
    'too-little-held-out',
  ],
  [
    'half a percent worse',
    { performances: 30, bars: 1000, bar: gain(-5_000n), hit: gain(50_000n) },
    'not-better',
  ],
  [
    'a gain not worth fetching',
    { performances: 30, bars: 1000, bar: gain(4_999n), hit: gain(0n) },
    'gain-too-small',
  ],
  [
    'a gain that may be chance',
    { performances: 30, bars: 1000, bar: gain(9_000n, { lowerPpm: 0n }), hit: gain(0n) },
    'not-proven',
  ],
  [
    'timing paid for with velocity',
    { performances: 30, bars: 1000, bar: gain(9_000n, { timingPpm: -5_001n }), hit: gain(0n) },
    'part-worse',
  ],
  ['a worse tier hit', { performances: 30, bars: 1000, bar: gain(9_000n), hit: gain(-5_001n) }, 'part-worse'],
  ['a proven gain', { performances: 20, bars: 500, bar: gain(5_000n), hit: gain(-5_000n) }, null],
])('the verdict on %s', (_name, measured, code) => {
  expect(verdictOn(GATE_POLICY, measured).code).toBe(code);
});
