import type { Database, Schema } from '@jamnet/sql';
import { POSTGRES_STEPS } from './postgres-journal.ts';
import { SQLITE_STEPS } from './sqlite-journal.ts';

/** The ledger's tables on each engine. */
export function ledgerSchema(engine: Database['engine']): Schema {
  return { store: 'ledger', steps: engine === 'sqlite' ? SQLITE_STEPS : POSTGRES_STEPS };
}
