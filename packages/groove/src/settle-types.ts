import type { PerformerCredit } from './performer-credit.ts';
import type { RoundRecord } from './round-types.ts';
import { NO_SKILL, type SkillTally } from './skill.ts';

/** By whom a group's skill must be borne out. */
export interface PerformerRule {
  /** Performer groups that a group must have forecast before anything is paid. */
  readonly performersMin: number;
  /** So many performer groups at least, those on whose playing the group did best, are held to the rate of all others. */
  readonly performersTrimmed: number;
  /** And of many, this share of them, 1/1000. */
  readonly trimmedPermille: number;
}

/** Decided before the epoch it governs. Defaults with their reasons: {@link SETTLEMENT_POLICY}. */
export interface SettlementPolicy extends PerformerRule {
  /** Scored bars of an owner group, over all its performances, before anything is paid. */
  readonly barsMin: number;
  /** Consecutive bars that count as one observation. */
  readonly blockBars: number;
  /** k: credit per skill. */
  readonly skillFactor: number;
  /** Credit per leave-one-out gain, which is measured and shown either way. */
  readonly leaveOneOutFactor: number;
  /** Largest credit or debit, in 1/1 000 000 of the work. */
  readonly capPpm: number;
  /** A median closer than this to what was played, on the mean, is withheld and looked at. 0.1 ms. */
  readonly errorTenthMsMin: number;
  /** Share of hits that may lie within 1 ms of the grid or of a revealed median, in 1/1000. */
  readonly nearPermilleMax: number;
  /** Hits from which on the two rules above judge; with fewer a performance counts for nobody, and a host that opened fewer can only lose. */
  readonly hitsMin: number;
  /** What the task *live* asks for besides. */
  readonly live: LivePolicy;
}

export interface LivePolicy extends PerformerRule {
  /** What `cellReference` loses a bar on the mean; below that what is played is no riddle and counts for nobody. Σ (p − 1000 · hit)². */
  readonly referencePerBarMin: bigint;
  /** A loss below this share of the reference's, 1/1000, is withheld: it was known, not foretold. */
  readonly lossPermilleMin: bigint;
}

/**
 * 100 bars, because 58 to 65 bars show the best measured skill at 80 % power; blocks of 8 bars, because errors within a
 * phrase are alike; k = 10 and a cap of the whole work, because the best forecasters measured reach 8 to 12 %; the same k for
 * the gain to the blend, because that gain is skill too, the blend's; four performers of whom the best two, and of many the best third,
 * are held to the others, so that two friends who play what a host was told raise it no further than strangers do; three of five still can; 6 ms and 10 %: below and above what any of 383 human performances shows.
 *
 * Live: eight performers of whom the best four, and of many the best third, are held to the others, so that four friends who agree with a
 * host on what they play raise it no further than four strangers do; five of eight still can, and more than a third of many. A floor that 181 of the 182 performances of 32 bars and
 * more in the split train of the Groove MIDI Dataset pass; half the reference's loss, because the best forecasters measured lose 88 % of what
 * running rates do.
 */
export const SETTLEMENT_POLICY: SettlementPolicy = {
  barsMin: 100,
  blockBars: 8,
  skillFactor: 10,
  leaveOneOutFactor: 10,
  capPpm: 1_000_000,
  errorTenthMsMin: 60,
  performersMin: 4,
  performersTrimmed: 2,
  trimmedPermille: 333,
  nearPermilleMax: 100,
  hitsMin: 100,
  live: {
    performersMin: 8,
    performersTrimmed: 4,
    trimmedPermille: 333,
    referencePerBarMin: 2_000_000n,
    lossPermilleMin: 500n,
  },
};

/** Performer groups that a standing tells apart; a further one is counted with {@link OTHER_PERFORMERS}. */
export const PERFORMERS_MAX = 1000;
export const OTHER_PERFORMERS = '';

/** What an owner group carries from performance to performance. */
export interface Standing {
  readonly ownerGroup: string;
  readonly tally: SkillTally;
  /** Signed sum of all credits, 1/1 000 000 work unit. */
  readonly creditMicroWork: bigint;
  /** The same by performer group, at most {@link PERFORMERS_MAX} and the rest. */
  readonly performers: ReadonlyMap<string, PerformerCredit>;
  readonly paidMicroWork: bigint;
}

/** Why a performance gave a group no credit, or its credit is not paid yet. */
export type SettlementCode =
  | 'performer-group'
  | 'too-predictable'
  | 'no-hits'
  | 'too-few-hits'
  | 'on-grid'
  | 'impossible-precision'
  | 'too-few-bars'
  | 'too-few-performers'
  | 'not-proven'
  | 'nothing-due';

export interface GroupSettlement {
  readonly ownerGroup: string;
  /** Of the group, in the order of the round. */
  readonly nodes: readonly string[];
  readonly bars: number;
  readonly voidBars: number;
  /** On this performance, over house-1, 1/1 000 000. */
  readonly skillPpm: bigint | null;
  /** Over the mean of the other groups, none of which counts below the house; over `house-2` where there are none. */
  readonly excessPpm: bigint | null;
  /** What the group adds to the blend of all forecasts, or to the best other one where that is better. */
  readonly leaveOneOutPpm: bigint;
  readonly creditMicroWork: bigint;
  readonly payMicroWork: bigint;
  /** `null`: paid. */
  readonly code: SettlementCode | null;
  readonly standing: Standing;
}

export function newStanding(ownerGroup: string): Standing {
  return { ownerGroup, tally: NO_SKILL, creditMicroWork: 0n, performers: new Map(), paidMicroWork: 0n };
}

export interface SettlementRequest {
  readonly record: RoundRecord;
  /** Fixed work units of forecasting this whole performance once, from the task catalogue; a group does it once. */
  readonly workUnits: bigint;
  /** Of the groups that have one; see {@link newStanding}. */
  readonly standings: ReadonlyMap<string, Standing>;
}
