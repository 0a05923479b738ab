import { sql } from 'kysely';
import { chunksOf, type StoreContext, type Tables } from '../context.ts';

/*
 * Uses are numbered as they come in and never deleted, so what an epoch takes is a mark: every use up to it, but for a
 * short list of those that wait. No use is written to when an epoch closes.
 */

/** Up to which number earlier epochs took uses; 0 before the first. */
export async function takenThrough(tables: Tables): Promise<bigint> {
  const { through } = await tables
    .selectFrom('economy_uses_taken')
    .select(({ fn }) => fn.max('through').as('through'))
    .executeTakeFirstOrThrow();
  return through ?? 0n;
}

/**
 * The number up to which no use can come in any more. PostgreSQL gives numbers before it commits: the lock waits for
 * all who have one, and whoever comes later gets a higher one.
 */
export async function usesThrough({ database, tables }: StoreContext): Promise<bigint> {
  return tables.transaction().execute(async (transaction) => {
    if (database.engine !== 'sqlite') await sql`LOCK TABLE economy_use IN SHARE MODE`.execute(transaction);
    return lastUse(transaction);
  });
}

/** The highest number of a use that is there. */
export async function lastUse(tables: Tables): Promise<bigint> {
  const { last } = await tables
    .selectFrom('economy_use')
    .select(({ fn }) => fn.max('number').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0n;
}

/** Sets the epoch's mark, and which uses up to it wait for a later one. */
export async function markUses(
  tables: Tables,
  epochId: string,
  through: bigint,
  waiting: readonly bigint[],
): Promise<void> {
  await tables.insertInto('economy_uses_taken').values({ epoch_id: epochId, through }).execute();
  await tables.deleteFrom('economy_use_waiting').execute();
  for (const numbers of chunksOf(waiting))
    await tables
      .insertInto('economy_use_waiting')
      .values(numbers.map((number) => ({ number })))
      .execute();
}
