import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface GrooveTables {
  groove_chain: ChainRow;
  groove_draw: DrawRow;
  groove_performance: PerformanceRow;
  groove_standing: StandingRow;
  groove_reason: ReasonRow;
}

/** One hash chain, whose tip stands in the log. */
export interface ChainRow {
  number: bigint;
  tip_leaf: bigint;
  /** Links that are public besides the tip. */
  published: bigint;
}

/** The draw that is fixed and not yet opened; one at most. */
export interface DrawRow {
  /** Of the document, hex: what its leaf in the log holds. */
  sha256: string;
  document: string;
  fixed_at_us: bigint;
}

export interface PerformanceRow {
  performance: string;
  /** See `PerformanceState`. */
  state: string;
  opened_at_us: bigint;
  performer_group: string;
  /** Everything else, JSON. */
  body: string;
  /** What was played, JSON, once it is over and was found new; kept for comparison. */
  bars: string | null;
}

/** What an owner group carries from performance to performance; tasks apart, for their losses have different units. */
export interface StandingRow {
  owner_group: string;
  task: string;
  body: string;
}

/** Why a contribution has the merit it has, in words. */
export interface ReasonRow {
  contribution: string;
  reason: string;
}

/** Forward only; fields are added, never changed. */
export const GROOVE_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-live-rounds': async (kysely) => {
    for (const statement of [
      'CREATE TABLE groove_chain (number BIGINT PRIMARY KEY, tip_leaf BIGINT NOT NULL, published BIGINT NOT NULL)',
      `CREATE TABLE groove_performance (
        performance TEXT PRIMARY KEY, state TEXT NOT NULL, opened_at_us BIGINT NOT NULL,
        performer_group TEXT NOT NULL, body TEXT NOT NULL, bars TEXT)`,
      'CREATE INDEX groove_performance_group ON groove_performance (performer_group, opened_at_us)',
      'CREATE INDEX groove_performance_state ON groove_performance (state, opened_at_us)',
      `CREATE TABLE groove_standing (
        owner_group TEXT NOT NULL, task TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (owner_group, task))`,
      'CREATE TABLE groove_reason (contribution TEXT PRIMARY KEY, reason TEXT NOT NULL)',
    ])
      await sql.raw(statement).execute(kysely);
  },
  '002-draws': async (kysely) => {
    await sql
      .raw(
        'CREATE TABLE groove_draw (sha256 TEXT PRIMARY KEY, document TEXT NOT NULL, fixed_at_us BIGINT NOT NULL)',
      )
      .execute(kysely);
  },
};
