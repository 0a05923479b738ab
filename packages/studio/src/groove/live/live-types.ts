import type { Contribution } from '@jamnet/economy';
import type { Candidate, GridDescription, RoundHost, SettlementCode, Task } from '@jamnet/groove';

/**
 * `waiting`: for a draw. `drawn`: for its performer to start. `playing`. `settled`: its credits are decided and not yet all filed.
 * `over`: nothing follows.
 */
export type PerformanceState = 'waiting' | 'drawn' | 'playing' | 'settled' | 'over';

/** What a performer says of a performance before anybody is drawn for it. */
export interface Announcement {
  /** The room it is played in, 1 to 32 characters. */
  readonly room: string;
  /** Ed25519, hex: signs the start and every bar. */
  readonly performerKey: string;
  readonly piece: GridDescription;
  /** Bars that will be played, 1 to {@link PERFORMANCE_BARS_MAX}; who stops earlier falls silent. */
  readonly bars: number;
  /** Cells of each bar, ascending, where the score is known beforehand; else `null`, and cells alone are scored. */
  readonly announced: readonly (readonly number[])[] | null;
}

/** What anybody needs to check a draw: with the log, these give the hosts again. */
export interface DrawProof {
  /** JSON whose SHA-256 stands in the log as leaf `fixedLeaf`: performances, candidates, hosts for each, witnesses. */
  readonly fixed: string;
  readonly fixedLeaf: string;
  readonly tipLeaf: string;
  /** Hex. */
  readonly preimage: string;
  /** What each witness of the draw gave for `fixedLeaf`, as lines, in their order. */
  readonly beacons: readonly string[];
}

export interface Draw {
  readonly hosts: readonly RoundHost[];
  readonly proof: DrawProof;
}

/** What one owner group got for one performance. */
export interface GroupOutcome {
  readonly ownerGroup: string;
  readonly nodes: readonly string[];
  readonly skillPpm: string | null;
  readonly creditMicroWork: string;
  readonly paidWorkUnits: string;
  /** `null`: paid. */
  readonly code: SettlementCode | null;
}

/** How a performance ended: settled by group, or why not. */
export type Outcome =
  | { readonly settled: readonly GroupOutcome[]; readonly bars: number; readonly task: Task }
  | { readonly code: EndCode };

export type EndCode = 'no-hosts' | 'not-started' | 'nothing-scored' | 'interrupted' | 'performance-replayed';

/** A performance as it is stored. */
export interface Performance extends Announcement {
  readonly performance: string;
  readonly state: PerformanceState;
  readonly performerGroup: string;
  readonly openedAtUs: bigint;
  readonly draw: Draw | null;
  /** When the draw was known, or the start, µs; what waits too long is given up. */
  readonly changedAtUs: bigint;
  readonly startsAtUs: number | null;
  readonly outcome: Outcome | null;
  /** What it earns, decided together with the standings: filed once the state is left for `over`. */
  readonly contributions: readonly Contribution[];
}

/** One performance and all that its draw chose from. */
export interface DrawRequest {
  readonly performances: readonly { readonly performance: string; readonly performerGroup: string }[];
  readonly candidates: readonly Candidate[];
}

/** Half an hour at 120 beats a minute. */
export const PERFORMANCE_BARS_MAX = 900;
/** Performances that wait, or are played, at once. */
export const PERFORMANCES_OPEN_MAX = 64;
/** Performances that one performer group opens in 24 h: who could open without end could choose among draws. */
export const OPENED_PER_DAY_MAX = 24;
/** Hosts drawn for each performance: enough to compare, few enough that every one is compared often. */
export const HOSTS_PER_PERFORMANCE = 8;

export type LiveCode =
  | 'announcement-malformed'
  | 'performer-key-taken'
  | 'performance-waiting'
  | 'too-many-today'
  | 'too-many-open'
  | 'performance-unknown'
  | 'not-drawn'
  | 'not-playing'
  | 'start-malformed'
  | 'start-forged'
  | 'node-unknown'
  | 'signature-invalid';
