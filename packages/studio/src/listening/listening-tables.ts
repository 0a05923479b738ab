import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/**
 * What is asked about a pair. `open`: repaired or as heard; `plant`: sent or with holes; `abx-…`: which of the two X is; `trial`: by a
 * candidate or by the released model; `trial-plant`: as it was played or spoilt, of the same kind.
 */
export type PairForm = 'open' | 'plant' | 'abx-plant' | 'abx-open' | 'trial' | 'trial-plant';

/** A pair that a curator was asked about, and the answer. */
export interface PairRow {
  /** 32 hex digits of chance: all that the curator knows of it. */
  id: string;
  payee: string;
  owner_group: string;
  /** Of this curator, from 0. */
  round: bigint;
  /** In its round, from 0. */
  place: bigint;
  clip: string;
  form: string;
  /** Side of the version in question: the repaired one, or the one as it was sent. */
  side: string;
  /** Side that X is; empty where there is none. */
  x: string;
  chosen: string | null;
  voted_at_us: bigint | null;
  /** 1 once its round has ended: before, nothing tells whether the answer was right. */
  counted: bigint;
}

/** Credit of a curator, one row each time it rose; filed as a contribution, again after a crash. */
export interface CreditRow {
  payee: string;
  /** From 1. */
  number: bigint;
  owner_group: string;
  /** Thousandths of a vote, in all. */
  total: bigint;
  /** Thousandths of a vote more than before: the merit of the contribution. */
  merit: bigint;
  /** Hash of the answers it rests on, and the answers. */
  subject: string;
  evidence: string;
  at_us: bigint;
  /** 1 once the contribution is in the economy. */
  filed: bigint;
}

/** What a curator says about a released model. */
export interface ReleaseVoteRow {
  model_sha256: string;
  version: bigint;
  payee: string;
  owner_group: string;
  verdict: string;
  reason: string;
  at_us: bigint;
}

export interface ListeningTables {
  listening_pair: PairRow;
  listening_credit: CreditRow;
  listening_release_vote: ReleaseVoteRow;
}

/** Forward only; fields are added, never changed. */
export const LISTENING_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-pairs': async (kysely) => {
    for (const statement of [
      `CREATE TABLE listening_pair (id TEXT PRIMARY KEY, payee TEXT NOT NULL, owner_group TEXT NOT NULL, round BIGINT NOT NULL,
        place BIGINT NOT NULL, clip TEXT NOT NULL, form TEXT NOT NULL, side TEXT NOT NULL, x TEXT NOT NULL, chosen TEXT,
        voted_at_us BIGINT, UNIQUE (payee, round, place), UNIQUE (payee, clip, form))`,
      'CREATE INDEX listening_pair_clip ON listening_pair (clip, form)',
      `CREATE TABLE listening_credit (payee TEXT NOT NULL, number BIGINT NOT NULL, owner_group TEXT NOT NULL,
        total BIGINT NOT NULL, merit BIGINT NOT NULL, subject TEXT NOT NULL, evidence TEXT NOT NULL, at_us BIGINT NOT NULL,
        filed BIGINT NOT NULL, PRIMARY KEY (payee, number))`,
      `CREATE TABLE listening_release_vote (model_sha256 TEXT NOT NULL, version BIGINT NOT NULL, payee TEXT NOT NULL,
        owner_group TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, at_us BIGINT NOT NULL,
        PRIMARY KEY (version, payee))`,
    ])
      await sql.raw(statement).execute(kysely);
  },
  '002-counted': async (kysely) => {
    await sql.raw('ALTER TABLE listening_pair ADD COLUMN counted BIGINT NOT NULL DEFAULT 0').execute(kysely);
  },
};
