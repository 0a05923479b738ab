import { ok, type Result, refuse } from '@jamnet/base';
import { type Fence, leading } from '@jamnet/sql';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { lesser } from '../../core/money/amounts.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { clearRequests, type Fill } from '../../core/redemption/redemption-clear.ts';
import { redemptionCapCents } from '../../core/redemption/redemption-gate.ts';
import { type RedemptionPrice, redemptionPrice } from '../../core/redemption/redemption-price.ts';
import { REDEEMING } from '../closing/duties.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import { redemptionOf } from '../rows-of.ts';
import { returnCancelled } from './cancel-redemption.ts';
import { type Priced, postFills, storeFills } from './fills.ts';
import { openPeriod, usedInQuarter } from './redemption-period.ts';
import { reserve } from './request-redemption.ts';

export interface RedemptionRun {
  readonly capCents: bigint;
  readonly fills: readonly Fill[];
  readonly paidCents: bigint;
  readonly redeemedMicroJam: bigint;
  /** Past their cut-off, without a valuation to price them by. */
  readonly suspended: number;
}

/** Requests that one run takes up; the rest wait for the next. */
const REQUESTS_PER_RUN_MAX = 10_000;
const NOTHING_PAID: RedemptionRun = {
  capCents: 0n,
  fills: [],
  paidCents: 0n,
  redeemedMicroJam: 0n,
  suspended: 0,
};

/** Finishes what a stop interrupted, then prices and pays what the gates allow. Calling it again pays nothing twice. */
export async function processRedemptions(
  context: StoreContext,
  nowUs: bigint,
): Promise<Result<RedemptionRun, EconomyCode>> {
  return leading(context.database, REDEEMING, (fence) => runRedemptions(context, nowUs, fence));
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
