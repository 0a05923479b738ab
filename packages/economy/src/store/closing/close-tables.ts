import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/** What the close keeps beside payments. */
export interface CloseTables {
  economy_block: BlockRow;
  economy_leader: { name: string; token: bigint };
}

/** A stretch of one column of a closed epoch; see `blocks.ts`. */
export interface BlockRow {
  epoch_id: string;
  part: string;
  number: bigint;
  bytes: Uint8Array;
}

export const closeMigration: MigrationStep = async (kysely, engine) => {
  const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
  const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
  const blob = sql.raw(engine === 'sqlite' ? 'BLOB' : 'BYTEA');
  await sql`CREATE TABLE economy_block (epoch_id TEXT NOT NULL, part TEXT NOT NULL, number ${integer} NOT NULL,
    bytes ${blob} NOT NULL, PRIMARY KEY (epoch_id, part, number))${strict}`.execute(kysely);
  // Lines are computed when somebody asks for them, from blocks.
  await sql`DROP TABLE economy_line`.execute(kysely);
  await sql`DROP TABLE economy_row_receipt`.execute(kysely);
  await sql`CREATE TABLE economy_leader (name TEXT PRIMARY KEY, token ${integer} NOT NULL)${strict}`.execute(
    kysely,
  );
  await sql`CREATE INDEX economy_receipt_principal ON economy_receipt (principal)`.execute(kysely);
};
