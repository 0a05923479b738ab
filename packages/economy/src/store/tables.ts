import type { MigrationStep } from '@jamnet/sql';
import { type Generated, sql } from 'kysely';
import { type CloseTables, closeMigration } from './closing/close-tables.ts';
import { type NumberTables, numberMigration } from './closing/number-tables.ts';
import { type HardwareTables, hardwareMigration } from './hardware/hardware-tables.ts';
import { type LiquidityTables, liquidityMigration } from './liquidity/liquidity-tables.ts';
import { type RevenueTables, revenueMigration } from './revenue/revenue-tables.ts';

/** The economy's tables as Kysely sees them; integers are bigint on both engines. */
export interface EconomyTables
  extends CloseTables,
    LiquidityTables,
    RevenueTables,
    HardwareTables,
    NumberTables {
  economy_policy: {
    sha256: string;
    document: string;
    sample: bigint;
    published_at_us: bigint;
    sequence: bigint;
  };
  economy_epoch: EpochRow;
  economy_receipt: ReceiptRow;
  economy_valuation: ValuationRow;
  economy_contribution: ContributionRow & { number: Generated<bigint> };
  economy_payee: { payee: string; owner_group: string; evidence: string; verified_at_us: bigint };
  economy_payment: { epoch_id: string; payee: string; micro_jam: bigint; cents: bigint; escrowed: bigint };
  economy_redemption: RedemptionRow;
  economy_fill: FillRow;
  economy_period: PeriodRow;
}

/** `open` takes records; `settling` is decided and being posted; `closed` is in the ledger. */
export type EpochState = 'open' | 'settling' | 'closed';

export interface EpochRow {
  id: string;
  sequence: bigint;
  state: string;
  policy_sha256: string;
  start_us: bigint;
  end_us: bigint;
  statement_sha256: string | null;
  /** Canonical JSON of the public epoch without its rows, which are kept as blocks. */
  public_json: string | null;
}

export interface ReceiptRow {
  id: string;
  principal: string;
  stream: string;
  amount_cents: bigint;
  currency: string;
  reference: string;
  refund_of: string | null;
  received_at_us: bigint;
  /** 1 once its cash is in the ledger. */
  posted: bigint;
  epoch_id: string | null;
}

export interface ValuationRow {
  id: string;
  value_cents: bigint;
  fully_diluted_units: bigint;
  dated_at_us: bigint;
  approved_by: string;
  document_sha256: string;
}

export interface ContributionRow {
  id: string;
  kind: string;
  meter: string;
  payees: string;
  merit: bigint;
  subject: string;
  accepted_at_us: bigint;
  evidence: string;
  owner_group: string;
  epoch_id: string | null;
}

export interface RedemptionRow {
  id: string;
  payee: string;
  asked_micro_jam: bigint;
  paid_micro_jam: bigint;
  paid_cents: bigint;
  requested_at_us: bigint;
  cutoff_us: bigint;
  state: string;
  /** 1 once a cancellation's units are back in the wallet. */
  returned: bigint;
}

export interface FillRow {
  id: string;
  redemption_id: string;
  payee: string;
  micro_jam: bigint;
  cents: bigint;
  valuation_id: string | null;
  posted: bigint;
}

/** One month of redemptions: the reserve and units it began with and what it has used. */
export interface PeriodRow {
  id: string;
  quarter_id: string;
  reserve_cents: bigint;
  outstanding_micro_jam: bigint;
  paid_cents: bigint;
  used_parts: bigint;
}

/** Forward only: add a step, never change one. */
export const MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-economy': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    const tables = [
      sql`CREATE TABLE economy_policy (sha256 TEXT PRIMARY KEY, document TEXT NOT NULL, sample ${integer} NOT NULL,
        published_at_us ${integer} NOT NULL, sequence ${integer} NOT NULL UNIQUE)${strict}`,
      sql`CREATE TABLE economy_epoch (id TEXT PRIMARY KEY, sequence ${integer} NOT NULL UNIQUE, state TEXT NOT NULL,
        policy_sha256 TEXT NOT NULL REFERENCES economy_policy (sha256), start_us ${integer} NOT NULL,
        end_us ${integer} NOT NULL, statement_sha256 TEXT, public_json TEXT)${strict}`,
      sql`CREATE TABLE economy_receipt (id TEXT PRIMARY KEY, principal TEXT NOT NULL, stream TEXT NOT NULL,
        amount_cents ${integer} NOT NULL CHECK (amount_cents > 0), currency TEXT NOT NULL, reference TEXT NOT NULL,
        refund_of TEXT REFERENCES economy_receipt (id), received_at_us ${integer} NOT NULL, posted ${integer} NOT NULL,
        epoch_id TEXT)${strict}`,
      sql`CREATE TABLE economy_valuation (id TEXT PRIMARY KEY, value_cents ${integer} NOT NULL CHECK (value_cents > 0),
        fully_diluted_units ${integer} NOT NULL CHECK (fully_diluted_units > 0), dated_at_us ${integer} NOT NULL,
        approved_by TEXT NOT NULL, document_sha256 TEXT NOT NULL)${strict}`,
      sql`CREATE TABLE economy_contribution (id TEXT PRIMARY KEY, kind TEXT NOT NULL, meter TEXT NOT NULL,
        payees TEXT NOT NULL, merit ${integer} NOT NULL CHECK (merit >= 0), subject TEXT NOT NULL,
        accepted_at_us ${integer} NOT NULL, evidence TEXT NOT NULL, owner_group TEXT NOT NULL, epoch_id TEXT)${strict}`,
      sql`CREATE TABLE economy_use (row_id TEXT PRIMARY KEY, contribution TEXT NOT NULL REFERENCES economy_contribution (id),
        meter TEXT NOT NULL, quantity ${integer} NOT NULL CHECK (quantity > 0), principal TEXT NOT NULL, epoch_id TEXT)${strict}`,
      sql`CREATE TABLE economy_payee (payee TEXT PRIMARY KEY, owner_group TEXT NOT NULL, evidence TEXT NOT NULL,
        verified_at_us ${integer} NOT NULL)${strict}`,
      sql`CREATE TABLE economy_payment (epoch_id TEXT NOT NULL, payee TEXT NOT NULL, micro_jam ${integer} NOT NULL,
        cents ${integer} NOT NULL, escrowed ${integer} NOT NULL, PRIMARY KEY (epoch_id, payee))${strict}`,
      sql`CREATE TABLE economy_line (epoch_id TEXT NOT NULL, payee TEXT NOT NULL, line_number ${integer} NOT NULL,
        row_id TEXT NOT NULL, rule TEXT NOT NULL, kind TEXT NOT NULL, contribution TEXT NOT NULL, micro_jam ${integer} NOT NULL,
        PRIMARY KEY (epoch_id, payee, line_number))${strict}`,
      sql`CREATE TABLE economy_row_receipt (row_id TEXT NOT NULL, receipt_id TEXT NOT NULL, PRIMARY KEY (row_id, receipt_id))${strict}`,
      sql`CREATE TABLE economy_redemption (id TEXT PRIMARY KEY, payee TEXT NOT NULL,
        asked_micro_jam ${integer} NOT NULL CHECK (asked_micro_jam > 0), paid_micro_jam ${integer} NOT NULL,
        paid_cents ${integer} NOT NULL, requested_at_us ${integer} NOT NULL, cutoff_us ${integer} NOT NULL, state TEXT NOT NULL,
        returned ${integer} NOT NULL, CHECK (paid_micro_jam <= asked_micro_jam))${strict}`,
      sql`CREATE TABLE economy_fill (id TEXT PRIMARY KEY, redemption_id TEXT NOT NULL REFERENCES economy_redemption (id),
        payee TEXT NOT NULL, micro_jam ${integer} NOT NULL, cents ${integer} NOT NULL, valuation_id TEXT, posted ${integer} NOT NULL)${strict}`,
      sql`CREATE TABLE economy_period (id TEXT PRIMARY KEY, quarter_id TEXT NOT NULL, reserve_cents ${integer} NOT NULL,
        outstanding_micro_jam ${integer} NOT NULL, paid_cents ${integer} NOT NULL, used_parts ${integer} NOT NULL)${strict}`,
      sql`CREATE INDEX economy_contribution_epoch ON economy_contribution (epoch_id)`,
      sql`CREATE INDEX economy_use_epoch ON economy_use (epoch_id)`,
      sql`CREATE INDEX economy_receipt_epoch ON economy_receipt (epoch_id)`,
      sql`CREATE INDEX economy_payment_payee ON economy_payment (payee)`,
      sql`CREATE INDEX economy_redemption_open ON economy_redemption (state)`,
    ];
    for (const table of tables) await table.execute(kysely);
  },
  '002-hardware': hardwareMigration,
  '002-revenue': revenueMigration,
  '003-close': closeMigration,
  '004-liquidity': liquidityMigration,
  '005-numbers': numberMigration,
};
