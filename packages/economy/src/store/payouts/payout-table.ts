import { encodeUtf8, toHex } from '@jamnet/base';
import type { MigrationStep } from '@jamnet/sql';
import { sha256 } from '@noble/hashes/sha2.js';
import { sql } from 'kysely';
import type { PayoutState } from '../../rails/payout-state.ts';

export interface PayoutRow {
  id: string;
  payee: string;
  /** Gross: what leaves the payee's claim. */
  usd_cents: bigint;
  /** Units of the rail's currency for one dollar, kept with the payout. */
  rate_numerator: bigint;
  rate_denominator: bigint;
  rail: string;
  state: string;
  batch_id: string | null;
  /** 1 once the rail has said that it holds the payout. */
  acknowledged: bigint;
  /** 1 when it was settled at some time, also when it came back later. */
  was_settled: bigint;
  /** 1 once the ledger holds what the state means. */
  posted: bigint;
  reason: string | null;
  attempts: bigint;
  requested_at_us: bigint;
  /** Tax kept back and owed to an authority; out of the gross. */
  withheld_cents: bigint;
  /** Kept by the studio once the payout has settled; out of the gross. */
  fee_cents: bigint;
  /** The policy that set tax and fee. */
  policy_sha256: string | null;
  settled_at_us: bigint | null;
  returned_at_us: bigint | null;
}

export interface PayoutTables {
  economy_payout: PayoutRow;
}

export const PAYOUT_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-payout': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_payout (id TEXT PRIMARY KEY, payee TEXT NOT NULL, usd_cents ${integer} NOT NULL CHECK (usd_cents > 0),
      rate_numerator ${integer} NOT NULL, rate_denominator ${integer} NOT NULL, rail TEXT NOT NULL, state TEXT NOT NULL, batch_id TEXT,
      acknowledged ${integer} NOT NULL, was_settled ${integer} NOT NULL, posted ${integer} NOT NULL, reason TEXT,
      attempts ${integer} NOT NULL, requested_at_us ${integer} NOT NULL)${strict}`.execute(kysely);
    await sql`CREATE INDEX economy_payout_state ON economy_payout (state)`.execute(kysely);
  },
  '002-terms': async (kysely, engine) => {
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    const columns = [
      sql`withheld_cents ${integer} NOT NULL DEFAULT 0 CHECK (withheld_cents >= 0)`,
      sql`fee_cents ${integer} NOT NULL DEFAULT 0 CHECK (fee_cents >= 0)`,
      sql`policy_sha256 TEXT`,
      sql`settled_at_us ${integer}`,
      sql`returned_at_us ${integer}`,
    ];
    for (const column of columns) await sql`ALTER TABLE economy_payout ADD COLUMN ${column}`.execute(kysely);
    await sql`CREATE INDEX economy_payout_payee ON economy_payout (payee, requested_at_us)`.execute(kysely);
    await sql`CREATE INDEX economy_payout_batch ON economy_payout (batch_id)`.execute(kysely);
  },
};

/** Content decides the id: the same payee and key is the same payout. */
export function payoutIdOf(payee: string, key: string): string {
  return toHex(sha256(encodeUtf8(`jamnet/payout/v1\0${payee}\0${key}`))).slice(0, 32);
}

export function stateOf(row: PayoutRow): PayoutState {
  return row.state as PayoutState; // only `payoutAfter` writes this column
}

/** What is sent, US cents. */
export function netOf({ usd_cents, withheld_cents, fee_cents }: PayoutRow): bigint {
  return usd_cents - withheld_cents - fee_cents;
}

/** What is sent, in the rail's currency, rounded down; what is lost is less than a cent and stays outside. */
export function amountOf(row: PayoutRow): bigint {
  return (netOf(row) * row.rate_numerator) / row.rate_denominator;
}
