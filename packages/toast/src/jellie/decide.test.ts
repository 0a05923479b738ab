import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DecisionLimits, decide } from './decide.ts';
import { type LinkShape, predictMiss } from './predict-miss.ts';
import { checkPlan, codedPlan, copiesPlan, planBytes } from './redundancy-plan.ts';

const PACKET_US = 4000 / 3;
const LIMITS: DecisionLimits = {
  shape: { frames: 64, sampleBytes: 2 },
  packetUs: PACKET_US,
  delayBudgetUs: 4 * PACKET_US,
  bandwidthMax: 4.2,
  packedShare: 1,
};
const CLEAN: LinkShape = { lossShare: 0, burstDatagrams: 1, lateUsP50: 50, lateUsP99: 200, lateUsP999: 400 };

test.each([
  ['a clean link needs nothing', CLEAN, 4, 'copies', []],
  ['1 % at random needs one copy', { ...CLEAN, lossShare: 0.01 }, 1.5, 'copies', [1]],
  [
    'bursts of four need a far copy when there is time',
    { ...CLEAN, lossShare: 0.02, burstDatagrams: 4 },
    12,
    'copies',
    [5, 10],
  ],
  [
    'with time for one copy only, a farther one is not chosen',
    { ...CLEAN, lossShare: 0.02, burstDatagrams: 4 },
    1.5,
    'copies',
    [1],
  ],
] as const)('%s', (_, link, budgetPackets, scheme, offsets) => {
  const decision = decide(link, { ...LIMITS, delayBudgetUs: budgetPackets * PACKET_US }, null);
  expect(decision).toMatchObject({ scheme, offsets: [...offsets] });
});

test('heavy random loss with time to wait is coded', () => {
  const decision = decide(
    { ...CLEAN, lossShare: 0.2, burstDatagrams: 1.25 },
    { ...LIMITS, delayBudgetUs: 18 * PACKET_US },
    null,
  );
  expect(decision.scheme).toBe('coded');
  expect(decision.missShare).toBeLessThan(0.001);
});

test('the prediction is that of the study: 5 % once repeated, 2 % in bursts of four at an offset of 7', () => {
  expect(predictMiss(copiesPlan([1]), { ...CLEAN, lossShare: 0.05 }, 2000, PACKET_US)).toBeCloseTo(0.0025, 3);
  const bursts = { ...CLEAN, lossShare: 0.02, burstDatagrams: 4 };
  expect(predictMiss(copiesPlan([3, 7]), bursts, 12_000, PACKET_US)).toBeCloseTo(0.0027, 3);
  expect(predictMiss(codedPlan(2, 4), bursts, 12_000, PACKET_US)).toBeLessThan(0.0125);
});

const link = fc.record({
  lossShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  burstDatagrams: fc.double({ min: 1, max: 10, noNaN: true }),
  lateUsP50: fc.integer({ min: 0, max: 3000 }),
  lateUsP99: fc.integer({ min: 3000, max: 10_000 }),
  lateUsP999: fc.integer({ min: 10_000, max: 30_000 }),
});

test('any link: the plan fits the wire and the cap, never misses more than none would, and stays when asked again', () => {
  fc.assert(
    fc.property(
      link,
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.double({ min: 1.6, max: 6, noNaN: true }),
      fc.constantFrom(64, 128, 256),
      (shape, budget, bandwidthMax, frames) => {
        const packetUs = frames / 0.048;
        const limits: DecisionLimits = {
          ...LIMITS,
          shape: { frames, sampleBytes: 2 },
          packetUs,
          delayBudgetUs: budget * packetUs,
          bandwidthMax,
        };
        const decision = decide(shape, limits, null);
        expect(checkPlan(limits.shape, decision).ok).toBe(true);
        expect(planBytes(limits.shape, decision) / (2 * frames)).toBeLessThanOrEqual(bandwidthMax);
        const bare = predictMiss(copiesPlan([]), shape, limits.delayBudgetUs, packetUs);
        expect(decision.missShare).toBeLessThanOrEqual(bare + 1e-12);
        expect(decision.missShare).toBeGreaterThanOrEqual(0);
        expect(decide(shape, limits, decision)).toMatchObject({
          scheme: decision.scheme,
          offsets: decision.offsets,
        });
      },
    ),
  );
});

test('any wavering of a fifth around a link changes the plan at most once', () => {
  fc.assert(
    fc.property(
      link,
      fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 12, maxLength: 12 }),
      (shape, wavers) => {
        let plan = decide(shape, LIMITS, null);
        let changes = 0;
        for (const waver of wavers) {
          const next = decide({ ...shape, lossShare: shape.lossShare * waver }, LIMITS, plan);
          if (next.offsets.join() !== plan.offsets.join() || next.symbols !== plan.symbols) changes++;
          plan = next;
        }
        expect(changes).toBeLessThanOrEqual(1);
      },
    ),
  );
});
