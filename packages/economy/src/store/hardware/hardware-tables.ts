import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface HardwareTables {
  economy_order: OrderRow;
  economy_claim: ClaimRow;
}

export interface OrderRow {
  id: string;
  principal: string;
  product: string;
  quantity: bigint;
  amount_minor: bigint;
  currency: string;
  /** What of the amount has gone back. */
  refunded_minor: bigint;
  discount_code: string | null;
  placed_at_us: bigint;
  /** `placed` or `undone`. */
  state: string;
}

/** One device of an order, by the hash of its claim code. */
export interface ClaimRow {
  code_sha256: string;
  order_id: string;
  state: string;
  /** Ed25519 public key of the device, hex; `null` until it is claimed. */
  device_key: string | null;
  payee: string | null;
  /** Take of the session that was rewarded. */
  take: string | null;
  contribution: string | null;
  /** Salt of the reward's evidence; destroying it is how the evidence is erased. */
  salt: string | null;
  /** What a refund took back of the reward. */
  charged_micro_jam: bigint;
  /** Account that it was taken from. */
  charged_from: string | null;
  changed_at_us: bigint;
}

export const hardwareMigration: MigrationStep = async (kysely, engine) => {
  const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
  const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
  const tables = [
    sql`CREATE TABLE economy_order (id TEXT PRIMARY KEY, principal TEXT NOT NULL, product TEXT NOT NULL,
      quantity ${integer} NOT NULL, amount_minor ${integer} NOT NULL, currency TEXT NOT NULL,
      refunded_minor ${integer} NOT NULL CHECK (refunded_minor <= amount_minor), discount_code TEXT,
      placed_at_us ${integer} NOT NULL, state TEXT NOT NULL)${strict}`,
    sql`CREATE TABLE economy_claim (code_sha256 TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES economy_order (id),
      state TEXT NOT NULL, device_key TEXT UNIQUE, payee TEXT, take TEXT UNIQUE, contribution TEXT UNIQUE, salt TEXT,
      charged_micro_jam ${integer} NOT NULL, charged_from TEXT, changed_at_us ${integer} NOT NULL)${strict}`,
    sql`CREATE INDEX economy_claim_order ON economy_claim (order_id)`,
    sql`CREATE INDEX economy_contribution_subject ON economy_contribution (subject)`,
  ];
  for (const table of tables) await table.execute(kysely);
};
