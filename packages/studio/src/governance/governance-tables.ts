import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface ProposalRow {
  /** 32 hex digits: the beginning of its record's hash. */
  id: string;
  /** From 1, in the order of opening. */
  number: bigint;
  /** Canonical JSON of a `ProposalRecord`. */
  record: string;
  /** Canonical JSON of the proposed policy. */
  policy: string;
  /** Index in the log; null while it is on the way there. */
  leaf: bigint | null;
  /** Canonical JSON of a `DecisionRecord`; null until it is decided. */
  decision: string | null;
  /** The policy as it was adopted, where it is not the proposed one. */
  amended: string | null;
  decision_leaf: bigint | null;
}

export interface CommentRow {
  proposal: string;
  number: bigint;
  payee: string;
  text: string;
  at_us: bigint;
  hidden_reason: string | null;
}

export interface BallotRow {
  proposal: string;
  payee: string;
  owner_group: string;
  choice: string;
  number: bigint;
}

/** Whom the operator names as partner of the network. */
export interface PartnerRow {
  id: string;
  name: string;
  what: string;
  url: string;
  since_us: bigint;
}

export interface GovernanceTables {
  governance_proposal: ProposalRow;
  governance_comment: CommentRow;
  governance_ballot: BallotRow;
  governance_partner: PartnerRow;
}

/** Forward only; fields are added, never changed. */
export const GOVERNANCE_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-proposals': async (kysely) => {
    for (const statement of [
      `CREATE TABLE governance_proposal (id TEXT PRIMARY KEY, number BIGINT NOT NULL UNIQUE, record TEXT NOT NULL,
        policy TEXT NOT NULL, leaf BIGINT, decision TEXT, amended TEXT, decision_leaf BIGINT)`,
      `CREATE TABLE governance_comment (proposal TEXT NOT NULL, number BIGINT NOT NULL, payee TEXT NOT NULL,
        text TEXT NOT NULL, at_us BIGINT NOT NULL, hidden_reason TEXT, PRIMARY KEY (proposal, number))`,
      `CREATE TABLE governance_ballot (proposal TEXT NOT NULL, payee TEXT NOT NULL, owner_group TEXT NOT NULL,
        choice TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (proposal, payee))`,
      `CREATE TABLE governance_partner (id TEXT PRIMARY KEY, name TEXT NOT NULL, what TEXT NOT NULL, url TEXT NOT NULL,
        since_us BIGINT NOT NULL)`,
    ])
      await sql.raw(statement).execute(kysely);
  },
};
