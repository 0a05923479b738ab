import { assert } from '@jamnet/base';
import type { MigrationStep } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';
import type { Perk, PerkState } from '../../core/perks/perk-state.ts';
import { PERK_KINDS, type PerkKind } from '../../core/policy/perk-catalogue.ts';
import type { EconomyTables } from '../tables.ts';

export interface PerkTables extends EconomyTables {
  economy_perk: PerkRow;
  economy_perk_event: PerkEventRow;
}

export interface PerkRow {
  id: string;
  payee: string;
  /** Terms of the policy at the time of the request: a later policy changes nothing of what was asked for. */
  item: string;
  kind: string;
  title: string;
  unit: string;
  price_cents: bigint;
  valid_days: bigint;
  month_id: string;
  quantity: bigint;
  used_quantity: bigint;
  held_micro_jam: bigint;
  cost_micro_jam: bigint;
  valuation_id: string | null;
  requested_at_us: bigint;
  granted_at_us: bigint | null;
  expires_at_us: bigint | null;
  state: string;
  /** 1 once the ledger holds what the state means. */
  posted: bigint;
  /** Single-use code of a hardware discount. */
  code: string | null;
}

/** What became of a perk, in order: its journal. */
export interface PerkEventRow {
  perk_id: string;
  event_number: bigint;
  type: string;
  quantity: bigint;
  /** The caller's word for it: a session, an order. The same reference uses once. */
  reference: string;
  at_us: bigint;
}

/** Forward only: add a step, never change one. */
export const PERK_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-perk': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_perk (id TEXT PRIMARY KEY, payee TEXT NOT NULL, item TEXT NOT NULL, kind TEXT NOT NULL,
      title TEXT NOT NULL, unit TEXT NOT NULL, price_cents ${integer} NOT NULL, valid_days ${integer} NOT NULL, month_id TEXT NOT NULL,
      quantity ${integer} NOT NULL CHECK (quantity > 0), used_quantity ${integer} NOT NULL CHECK (used_quantity <= quantity),
      held_micro_jam ${integer} NOT NULL, cost_micro_jam ${integer} NOT NULL CHECK (cost_micro_jam <= held_micro_jam),
      valuation_id TEXT, requested_at_us ${integer} NOT NULL, granted_at_us ${integer}, expires_at_us ${integer}, state TEXT NOT NULL,
      posted ${integer} NOT NULL, code TEXT UNIQUE)${strict}`.execute(kysely);
    await sql`CREATE TABLE economy_perk_event (perk_id TEXT NOT NULL REFERENCES economy_perk (id), event_number ${integer} NOT NULL,
      type TEXT NOT NULL, quantity ${integer} NOT NULL, reference TEXT NOT NULL, at_us ${integer} NOT NULL,
      PRIMARY KEY (perk_id, event_number))${strict}`.execute(kysely);
    await sql`CREATE INDEX economy_perk_state ON economy_perk (state)`.execute(kysely);
    await sql`CREATE INDEX economy_perk_payee ON economy_perk (payee)`.execute(kysely);
    await sql`CREATE INDEX economy_perk_posted ON economy_perk (posted)`.execute(kysely);
    await sql`CREATE INDEX economy_perk_month ON economy_perk (month_id)`.execute(kysely);
  },
};

/** A perk with its terms, as its owner and the operator see it. */
export interface PerkView extends Perk {
  readonly item: string;
  readonly kind: PerkKind;
  readonly title: string;
  readonly unit: string;
  readonly priceCents: bigint;
  /** The valuation that priced it; `null` before, and at a fixed price. */
  readonly valuationId: string | null;
  readonly grantedAtUs: bigint | null;
  readonly code: string | null;
  /** The state in a sentence. */
  readonly sentence: string;
}

export function perkOf(row: PerkRow): Perk {
  return {
    id: row.id,
    payee: row.payee,
    quantity: row.quantity,
    usedQuantity: row.used_quantity,
    heldMicroJam: row.held_micro_jam,
    costMicroJam: row.cost_micro_jam,
    requestedAtUs: row.requested_at_us,
    expiresAtUs: row.expires_at_us,
    // Only `perkAfter` makes what is written here.
    state: row.state as PerkState,
  };
}

export function perkKindOf(text: string): PerkKind {
  const kind = PERK_KINDS.find((known) => known === text);
  assert(kind, `the store holds known perks, not ${text}`);
  return kind;
}

export function findPerk(tables: Kysely<PerkTables>, id: string): Promise<PerkRow | undefined> {
  return tables.selectFrom('economy_perk').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Stores a moved perk with the line of its journal, in one transaction. */
export async function savePerk(
  tables: Kysely<PerkTables>,
  before: Perk,
  after: Perk,
  event: Omit<PerkEventRow, 'perk_id' | 'event_number'>,
  fields: Partial<Pick<PerkRow, 'posted' | 'valuation_id' | 'granted_at_us' | 'code'>> = {},
): Promise<void> {
  await tables.transaction().execute(async (transaction) => {
    const changed = await transaction
      .updateTable('economy_perk')
      .set({
        state: after.state,
        used_quantity: after.usedQuantity,
        cost_micro_jam: after.costMicroJam,
        expires_at_us: after.expiresAtUs,
        ...fields,
      })
      .where('id', '=', before.id)
      .where('state', '=', before.state)
      .where('used_quantity', '=', before.usedQuantity)
      .executeTakeFirst();
    assert(changed.numUpdatedRows === 1n, 'one call at a time moves a perk');
    const { count } = await transaction
      .selectFrom('economy_perk_event')
      .select((e) => e.fn.countAll<bigint>().as('count'))
      .where('perk_id', '=', before.id)
      .executeTakeFirstOrThrow();
    await transaction
      .insertInto('economy_perk_event')
      .values({ perk_id: before.id, event_number: BigInt(count), ...event })
      .execute();
  });
}
