import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '@jamnet/sql';
import { sql } from 'kysely';
import type { Policy } from '../../core/policy/policy.ts';
import { chunksOf, type Tables } from '../context.ts';
import type { EpochRow } from '../tables.ts';

/** Rows marked before other work of the thread gets its turn. */
const ROWS_PER_TURN = 50_000;

/** Marks the contributions that the epoch takes: turn by turn on SQLite, whose statements hold the thread. */
export async function markTaken(
  database: Database,
  tables: Tables,
  epoch: EpochRow,
  policy: Policy,
): Promise<void> {
  const meters = sql.join(Object.keys(policy.meters));
  const update = sql`UPDATE economy_contribution SET epoch_id = ${epoch.id}
    WHERE epoch_id IS NULL AND accepted_at_us < ${epoch.end_us} AND meter IN (${meters})`;
  if (database.engine !== 'sqlite') {
    await update.execute(tables);
    return;
  }
  const span = await sql<{ first: bigint | null; last: bigint | null }>`
    SELECT min(number) AS first, max(number) AS last FROM economy_contribution WHERE epoch_id IS NULL`.execute(
    tables,
  );
  const { first, last } = span.rows[0] ?? { first: null, last: null };
  if (first === null || last === null) return;
  for (let start = first; start <= last; start += BigInt(ROWS_PER_TURN)) {
    await sql`${update} AND number >= ${start} AND number < ${start + BigInt(ROWS_PER_TURN)}`.execute(tables);
    await turn();
  }
}

/** Receipts that count in the epoch. */
export async function markCounted(
  tables: Tables,
  epochId: string,
  receipts: readonly string[],
): Promise<void> {
  for (const ids of chunksOf(receipts))
    await tables
      .updateTable('economy_receipt')
      .set({ epoch_id: epochId })
      .where('id', 'in', [...ids])
      .execute();
}
