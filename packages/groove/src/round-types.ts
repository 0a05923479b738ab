import type { Bar } from './bars.ts';
import type { BlendScores } from './blend.ts';
import type { Grid } from './grid.ts';
import type { Priors } from './priors.ts';
import type { BarScore } from './score.ts';

/** `announced`: hosts are told which cells each bar hits. `live`: they are not, and only the cells are scored. */
export type Task = 'announced' | 'live';

export interface RoundHost {
  /** The node's key or name, as it stands in its commitments. */
  readonly node: string;
  readonly ownerGroup: string;
}

/** What the score of a bar depends on besides the bar and what was said of it. */
export interface ScoringPlan {
  /** Its own hosts are scored, and count in no blend. */
  readonly performerGroup: string;
  /** 1 to {@link HOSTS_MAX}, each node once. */
  readonly hosts: readonly RoundHost[];
  /** A void bar scores as house-1 and this share of its loss more, 1/1 000 000. */
  readonly voidChargePpm: number;
}

/** All that a round depends on besides what its hosts send. */
export interface RoundPlan extends ScoringPlan {
  readonly performance: string;
  readonly task: Task;
  readonly grid: Grid;
  /** The archived performance, bars 0, 1, 2, … without a gap. Hosts see each only when it is released. */
  readonly bars: readonly Bar[];
  readonly priors: Priors;
  /** Longest wait for hosts per bar on the wall clock, µs; who has not answered by then is void for the bar. */
  readonly holdLimitUs: number;
}

export const HOSTS_MAX = 64;
/** Twice the joint skill of the best forecasters measured on the Groove MIDI Dataset (8 %): skipping hard bars never pays. */
export const VOID_CHARGE_PPM = 160_000;
export const HOLD_LIMIT_US = 2_000_000;

export type RoundInput =
  | { readonly kind: 'open' }
  | { readonly kind: 'commit'; readonly node: string; readonly bar: number; readonly commitment: Uint8Array }
  | {
      readonly kind: 'reveal';
      readonly node: string;
      readonly bar: number;
      readonly forecast: Uint8Array;
      readonly salt: Uint8Array;
    }
  /** Time has passed. */
  | { readonly kind: 'advance' };

/** Why a host's bar counts as house and charge. */
export type VoidCode = 'missing' | 'double' | 'malformed' | 'unopened' | 'mismatch';

/** Why an input was refused. `late`, `double`, `malformed` and `mismatch` leave or make the bar void; the others change nothing. */
export type RoundCode =
  | 'not-open'
  | 'closed'
  | 'already-open'
  | 'undrained'
  | 'unknown-host'
  | 'not-asked'
  | 'late'
  | 'void'
  | 'double'
  | 'malformed'
  | 'not-committed'
  | 'mismatch';

export type RoundEffect =
  /** Bars all hosts may now see; a host that committed to one of them now reveals. */
  | { readonly kind: 'release'; readonly bars: readonly Bar[] }
  /** Commit to this bar by `deadlineUs` of the performance's own clock, which stands still there until all have. */
  | {
      readonly kind: 'ask';
      readonly bar: number;
      readonly deadlineUs: number;
      readonly announced: readonly number[] | null;
    }
  /** A bar is over for everybody: its commitments and scores become public. */
  | { readonly kind: 'published'; readonly row: RoundRow; readonly reveals: readonly (Reveal | null)[] }
  | { readonly kind: 'closed'; readonly record: RoundRecord };

/** What a host committed to: with the row's commitment, anybody can check hash and score. */
export interface Reveal {
  /** Canonical bytes. */
  readonly forecast: Uint8Array;
  readonly salt: Uint8Array;
}

export interface HostRow {
  readonly node: string;
  readonly void: VoidCode | null;
  /** What stood committed, or `null`. */
  readonly commitment: Uint8Array | null;
  /** Charged where void. */
  readonly score: BarScore;
  /** Hits within 1 ms of the revealed median. */
  readonly nearMedian: number;
}

export interface RoundRow {
  readonly bar: number;
  readonly hits: number;
  /** Hits within 1 ms of the grid. */
  readonly nearGrid: number;
  readonly house1: BarScore;
  readonly house2: BarScore;
  /** What {@link cellReference} lost on the cells, Σ (p − 1000 · hit)²; in the task *announced score* nobody is held to it: 0. */
  readonly cellReference: number;
  /** The mean of the owner groups' forecasts, all and each left out; `null` when fewer than two groups are not void. */
  readonly blend: BlendScores | null;
  /** In the order of the plan's hosts. */
  readonly hosts: readonly HostRow[];
}

/** A whole round: all that settlement reads. */
export interface RoundRecord {
  readonly performance: string;
  readonly task: Task;
  readonly performerGroup: string;
  readonly hosts: readonly RoundHost[];
  readonly rows: readonly RoundRow[];
}
