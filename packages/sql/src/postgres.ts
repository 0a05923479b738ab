import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';

const INT8_OID = 20;
const NUMERIC_OID = 1700;

/** Default size of the connection pool: hot accounts gain nothing from more. */
const CONNECTIONS_MAX = 8;

/** Opens PostgreSQL by URL. `int8` comes back as bigint; integral `numeric` (sums of int8) too. */
export function openPostgres(options: { url: string; connectionsMax?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    types: { getTypeParser },
  });
  // An idle connection that the server ends (restart, failover) is replaced at the next use; without a listener it would end us.
  pool.on('error', () => undefined);
  // One that is in use fails whatever waits on it; its own event would end us all the same.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return { engine: 'postgres', kysely, pool, close: () => kysely.destroy() };
}

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (oid === INT8_OID || oid === NUMERIC_OID) return parseIntegral;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
};

/** Digits become bigint; anything else (a fraction) stays text, so that nobody computes with a rounded number. */
function parseIntegral(text: string): bigint | string {
  return /^-?\d+$/.test(text) ? BigInt(text) : text;
}
