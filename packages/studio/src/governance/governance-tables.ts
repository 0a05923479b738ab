import type { MigrationStep } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';

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
  /** Hash of the policy that the decision adopts; null where it adopts none. */
  adopted_sha256: string | null;
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
  // Which decision adopted a policy is looked up for everybody who reads the policies: by an index, not in every document.
  '002-adopted-policy': async (kysely) => {
    await sql.raw('ALTER TABLE governance_proposal ADD COLUMN adopted_sha256 TEXT').execute(kysely);
    await sql
      .raw('CREATE INDEX governance_proposal_adopted ON governance_proposal (adopted_sha256)')
      .execute(kysely);
    // Its own tables, as the step before made them.
    const tables = kysely as Kysely<GovernanceTables>;
    const decided = await tables
      .selectFrom('governance_proposal')
      .select(['id', 'decision'])
      .where('decision', 'is not', null)
      .execute();
    for (const { id, decision } of decided) {
      // Our own JSON.
      const { policySha256 } = JSON.parse(decision ?? '{}') as { policySha256?: string | null };
      await tables
        .updateTable('governance_proposal')
        .set({ adopted_sha256: policySha256 ?? null })
        .where('id', '=', id)
        .execute();
    }
  },
};
