/** How a proposal ended: as a policy that may be published, as none, or taken back by who made it. */
export const VERDICTS = ['adopted', 'rejected', 'withdrawn'] as const;
export type Verdict = (typeof VERDICTS)[number];
export const CHOICES = ['for', 'against', 'abstain'] as const;
export type Choice = (typeof CHOICES)[number];

/** What the log fixes of a proposal: `sha256` of the canonical JSON of this is its leaf. Times are UTC µs, decimal. */
export interface ProposalRecord {
  readonly schema: 'jamnet/policy-proposal/v1';
  readonly title: string;
  readonly text: string;
  /** The proposed policy, and the one in force when it was proposed; `null` where there was none. */
  readonly policySha256: string;
  readonly inForceSha256: string | null;
  readonly openedAtUs: string;
  /** Comments and votes are taken from the first to below the second. */
  readonly opensAtUs: string;
  readonly closesAtUs: string;
}

/** Owner groups by what they advised. Units never count: whoever has many has one voice, too. */
export interface Tally {
  readonly for: number;
  readonly against: number;
  readonly abstain: number;
}

/** What the log fixes of a decision, likewise. */
export interface DecisionRecord {
  readonly schema: 'jamnet/policy-decision/v1';
  readonly proposal: string;
  readonly verdict: Verdict;
  readonly reasons: string;
  /** The policy that may be published now: the proposed one, or what became of it after the comments; `null` unless adopted. */
  readonly policySha256: string | null;
  readonly votes: Tally;
  readonly comments: number;
  readonly decidedAtUs: string;
}

export interface Comment {
  /** Counted from 1. */
  readonly number: number;
  readonly payee: string;
  readonly text: string;
  readonly atUs: bigint;
  /** Why the operator hides it; `null`: it is shown. */
  readonly hiddenReason: string | null;
}

export interface Ballot {
  readonly payee: string;
  readonly ownerGroup: string;
  readonly choice: Choice;
  /** Grows with each vote on the proposal: the last of an owner group is its voice. */
  readonly number: number;
}

/** A proposal with all that was said about it. */
export interface Proposal {
  readonly id: string;
  readonly record: ProposalRecord;
  readonly comments: readonly Comment[];
  /** At most one a payee. */
  readonly ballots: readonly Ballot[];
  readonly decision: DecisionRecord | null;
}

export type Phase = 'announced' | 'open' | 'closed' | Verdict;

/** Where a proposal is at a moment, UTC µs. */
export function phaseOf({ record, decision }: Pick<Proposal, 'record' | 'decision'>, nowUs: bigint): Phase {
  if (decision !== null) return decision.verdict;
  if (nowUs < BigInt(record.opensAtUs)) return 'announced';
  return nowUs < BigInt(record.closesAtUs) ? 'open' : 'closed';
}

/** The voice of each owner group: its last ballot. */
export function voices(ballots: readonly Ballot[]): ReadonlyMap<string, Ballot> {
  const last = new Map<string, Ballot>();
  for (const ballot of ballots) {
    const before = last.get(ballot.ownerGroup);
    if (before === undefined || before.number < ballot.number) last.set(ballot.ownerGroup, ballot);
  }
  return last;
}

export function tallyOf(ballots: readonly Ballot[]): Tally {
  const tally = { for: 0, against: 0, abstain: 0 };
  for (const { choice } of voices(ballots).values()) tally[choice] += 1;
  return tally;
}
