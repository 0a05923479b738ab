import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { hasTable } from '../schema-journal.ts';
import { refuseNewerSchema, schemaStates } from '../schema-state.ts';
import { recordStep } from './record-step.ts';
import { type StatementKind, shapeOf } from './statement-shape.ts';

/** Statements of one kind on one table. */
export interface PlannedChange {
  readonly kind: StatementKind;
  readonly table: string;
  readonly statements: number;
  /** Rows that are read or written at most: all that the table has now. */
  readonly rows: number;
}

export interface PlannedStep {
  readonly store: string;
  readonly step: string;
  readonly changes: readonly PlannedChange[];
  /** Whether processes of the previous release may go on beside it. */
  readonly isOnline: boolean;
}

/** A table with more rows is not scanned or rewritten while others wait to write: that takes longer than a tenth of a second. */
export const ROWS_ONLINE_MAX = 20_000;

/** Older processes still find all that they know. */
const ADDITIVE: ReadonlySet<StatementKind> = new Set([
  'create-table',
  'add-column',
  'create-index',
  'insert',
  'update',
  'trigger',
]);

/** What {@link migrate} would do to these stores, in its order; reads only. Throws `schema-too-new`. */
export async function planSchemas(
  database: Database,
  schemas: readonly Schema[],
): Promise<readonly PlannedStep[]> {
  const states = await schemaStates(database, schemas);
  await refuseNewerSchema(database, states);
  const planned: PlannedStep[] = [];
  for (const { store, waiting } of states) {
    const steps = schemas.find((each) => each.store === store)?.steps ?? {};
    for (const step of waiting) {
      const run = steps[step];
      if (run === undefined) continue;
      const changes = await changesOf(database, await recordStep(database, run));
      planned.push({ store, step, changes, isOnline: changes.every(isOnline) });
    }
  }
  return planned;
}

function isOnline({ kind, rows }: PlannedChange): boolean {
  return ADDITIVE.has(kind) && rows <= ROWS_ONLINE_MAX;
}

async function changesOf(database: Database, statements: readonly string[]): Promise<PlannedChange[]> {
  const changes = new Map<string, PlannedChange>();
  for (const { kind, table, rowsOf } of statements.map(shapeOf)) {
    const name = `${kind} ${table}`;
    const before = changes.get(name) ?? { kind, table, statements: 0, rows: 0 };
    // A step that goes from row to row writes a statement each: together they touch what the table has.
    const isCounted = before.statements > 0 && rowsOf === table;
    const rows = rowsOf === null || isCounted ? 0 : await countRows(database, rowsOf);
    changes.set(name, { ...before, statements: before.statements + 1, rows: Math.max(before.rows, rows) });
  }
  return [...changes.values()];
}

/** 0 where the table is not there yet. */
async function countRows({ kysely, engine }: Database, table: string): Promise<number> {
  if (!(await hasTable(kysely, engine, table))) return 0;
  const counted = sql<{ count: bigint }>`SELECT count(*) AS count FROM ${sql.table(table)}`;
  return Number((await counted.execute(kysely)).rows[0]?.count ?? 0);
}
