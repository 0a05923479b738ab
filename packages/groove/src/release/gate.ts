import type { MidiPerformance } from '../midi.ts';
import type { GrooveModel } from '../model/model-file.ts';
import { modelForecaster, strokeForecaster } from '../model/model-forecaster.ts';
import type { Priors } from '../priors.ts';
import type { BarScore } from '../score.ts';
import { scoreMidi, type Tier } from '../score-midi.ts';
import { addTallies, NO_SKILL, type SkillTally, skillLowerPpm, skillPpm, tallyOfBlock } from '../skill.ts';

/** What a candidate must show on performances that it was not trained on. */
export interface GatePolicy {
  /** Held-out performances and bars with which anything is decided. */
  readonly performancesMin: number;
  readonly barsMin: number;
  /** Least joint gain over the released model in tier bar, 1/1 000 000; its lower 95 % bound must be above 0 besides. */
  readonly gainMinPpm: bigint;
  /** Most that tier hit, timing or velocity may lose by themselves, 1/1 000 000. */
  readonly lossMaxPpm: bigint;
}

/**
 * 20 performances and 500 bars: on the 67 of the Groove MIDI Dataset's validation split the bound of a gain lies about 0.4 %
 * below it; half a percent of gain, because every release is fetched by every node; no part may lose as much.
 */
export const GATE_POLICY: GatePolicy = {
  performancesMin: 20,
  barsMin: 500,
  gainMinPpm: 5_000n,
  lossMaxPpm: 5_000n,
};

export type GateCode = 'too-little-held-out' | 'not-better' | 'gain-too-small' | 'not-proven' | 'part-worse';

/** Gains over the released model, 1 − loss / its loss, 1/1 000 000. */
export interface TierGain {
  readonly jointPpm: bigint;
  readonly timingPpm: bigint;
  readonly velocityPpm: bigint;
  /** One-sided 95 % lower bound of the joint gain, performances being independent; `null` with fewer than two. */
  readonly lowerPpm: bigint | null;
}

export interface GateVerdict {
  /** `null`: release it. */
  readonly code: GateCode | null;
  readonly reason: string;
  readonly performances: number;
  readonly bars: number;
  readonly bar: TierGain;
  readonly hit: TierGain;
}

/** Scores both models on the same held-out performances, performance by performance, in both tiers. Integers from the scores on. */
export function judgeCandidate(
  policy: GatePolicy,
  models: { readonly candidate: GrooveModel; readonly released: GrooveModel; readonly priors: Priors },
  heldOut: readonly MidiPerformance[],
  onPerformance: (done: number) => void = () => {},
): GateVerdict {
  const [bar, hit] = [newTallies(), newTallies()];
  let [bars, performances] = [0, 0];
  heldOut.forEach((performance, index) => {
    const own = scoresOf(models.candidate, models.priors, performance);
    const other = scoresOf(models.released, models.priors, performance);
    if (own.bars > 0) {
      performances++;
      bars += own.bars;
      addScore(bar, own.bar, other.bar, own.bars);
      addScore(hit, own.hit, other.hit, own.bars);
    }
    onPerformance(index + 1);
  });
  const measured = { performances, bars, bar: gainOf(bar), hit: gainOf(hit) };
  return { ...verdictOn(policy, measured), ...measured };
}

type Measured = Pick<GateVerdict, 'performances' | 'bars' | 'bar' | 'hit'>;

/** What is decided on measured gains; the first reason against it counts. */
export function verdictOn(
  policy: GatePolicy,
  { performances, bars, bar, hit }: Measured,
): Pick<GateVerdict, 'code' | 'reason'> {
  if (performances < policy.performancesMin || bars < policy.barsMin)
    return {
      code: 'too-little-held-out',
      reason: `${performances} held-out performances with ${bars} bars; at least ${policy.performancesMin} with ${policy.barsMin} are needed.`,
    };
  if (bar.jointPpm <= 0n)
    return {
      code: 'not-better',
      reason: `It forecasts no better than the released model: ${percent(-bar.jointPpm)} worse.`,
    };
  if (bar.jointPpm < policy.gainMinPpm)
    return {
      code: 'gain-too-small',
      reason: `It gains ${percent(bar.jointPpm)}; a release needs ${percent(policy.gainMinPpm)}.`,
    };
  if ((bar.lowerPpm ?? 0n) <= 0n)
    return {
      code: 'not-proven',
      reason: `It gains ${percent(bar.jointPpm)}, which chance may have given: hold more performances out.`,
    };
  let least = hit.jointPpm;
  for (const part of [bar.timingPpm, bar.velocityPpm]) if (part < least) least = part;
  if (least < -policy.lossMaxPpm)
    return {
      code: 'part-worse',
      reason: `Timing, velocity or tier hit by itself is ${percent(-least)} worse.`,
    };
  return {
    code: null,
    reason: `It gains ${percent(bar.jointPpm)}, at least ${percent(bar.lowerPpm ?? 0n)} at 95 %.`,
  };
}

function percent(ppm: bigint): string {
  return `${(Number(ppm) / 10_000).toFixed(2)} %`;
}

interface Tallies {
  joint: SkillTally;
  timing: SkillTally;
  velocity: SkillTally;
}

function newTallies(): Tallies {
  return { joint: NO_SKILL, timing: NO_SKILL, velocity: NO_SKILL };
}

function addScore(tallies: Tallies, own: BarScore, other: BarScore, bars: number): void {
  const timing = { own: BigInt(own.timing), house: BigInt(other.timing) };
  const velocity = { own: BigInt(own.velocity), house: BigInt(other.velocity) };
  tallies.joint = addTallies(tallies.joint, tallyOfBlock([timing, velocity], bars));
  tallies.timing = addTallies(tallies.timing, tallyOfBlock([timing], bars));
  tallies.velocity = addTallies(tallies.velocity, tallyOfBlock([velocity], bars));
}

function gainOf({ joint, timing, velocity }: Tallies): TierGain {
  return {
    jointPpm: skillPpm(joint) ?? 0n,
    timingPpm: skillPpm(timing) ?? 0n,
    velocityPpm: skillPpm(velocity) ?? 0n,
    lowerPpm: skillLowerPpm(joint),
  };
}

function scoresOf(model: GrooveModel, priors: Priors, performance: MidiPerformance) {
  const score = (tier: Tier) =>
    scoreMidi([performance], {
      priors,
      tier,
      model: () => modelForecaster(priors, model),
      strokeModel: () => strokeForecaster(priors, model),
    });
  const [bar, hit] = [score('bar'), score('hit')];
  return { bars: bar.bars, bar: bar.model ?? bar.house, hit: hit.model ?? hit.house };
}
