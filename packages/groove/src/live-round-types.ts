import type { Bar } from './bars.ts';
import type { Grid } from './grid.ts';
import type { Priors } from './priors.ts';
import type { RoundEffect, RoundInput, ScoringPlan } from './round-types.ts';

/** All that a live round depends on besides what performer and hosts send. */
export interface LivePlan extends ScoringPlan {
  readonly performance: string;
  readonly grid: Grid;
  /** The relay's clock at time 0 of the grid, µs. */
  readonly startsAtUs: number;
  /** Cells that each bar will hit, ascending, where the score is known beforehand; else `null`, and cells alone are scored. */
  readonly announced: ((bar: number) => readonly number[]) | null;
  readonly priors: Priors;
  /** How long after a bar was heard its commitments may be opened, µs. */
  readonly revealLimitUs: number;
}

export type LiveInput =
  | Exclude<RoundInput, { kind: 'open' }>
  /** A bar that the performer's stream has accepted. */
  | { readonly kind: 'bar'; readonly bar: Bar }
  /** The performance is over. */
  | { readonly kind: 'end' };

export type LiveEffect =
  | Exclude<RoundEffect, { kind: 'published' }>
  /** As in a round over an archived performance, with the relay's receipt of each commitment, µs. */
  | (Extract<RoundEffect, { kind: 'published' }> & { readonly receivedAtUs: readonly (number | null)[] });
