const DAY_US = 86_400_000_000n;

/** What governance may grow to; tests take smaller ones. Lengths count UTF-16 units, as pages and schemas do. */
export interface GovernanceLimits {
  readonly titleLengthMax: number;
  /** Of the operator's own texts: what a proposal is for, and the reasons of a decision. */
  readonly textLengthMax: number;
  readonly commentLengthMax: number;
  /** Of a hidden comment. */
  readonly reasonLengthMax: number;
  /** All proposals ever: what an audit walks through. */
  readonly proposalsMax: number;
  /** Undecided at one time: more than people can read. */
  readonly undecidedMax: number;
  /** Hidden ones count: hiding makes no room for more of the same. */
  readonly commentsPerMemberMax: number;
  readonly commentsMax: number;
  readonly votersMax: number;
  /** Shortest and longest comment period: two week-ends at least, a quarter at most. */
  readonly periodUsMin: bigint;
  readonly periodUsMax: bigint;
  /** How far ahead a period may be announced. */
  readonly aheadUsMax: bigint;
}

export const GOVERNANCE_LIMITS: GovernanceLimits = {
  titleLengthMax: 120,
  textLengthMax: 8_000,
  commentLengthMax: 2_000,
  reasonLengthMax: 1_000,
  proposalsMax: 1_000,
  undecidedMax: 16,
  commentsPerMemberMax: 5,
  commentsMax: 1_000,
  votersMax: 10_000,
  periodUsMin: 14n * DAY_US,
  periodUsMax: 92n * DAY_US,
  aheadUsMax: 92n * DAY_US,
};
