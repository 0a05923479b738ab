import { ok, present, type Result } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { unitPrice } from '../../core/money/unit-price.ts';
import { perkCostMicroJam } from '../../core/perks/perk-price.ts';
import { perkSentence } from '../../core/perks/perk-state.ts';
import type { PerkRule } from '../../core/policy/perk-catalogue.ts';
import type { Books } from '../books.ts';
import type { StoreContext } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import { isBehind, type RowsAfter } from '../row-place.ts';
import type { PerkCode } from './perk-codes.ts';
import {
  findPerk,
  PERK_STEPS,
  type PerkRow,
  type PerkTables,
  type PerkView,
  perkKindOf,
  perkOf,
} from './perk-tables.ts';
import { type PerkRequest, requestPerk } from './request-perk.ts';
import { type PerkRun, settlePerks } from './settle-perks.ts';
import { type Discount, discountOf, type PerkUse, revokePerk, spendDiscount, usePerk } from './use-perk.ts';

export interface PerkContext {
  readonly tables: Kysely<PerkTables>;
  readonly books: Books;
  readonly drawKey: () => Uint8Array;
}

/** A perk on offer, with what one unit would cost at the last valuation; the next one decides. */
export interface PerkOffer extends Omit<PerkRule, 'priceCents'> {
  readonly item: string;
  readonly priceCents: bigint;
  readonly lastCostMicroJam: bigint | null;
}

/** One line of a grant's journal. */
export interface PerkEventView {
  readonly type: string;
  readonly quantity: bigint;
  readonly reference: string;
  readonly atUs: bigint;
}

type Answer<T> = Promise<Result<T, PerkCode>>;

/** Perks paid in JAM. They are never revenue: units go back to the pool and no cash moves. */
export interface PerkDesk {
  offers(): Promise<readonly PerkOffer[]>;
  request(nowUs: bigint, request: PerkRequest): Answer<PerkView>;
  /** Grants what has a price now; ends what is over. To be called after each valuation and now and then. */
  settle(nowUs: bigint): Promise<PerkRun>;
  use(nowUs: bigint, use: PerkUse): Answer<PerkView>;
  revoke(nowUs: bigint, revocation: { id: string; reason: string }): Answer<PerkView>;
  perk(id: string): Promise<PerkView | null>;
  /** Newest first. */
  perksOf(payee: string, page: RowsAfter): Promise<readonly PerkView[]>;
  journal(id: string): Promise<readonly PerkEventView[]>;
  /** What a hardware discount's code is worth now. */
  discount(nowUs: bigint, code: string): Answer<Discount>;
  /** Spends a code on one order; repeating the same order is harmless. */
  spendDiscount(
    nowUs: bigint,
    spend: { code: string; orderId: string },
  ): Answer<{ grantId: string; cents: bigint }>;
}

/** Lines shown of one perk's journal. */
export const JOURNAL_LINES_MAX = 500;

export async function openPerks(
  database: Database,
  { books, drawKey }: StoreContext,
  inTurn: <T>(step: () => Promise<T>) => Promise<T>,
): Promise<PerkDesk> {
  await migrate(database, 'economy_perks', PERK_STEPS);
  const context: PerkContext = { tables: tablesOf<PerkTables>(database), books, drawKey };
  const view = async (id: string): Promise<PerkView> =>
    viewOf(present(await findPerk(context.tables, id), 'perk'));
  const viewAfter = async <T>(
    id: string,
    answer: Result<T, PerkCode>,
  ): Promise<Result<PerkView, PerkCode>> => (answer.ok ? ok(await view(id)) : answer);
  return {
    offers: () => offers(context),
    request: (nowUs, request) =>
      inTurn(async () => {
        const asked = await requestPerk(context, nowUs, request);
        if (!asked.ok) return asked;
        await settlePerks(context, nowUs);
        return ok(await view(asked.value));
      }),
    settle: (nowUs) => inTurn(() => settlePerks(context, nowUs)),
    use: (nowUs, use) => inTurn(async () => viewAfter(use.id, await usePerk(context, nowUs, use))),
    revoke: (nowUs, revocation) =>
      inTurn(async () => viewAfter(revocation.id, await revokePerk(context, nowUs, revocation))),
    perk: async (id) => {
      const row = await findPerk(context.tables, id);
      return row ? viewOf(row) : null;
    },
    perksOf: (payee, page) => perksOf(context, payee, page),
    journal: (id) => journal(context, id),
    discount: (nowUs, code) => discountOf(context, nowUs, code),
    spendDiscount: (nowUs, spend) => inTurn(() => spendDiscount(context, nowUs, spend)),
  };
}

function viewOf(row: PerkRow): PerkView {
  const perk = perkOf(row);
  return {
    ...perk,
    item: row.item,
    kind: perkKindOf(row.kind),
    title: row.title,
    unit: row.unit,
    priceCents: row.price_cents,
    valuationId: row.valuation_id,
    grantedAtUs: row.granted_at_us,
    code: row.code,
    sentence: perkSentence(perk),
  };
}

async function offers({ tables }: PerkContext): Promise<PerkOffer[]> {
  const published = await latestPolicy(tables);
  if (!published) return [];
  const price = unitPrice(published.policy, (await valuations(tables))[0] ?? null);
  return Object.entries(published.policy.perks ?? {}).map(([item, rule]) => ({
    ...rule,
    item,
    priceCents: BigInt(rule.priceCents),
    lastCostMicroJam: price.ok ? perkCostMicroJam(BigInt(rule.priceCents), price.value) : null,
  }));
}

async function perksOf(
  { tables }: PerkContext,
  payee: string,
  { after, limit }: RowsAfter,
): Promise<PerkView[]> {
  let query = tables.selectFrom('economy_perk').selectAll().where('payee', '=', payee);
  if (after !== null) query = query.where(isBehind('requested_at_us', after));
  const rows = await query.orderBy('requested_at_us', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(viewOf);
}

async function journal({ tables }: PerkContext, id: string): Promise<PerkEventView[]> {
  const rows = await tables
    .selectFrom('economy_perk_event')
    .selectAll()
    .where('perk_id', '=', id)
    .orderBy('event_number')
    .limit(JOURNAL_LINES_MAX)
    .execute();
  return rows.map(({ type, quantity, reference, at_us }) => ({ type, quantity, reference, atUs: at_us }));
}
