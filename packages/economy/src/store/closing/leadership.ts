import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { sql } from 'kysely';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';

/** Work that one process at a time does. */
export type Duty = 'close' | 'redemptions';

/** Told in a transaction that decides: throws when another process has taken over meanwhile. */
export type Fence = (transaction: Tables) => Promise<void>;

/**
 * Does leader's work: on PostgreSQL under an advisory lock, which ends with its connection however the process ends, and
 * with a token that each leader raises. A leader that lost its connection without noticing is stopped by the token
 * before it decides; what it had decided stands, and its postings have the same keys as its successor's. On SQLite one
 * process holds the data directory, so its own turn is enough.
 */
export async function leading<T>(
  { database, tables }: Pick<StoreContext, 'database' | 'tables'>,
  duty: Duty,
  work: (fence: Fence) => Promise<Result<T, EconomyCode>>,
): Promise<Result<T, EconomyCode>> {
  if (database.engine === 'sqlite') return work(async () => undefined);
  const lock = await takeLock(database, duty);
  if (!lock.ok) return lock;
  try {
    const token = await raiseToken(tables, duty);
    return await work((transaction) => assertToken(transaction, duty, token));
  } finally {
    await lock.value();
  }
}

type Postgres = Extract<Database, { engine: 'postgres' }>;

/** The lock by name; its release gives the connection back, or drops it when it is broken. */
async function takeLock(database: Postgres, duty: Duty): Promise<Result<() => Promise<void>, EconomyCode>> {
  const client = await database.pool.connect();
  // A connection that ends meanwhile takes the lock with it; the token then decides.
  let broken: Error | undefined;
  client.on('error', (error) => {
    broken = error;
  });
  const key = `jamnet/economy/${duty}`;
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [key],
  );
  if (!rows[0]?.locked) {
    client.release();
    return refuse(
      'another-process-leads',
      duty === 'close'
        ? 'Another process is closing an epoch: ask again when it is done.'
        : 'Another process is paying redemptions: ask again when it is done.',
    );
  }
  return ok(async () => {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  });
}

async function raiseToken(tables: Tables, duty: Duty): Promise<bigint> {
  const raised = await sql<{ token: bigint }>`INSERT INTO economy_leader (name, token) VALUES (${duty}, 1)
    ON CONFLICT (name) DO UPDATE SET token = economy_leader.token + 1 RETURNING token`.execute(tables);
  return raised.rows[0]?.token ?? 0n;
}

/** Holds the token's row until the transaction ends, so that no new leader begins between the look and the commit. */
async function assertToken(transaction: Tables, duty: Duty, token: bigint): Promise<void> {
  const row = await transaction
    .selectFrom('economy_leader')
    .select('token')
    .where('name', '=', duty)
    .forUpdate()
    .executeTakeFirst();
  if (row?.token !== token)
    throw new Failure('leader-replaced', 'Another process has taken over: nothing was decided here.');
}
