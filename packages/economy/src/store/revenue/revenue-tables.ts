import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/** What intake keeps beside the receipts: how they came in. */
export interface RevenueTables {
  economy_rate: RateRow;
  economy_foreign: ForeignRow;
  economy_seat: SeatRow;
  economy_webhook: WebhookRow;
}

export interface RateRow {
  /** `EUR@2026-10-30`. */
  id: string;
  currency: string;
  day_us: bigint;
  numerator: bigint;
  denominator: bigint;
  document_sha256: string;
}

/** What a receipt was before it was converted. */
export interface ForeignRow {
  receipt_id: string;
  currency: string;
  amount_minor: bigint;
  rate_id: string;
}

/** Whose use counts as the tenant's. A seat that was left stays, so that uses brought again are known. */
export interface SeatRow {
  principal: string;
  tenant: string;
  since_us: bigint;
  until_us: bigint | null;
}

/** Signed events that were handled: each once. */
export interface WebhookRow {
  source: string;
  event_id: string;
  outcome: string;
  handled_at_us: bigint;
}

export const revenueMigration: MigrationStep = async (kysely, engine) => {
  const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
  const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
  const tables = [
    sql`CREATE TABLE economy_rate (id TEXT PRIMARY KEY, currency TEXT NOT NULL, day_us ${integer} NOT NULL,
      numerator ${integer} NOT NULL CHECK (numerator > 0), denominator ${integer} NOT NULL CHECK (denominator > 0),
      document_sha256 TEXT NOT NULL, UNIQUE (currency, day_us))${strict}`,
    sql`CREATE TABLE economy_foreign (receipt_id TEXT PRIMARY KEY REFERENCES economy_receipt (id), currency TEXT NOT NULL,
      amount_minor ${integer} NOT NULL CHECK (amount_minor > 0), rate_id TEXT NOT NULL REFERENCES economy_rate (id))${strict}`,
    sql`CREATE TABLE economy_seat (principal TEXT NOT NULL, tenant TEXT NOT NULL, since_us ${integer} NOT NULL,
      until_us ${integer}, PRIMARY KEY (principal, since_us))${strict}`,
    sql`CREATE TABLE economy_webhook (source TEXT NOT NULL, event_id TEXT NOT NULL, outcome TEXT NOT NULL,
      handled_at_us ${integer} NOT NULL, PRIMARY KEY (source, event_id))${strict}`,
    sql`CREATE INDEX economy_receipt_refund ON economy_receipt (refund_of)`,
    sql`CREATE INDEX economy_seat_tenant ON economy_seat (tenant)`,
  ];
  for (const table of tables) await table.execute(kysely);
};
