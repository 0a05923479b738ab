import { setTimeout as delay } from 'node:timers/promises';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Database, PostgresHandle } from './database.ts';
import type { MigrationStep } from './schema.ts';

/** Work that one process at a time does. */
export interface Duty {
  /** Store that it belongs to; its tokens are in the table `<store>_leader`. */
  readonly store: string;
  readonly name: string;
  /** Told to whoever comes while another process is at it: what that one does, and what to do. */
  readonly busy: string;
}

/** Told in a transaction that decides: throws `leader-replaced` when another process has taken over meanwhile. */
export type Fence = (transaction: QueryExecutorProvider) => Promise<void>;

/** The lead over a duty, until it is given back or its connection ends. */
export interface Lead {
  readonly fence: Fence;
  release(): Promise<void>;
}

const NO_RIVALS: Lead = { fence: async () => undefined, release: async () => undefined };
/** How often a lead that somebody else has is asked for again. */
const RETRY_MS = 20;

/**
 * Takes the lead over a duty: on PostgreSQL by an advisory lock, which ends with its connection however the process ends,
 * and with a token that each leader raises. A leader that lost its connection without noticing is stopped by the token
 * before it decides. On SQLite one process holds the data directory, so its own turn is enough. `waitMs`: how long to wait
 * for another leader, default not at all.
 */
export async function takeLead(
  database: Database,
  duty: Duty,
  { waitMs = 0 }: { readonly waitMs?: number } = {},
): Promise<Result<Lead, 'another-process-leads'>> {
  if (database.engine === 'sqlite') return ok(NO_RIVALS);
  const endMs = performance.now() + waitMs;
  for (;;) {
    const release = await tryLock(database, `jamnet/${duty.store}/${duty.name}`);
    if (release !== null) return ok(await raised(database, duty, release));
    if (performance.now() >= endMs) return refuse('another-process-leads', duty.busy);
    await delay(RETRY_MS);
  }
}

/** Does leader's work under {@link takeLead}; what it had decided stands, and a successor must be able to go on from there. */
export async function leading<T, C extends string>(
  database: Database,
  duty: Duty,
  work: (fence: Fence) => Promise<Result<T, C>>,
  options: { readonly waitMs?: number } = {},
): Promise<Result<T, C | 'another-process-leads'>> {
  const lead = await takeLead(database, duty, options);
  if (!lead.ok) return lead;
  try {
    return await work(lead.value.fence);
  } finally {
    await lead.value.release();
  }
}

/** The step that makes a store's table of tokens. */
export function leaderStep(store: string): MigrationStep {
  return async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE ${tableOf(store)} (name TEXT PRIMARY KEY, token ${integer} NOT NULL)${strict}`.execute(
      kysely,
    );
  };
}

async function raised(
  database: PostgresHandle,
  { store, name }: Duty,
  release: Lead['release'],
): Promise<Lead> {
  const table = tableOf(store);
  try {
    const { rows } = await sql<{ token: bigint }>`INSERT INTO ${table} (name, token) VALUES (${name}, 1)
      ON CONFLICT (name) DO UPDATE SET token = ${table}.token + 1 RETURNING token`.execute(database.kysely);
    const token = rows[0]?.token;
    return { release, fence: (transaction) => assertToken(transaction, { store, name }, token) };
  } catch (cause) {
    await release();
    throw cause;
  }
}

/** The lock by name, or `null` when another has it; its release gives the connection back, or drops it when it is broken. */
async function tryLock(database: PostgresHandle, key: string): Promise<Lead['release'] | null> {
  const client = await database.pool.connect();
  // A connection that ends meanwhile takes the lock with it; the token then decides.
  let broken: Error | undefined;
  const note = (error: Error): void => {
    broken = error;
  };
  client.on('error', note);
  const giveBack = (): void => {
    client.off('error', note);
    client.release(broken);
  };
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [key],
    );
    if (rows[0]?.locked !== true) {
      giveBack();
      return null;
    }
  } catch (cause) {
    note(cause instanceof Error ? cause : new Error(String(cause)));
    giveBack();
    throw cause;
  }
  return async () => {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(note);
    giveBack();
  };
}

/** Holds the token's row until the transaction ends, so that no new leader begins between the look and the commit. */
async function assertToken(
  transaction: QueryExecutorProvider,
  { store, name }: Pick<Duty, 'store' | 'name'>,
  token: bigint | undefined,
): Promise<void> {
  const { rows } = await sql<{
    token: bigint;
  }>`SELECT token FROM ${tableOf(store)} WHERE name = ${name} FOR UPDATE`.execute(transaction);
  if (token === undefined || rows[0]?.token !== token)
    throw new Failure('leader-replaced', 'Another process has taken over: nothing was decided here.');
}

function tableOf(store: string) {
  return sql.table(`${store}_leader`);
}
