import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface LiquidityTables {
  economy_liquidity: LiquidityRow;
  economy_conversion: ConversionRow;
}

/** `announced`, then `converting` once every conversion is decided, then `converted`. */
export type LiquidityState = 'announced' | 'converting' | 'converted';

export interface LiquidityRow {
  id: string;
  kind: string;
  price_cents: bigint;
  price_units: bigint;
  dated_at_us: bigint;
  approved_by: string;
  document_sha256: string;
  /** Policy whose rule holds: the one in force at the announcement. */
  policy_sha256: string;
  announced_at_us: bigint;
  state: string;
}

export interface ConversionRow {
  event_id: string;
  /** Account that the units leave. */
  account: string;
  micro_jam: bigint;
  cents: bigint;
  posted: bigint;
}

export const liquidityMigration: MigrationStep = async (kysely, engine) => {
  const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
  const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
  await sql`CREATE TABLE economy_liquidity (id TEXT PRIMARY KEY, kind TEXT NOT NULL, price_cents ${integer} NOT NULL,
    price_units ${integer} NOT NULL, dated_at_us ${integer} NOT NULL, approved_by TEXT NOT NULL, document_sha256 TEXT NOT NULL,
    policy_sha256 TEXT NOT NULL, announced_at_us ${integer} NOT NULL, state TEXT NOT NULL)${strict}`.execute(
    kysely,
  );
  await sql`CREATE TABLE economy_conversion (event_id TEXT NOT NULL REFERENCES economy_liquidity (id), account TEXT NOT NULL,
    micro_jam ${integer} NOT NULL, cents ${integer} NOT NULL, posted ${integer} NOT NULL, PRIMARY KEY (event_id, account))${strict}`.execute(
    kysely,
  );
};
