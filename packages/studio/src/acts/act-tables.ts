import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface ActTables {
  operator_act: ActRow;
}

export interface ActRow {
  /** Counted from 1. */
  number: bigint;
  /** The act as it is hashed: canonical JSON of an `Act`. */
  body: string;
  /** 32 hex digits of chance: without it nobody tells from the log what was done. */
  salt: string;
  /** Index in the log; null while it is on the way there, and where nothing was done. */
  leaf: bigint | null;
  /** HTTP status of the answer; null where the studio stopped before it. */
  status: bigint | null;
}

/** Forward only; fields are added, never changed. */
export const ACT_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-acts': async (kysely) => {
    await sql
      .raw(
        `CREATE TABLE operator_act (
          number BIGINT PRIMARY KEY, body TEXT NOT NULL, salt TEXT NOT NULL, leaf BIGINT, status BIGINT)`,
      )
      .execute(kysely);
  },
};
