import type { Kysely } from 'kysely';
import type { Database } from './database.ts';

/** One forward step. Fields are added, never changed; there is no way down. */
export type MigrationStep = (kysely: Kysely<unknown>, engine: Database['engine']) => Promise<void>;

/** The tables of one package, as the steps that made them. */
export interface Schema {
  /** Prefix of its tables; unique in a database. */
  readonly store: string;
  /** Named in the order they were written, e.g. `{ '001-journal': … }`. */
  readonly steps: Readonly<Record<string, MigrationStep>>;
}
