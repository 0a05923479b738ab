import type { Database } from '@jamnet/sql';
import { sql } from 'kysely';

/** Stores of the studio's packages, each with tables and migrations of its own. */
const STORES = [
  'account',
  'acts',
  'economy',
  'economy_payee_files',
  'economy_payouts',
  'economy_perks',
  'economy_reports',
  'groove',
  'ledger',
  'listening',
  'mesh',
  'music',
  'pairing',
] as const;

/** How far the tables of one store have been brought. */
export interface SchemaStep {
  readonly store: string;
  /** Name of the last step, which begins with its number. */
  readonly step: string;
}

/** The last migration of each store that this database has. */
export async function schemaSteps(database: Database): Promise<readonly SchemaStep[]> {
  const steps: SchemaStep[] = [];
  for (const store of STORES) {
    const table = sql.table(`${store}_migration`);
    const { rows } = await sql<{ name: string }>`SELECT max(name) AS name FROM ${table}`.execute(
      database.kysely,
    );
    const [last] = rows;
    if (last?.name) steps.push({ store, step: last.name });
  }
  return steps;
}
