import { assert, encodeUtf8, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { lesser } from '../core/money/amounts.ts';
import { worthCents } from '../core/money/unit-price.ts';
import type { Policy } from '../core/policy/policy.ts';
import { monthOf, quarterIdOf } from '../core/records/calendar.ts';
import type { Valuation } from '../core/records/records.ts';
import { clearRequests, type Fill } from '../core/redemption/redemption-clear.ts';
import { redemptionCapCents, usedParts } from '../core/redemption/redemption-gate.ts';
import { type RedemptionPrice, redemptionPrice } from '../core/redemption/redemption-price.ts';
import {
  advance,
  type Redemption,
  type RedemptionEvent,
  type RedemptionStatus,
  statusOf,
} from '../core/redemption/redemption-state.ts';
import { type Fence, leading } from './closing/leadership.ts';
import type { EconomyCode } from './codes.ts';
import type { StoreContext, Tables } from './context.ts';
import { latestPolicy } from './policies.ts';
import { redemptionOf, valuationOf } from './rows-of.ts';
import type { FillRow, PeriodRow, RedemptionRow } from './tables.ts';

export interface RedemptionRequest {
  readonly payee: string;
  readonly amountMicroJam: bigint;
  /** The caller's idempotency key: the same key asks once. */
  readonly key: string;
}

export interface RedemptionView extends Redemption {
  readonly status: RedemptionStatus;
  /** The status in a sentence for its owner. */
  readonly sentence: string;
}

export interface RedemptionRun {
  readonly capCents: bigint;
  readonly fills: readonly Fill[];
  readonly paidCents: bigint;
  readonly redeemedMicroJam: bigint;
  /** Past their cut-off, without a valuation to price them by. */
  readonly suspended: number;
}

/** Open redemptions of one payee. */
export const OPEN_PER_PAYEE_MAX = 16;
/** Requests that one run takes up; the rest wait for the next. */
export const REQUESTS_PER_RUN_MAX = 10_000;
const NOTHING_PAID: RedemptionRun = {
  capCents: 0n,
  fills: [],
  paidCents: 0n,
  redeemedMicroJam: 0n,
  suspended: 0,
};

/** Sets units aside for redemption. Forward pricing: nobody knows the price yet. */
export async function requestRedemption(
  context: StoreContext,
  nowUs: bigint,
  request: RedemptionRequest,
): Promise<Result<RedemptionView, EconomyCode>> {
  const { tables } = context;
  const published = await latestPolicy(tables);
  if (!published) return refuse('no-policy', 'Publish a policy first.');
  const fault = requestFault(request);
  if (fault) return fault;
  const id = redemptionId(request);
  const known = await find(tables, id);
  if (known && known.asked_micro_jam !== request.amountMicroJam) {
    return refuse('redemption-key-reused', 'This key was used for another amount; use a new one.');
  }
  if (!known) {
    const limit = await limitFault(tables, published.policy, nowUs, request);
    if (limit) return limit;
    const cutoffUs = published.policy.sample ? nowUs : monthOf(nowUs).endUs;
    await insert(tables, id, request, nowUs, cutoffUs);
  }
  await reserve(context, nowUs, redemptionOf(present(await find(tables, id), 'redemption')));
  const view = await viewOf(tables, id, nowUs);
  if (view.state === 'refused') return refuse('not-enough-jam', view.sentence);
  return ok(view);
}

function requestFault({ payee, amountMicroJam, key }: RedemptionRequest) {
  if (!/^p[0-9a-f]{32}$/.test(payee))
    return refuse<EconomyCode>('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  if (key.length < 1 || key.length > 128)
    return refuse<EconomyCode>('redemption-malformed', 'The key has 1 to 128 characters.');
  if (amountMicroJam > 0n && amountMicroJam < 1n << 62n) return null;
  return refuse<EconomyCode>('redemption-malformed', 'Ask for more than 0 JAM.');
}

async function limitFault(
  tables: Tables,
  policy: Policy,
  nowUs: bigint,
  { payee, amountMicroJam }: RedemptionRequest,
) {
  const open = await tables
    .selectFrom('economy_redemption')
    .select('id')
    .where('payee', '=', payee)
    .where('state', '=', 'open')
    .execute();
  if (open.length >= OPEN_PER_PAYEE_MAX) {
    return refuse<EconomyCode>(
      'too-many-redemptions',
      `${OPEN_PER_PAYEE_MAX} redemptions are open already: wait or cancel one.`,
    );
  }
  const latest = redemptionPrice(policy, (await valuations(tables)).slice(0, 1), -1n, nowUs);
  if (!latest || worthCents(amountMicroJam, latest.price) > 0n) return null;
  return refuse<EconomyCode>('redemption-too-small', 'This is worth less than a cent.');
}

/** Content decides the id: the same payee and key is the same request. */
function redemptionId({ payee, key }: RedemptionRequest): string {
  return toHex(sha256(encodeUtf8(`jamnet/redemption/v1\0${payee}\0${key}`))).slice(0, 32);
}

async function insert(
  tables: Tables,
  id: string,
  request: RedemptionRequest,
  nowUs: bigint,
  cutoffUs: bigint,
): Promise<void> {
  const row: RedemptionRow = {
    id,
    payee: request.payee,
    asked_micro_jam: request.amountMicroJam,
    paid_micro_jam: 0n,
    paid_cents: 0n,
    requested_at_us: nowUs,
    cutoff_us: cutoffUs,
    state: 'reserving',
    returned: 0n,
  };
  await tables
    .insertInto('economy_redemption')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
}

async function reserve(
  { tables, books }: StoreContext,
  nowUs: bigint,
  redemption: Redemption,
): Promise<void> {
  if (redemption.state !== 'reserving') return;
  const { id, payee, askedMicroJam } = redemption;
  const legs = [
    { account: ACCOUNTS.payeeJam(payee), amount: -askedMicroJam },
    { account: ACCOUNTS.redeemingJam(payee), amount: askedMicroJam },
  ];
  const held = await books.tryPost(nowUs, { key: `redeem:${id}:hold`, kind: 'redemption-hold', legs });
  await save(tables, redemption, { type: held ? 'reserved' : 'refused' });
}

/** Stores what an event makes of a redemption; answers `false` when somebody else moved it first. */
async function save(tables: Tables, redemption: Redemption, event: RedemptionEvent): Promise<boolean> {
  const next = advance(redemption, event);
  if (!next.ok) return false;
  const { state, paidMicroJam, paidCents, cutoffUs } = next.value;
  const changed = await tables
    .updateTable('economy_redemption')
    .set({ state, paid_micro_jam: paidMicroJam, paid_cents: paidCents, cutoff_us: cutoffUs })
    .where('id', '=', redemption.id)
    .where('state', '=', redemption.state)
    .where('paid_micro_jam', '=', redemption.paidMicroJam)
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** Gives the rest back to the wallet, as long as its price cannot be known. */
export async function cancelRedemption(
  context: StoreContext,
  nowUs: bigint,
  { id, payee }: { id: string; payee: string },
): Promise<Result<RedemptionView, EconomyCode>> {
  const { tables } = context;
  const row = await find(tables, id);
  if (!row || row.payee !== payee)
    return refuse('unknown-redemption', `There is no redemption ${id} of this payee.`);
  const published = present(await latestPolicy(tables), 'policy of a redemption');
  const priced = (await valuations(tables)).some(({ datedAtUs }) => datedAtUs > row.cutoff_us);
  if (row.state === 'open' && nowUs >= row.cutoff_us && (priced || !published.policy.sample)) {
    return refuse(
      'cut-off-passed',
      'The cut-off has passed: the price may be known, so it can no longer be cancelled.',
    );
  }
  if (row.state !== 'cancelled' && !(await save(tables, redemptionOf(row), { type: 'cancelled' }))) {
    return refuse('redemption-state', `The redemption is ${row.state}: there is nothing to cancel.`);
  }
  await returnCancelled(context, nowUs);
  return ok(await viewOf(tables, id, nowUs));
}

async function returnCancelled({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_redemption')
    .selectAll()
    .where('state', '=', 'cancelled')
    .where('returned', '=', 0n)
    .execute();
  for (const { id, payee, asked_micro_jam, paid_micro_jam } of rows) {
    const rest = asked_micro_jam - paid_micro_jam;
    const legs = [
      { account: ACCOUNTS.redeemingJam(payee), amount: -rest },
      { account: ACCOUNTS.payeeJam(payee), amount: rest },
    ];
    await books.post(nowUs, [{ key: `redeem:${id}:return`, kind: 'redemption-return', legs }]);
    await tables.updateTable('economy_redemption').set({ returned: 1n }).where('id', '=', id).execute();
  }
}

/** Finishes what a stop interrupted, then prices and pays what the gates allow. Calling it again pays nothing twice. */
export async function processRedemptions(
  context: StoreContext,
  nowUs: bigint,
): Promise<Result<RedemptionRun, EconomyCode>> {
  return leading(context, 'redemptions', (fence) => runRedemptions(context, nowUs, fence));
}

async function runRedemptions(
  context: StoreContext,
  nowUs: bigint,
  fence: Fence,
): Promise<Result<RedemptionRun, EconomyCode>> {
  const { tables } = context;
  const published = await latestPolicy(tables);
  if (!published) return refuse('no-policy', 'Publish a policy first.');
  const unreserved = await tables
    .selectFrom('economy_redemption')
    .selectAll()
    .where('state', '=', 'reserving')
    .execute();
  for (const row of unreserved) await reserve(context, nowUs, redemptionOf(row));
  await returnCancelled(context, nowUs);
  await postFills(context, nowUs);
  const run = await decideRun(context, nowUs, published.policy, fence);
  await postFills(context, nowUs);
  return ok(run);
}

type Priced = { readonly redemption: Redemption; readonly price: RedemptionPrice };

async function decideRun(
  context: StoreContext,
  nowUs: bigint,
  policy: Policy,
  fence: Fence,
): Promise<RedemptionRun> {
  const { tables } = context;
  const due = await tables
    .selectFrom('economy_redemption')
    .selectAll()
    .where('state', '=', 'open')
    .where('cutoff_us', '<=', nowUs)
    .orderBy('cutoff_us')
    .orderBy('id')
    .limit(REQUESTS_PER_RUN_MAX)
    .execute();
  const known = await valuations(tables);
  const priced: Priced[] = [];
  for (const redemption of due.map(redemptionOf)) {
    const price = redemptionPrice(policy, known, redemption.cutoffUs, nowUs);
    if (price) priced.push({ redemption, price });
  }
  const suspended = due.length - priced.length;
  const newest = newestPrice(priced);
  if (!newest) return { ...NOTHING_PAID, suspended };
  const period = await openPeriod(context, nowUs, policy, newest);
  const quarterUsedParts = await usedInQuarter(tables, period);
  const state = {
    reserveCents: period.reserve_cents,
    outstandingMicroJam: period.outstanding_micro_jam,
    price: newest.price,
  };
  const whole = redemptionCapCents(policy.redemption, { ...state, monthUsedParts: 0n, quarterUsedParts });
  const unused = whole > period.paid_cents ? whole - period.paid_cents : 0n;
  const capCents = lesser(unused, await context.books.balance(ACCOUNTS.reserveUsd));
  const requests = priced.map(({ redemption, price }) => ({
    id: redemption.id,
    microJam: redemption.askedMicroJam - redemption.paidMicroJam,
    price: price.price,
  }));
  const fills = clearRequests(requests, capCents, BigInt(policy.redemption.smallCents), period.id);
  await tables.transaction().execute(async (transaction) => {
    await fence(transaction);
    await storeFills(transaction, nowUs, policy, period, priced, fills);
  });
  const paidCents = fills.reduce((sum, { cents }) => sum + cents, 0n);
  const redeemedMicroJam = fills.reduce((sum, { microJam }) => sum + microJam, 0n);
  return { capCents, fills, paidCents, redeemedMicroJam, suspended };
}

function newestPrice(priced: readonly Priced[]): RedemptionPrice | null {
  let newest: RedemptionPrice | null = null;
  for (const { price } of priced) {
    if (!newest || (price.valuation?.datedAtUs ?? 0n) > (newest.valuation?.datedAtUs ?? 0n)) newest = price;
  }
  return newest;
}

/** The month's row, made at its first run with the reserve and units it begins with. A sample has one period for each valuation. */
async function openPeriod(
  { tables, books }: StoreContext,
  nowUs: bigint,
  policy: Policy,
  price: RedemptionPrice,
): Promise<PeriodRow> {
  const sampleId = policy.epochs.kind === 'sample' ? policy.epochs.id : null;
  const id = sampleId === null ? monthOf(nowUs).id : `${sampleId}/${price.valuation?.id ?? 'fixed'}`;
  const row: PeriodRow = {
    id,
    quarter_id: sampleId ?? quarterIdOf(nowUs),
    reserve_cents: await books.balance(ACCOUNTS.reserveUsd),
    outstanding_micro_jam: await books.outstandingMicroJam(),
    paid_cents: 0n,
    used_parts: 0n,
  };
  await tables
    .insertInto('economy_period')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
  return tables.selectFrom('economy_period').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function usedInQuarter(tables: Tables, period: PeriodRow): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_period')
    .select('used_parts')
    .where('quarter_id', '=', period.quarter_id)
    .where('id', '!=', period.id)
    .execute();
  return rows.reduce((sum, { used_parts }) => sum + used_parts, 0n);
}

async function storeFills(
  tables: Tables,
  nowUs: bigint,
  policy: Policy,
  period: PeriodRow,
  priced: readonly Priced[],
  fills: readonly Fill[],
): Promise<void> {
  const byId = new Map(priced.map((entry) => [entry.redemption.id, entry]));
  let paidCents = period.paid_cents;
  let parts = period.used_parts;
  for (const fill of fills) {
    const { redemption, price } = present(byId.get(fill.id), 'priced redemption');
    const nextCutoffUs = policy.sample ? (price.valuation?.datedAtUs ?? nowUs) : monthOf(nowUs).endUs;
    const moved = await save(tables, redemption, { type: 'filled', fill, nextCutoffUs });
    assert(moved, 'one run at a time pays redemptions');
    const row: FillRow = {
      id: `${fill.id}:${redemption.paidMicroJam}`,
      redemption_id: fill.id,
      payee: redemption.payee,
      micro_jam: fill.microJam,
      cents: fill.cents,
      valuation_id: price.valuation?.id ?? null,
      posted: 0n,
    };
    await tables.insertInto('economy_fill').values(row).execute();
    paidCents += fill.cents;
    parts += usedParts(fill.microJam, period.outstanding_micro_jam);
  }
  await tables
    .updateTable('economy_period')
    .set({ paid_cents: paidCents, used_parts: parts })
    .where('id', '=', period.id)
    .execute();
}

/** Units back to the pool, cash from the reserve to what is payable: one entry for each fill. */
async function postFills({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_fill')
    .selectAll()
    .where('posted', '=', 0n)
    .orderBy('id')
    .execute();
  const entries = rows.map(({ id, payee, micro_jam, cents }) => ({
    key: `redeem:${id}`,
    kind: 'redemption',
    legs: [
      { account: ACCOUNTS.redeemingJam(payee), amount: -micro_jam },
      { account: ACCOUNTS.poolJam, amount: micro_jam },
      { account: ACCOUNTS.reserveUsd, amount: -cents },
      { account: ACCOUNTS.payableUsd(payee), amount: cents },
    ],
  }));
  await books.post(nowUs, entries);
  for (const { id } of rows)
    await tables.updateTable('economy_fill').set({ posted: 1n }).where('id', '=', id).execute();
}

/** Redemptions listed at once. */
const LISTED_MAX = 1_000;

export async function redemptionList(
  { tables }: StoreContext,
  nowUs: bigint,
  payee?: string,
): Promise<RedemptionView[]> {
  const all = tables.selectFrom('economy_redemption').selectAll();
  const own = payee === undefined ? all : all.where('payee', '=', payee);
  const rows = await own.orderBy('requested_at_us', 'desc').orderBy('id').limit(LISTED_MAX).execute();
  return viewsOf(tables, rows, nowUs);
}

/** Valuations, the newest first. */
export async function valuations(tables: Tables): Promise<Valuation[]> {
  const rows = await tables
    .selectFrom('economy_valuation')
    .selectAll()
    .orderBy('dated_at_us', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(valuationOf);
}

async function find(tables: Tables, id: string): Promise<RedemptionRow | undefined> {
  return tables.selectFrom('economy_redemption').selectAll().where('id', '=', id).executeTakeFirst();
}

async function viewOf(tables: Tables, id: string, nowUs: bigint): Promise<RedemptionView> {
  const row = present(await find(tables, id), 'redemption');
  const [view] = await viewsOf(tables, [row], nowUs);
  return present(view, 'view');
}

export async function viewsOf(
  tables: Tables,
  rows: readonly RedemptionRow[],
  nowUs: bigint,
): Promise<RedemptionView[]> {
  const published = await latestPolicy(tables);
  const known = await valuations(tables);
  return rows.map((row) => {
    const redemption = redemptionOf(row);
    const priced =
      published !== null && redemptionPrice(published.policy, known, redemption.cutoffUs, nowUs) !== null;
    return { ...redemption, ...statusOf(redemption, nowUs, priced) };
  });
}
