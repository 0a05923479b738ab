import { ok, present, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { ClaimState } from '../../core/hardware/order.ts';
import { paidForContribution } from '../closing/explain-payment.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import { latestPolicy } from '../policies.ts';
import { addIncoming } from '../revenue/incoming.ts';
import type { ClaimRow } from './hardware-tables.ts';
import { claimsOf, orderReceiptId, orderRow } from './orders.ts';

export interface OrderRefund {
  readonly order: string;
  /** Id of the refund at the shop: one refund, one id. */
  readonly refund: string;
  readonly amountMinor: bigint;
  readonly receivedAtUs: bigint;
}

/** What a refund did to each device of the order. */
export interface RefundedOrder {
  readonly order: string;
  readonly undone: boolean;
  readonly devices: readonly {
    readonly state: ClaimState;
    readonly chargedMicroJam: bigint;
    /** What was left of the reward that the buyer had no units for any more. */
    readonly missingMicroJam: bigint;
  }[];
}

/**
 * Books money that went back for an order. Once all of it is back the order is undone: codes nobody claimed are void, a
 * reward that no epoch has paid is withheld, and one that was paid is charged back or kept, as the policy says.
 */
export async function refundOrder(
  context: StoreContext,
  nowUs: bigint,
  { order: orderId, refund, amountMinor, receivedAtUs }: OrderRefund,
): Promise<Result<RefundedOrder, EconomyCode>> {
  const { tables } = context;
  const order = await orderRow(tables, orderId);
  if (!order) return refuse('unknown-order', `There is no order ${orderId}.`);
  if (amountMinor < 0n || (amountMinor === 0n && order.amount_minor > 0n))
    return refuse('order-malformed', `Refund of ${orderId}: the amount is above 0.`);
  if (amountMinor > 0n) {
    const { principal, currency } = order;
    const paidBack = {
      id: `${orderReceiptId(orderId)}:${refund}`,
      ...{ principal, product: null, stream: null, amountMinor, currency },
      reference: `refund ${refund} of order ${orderId}`,
      refundOf: orderReceiptId(orderId),
      receivedAtUs,
    };
    const booked = await addIncoming(context, nowUs, [paidBack]);
    if (!booked.ok) return booked;
  }
  const refunded = await refundedMinor(context, orderId);
  const undone = refunded >= order.amount_minor;
  await tables
    .updateTable('economy_order')
    .set({ refunded_minor: refunded, state: undone ? 'undone' : 'placed' })
    .where('id', '=', orderId)
    .execute();
  const devices = [];
  for (const claim of await claimsOf(tables, orderId)) {
    const missingMicroJam = undone ? await undo(context, nowUs, claim) : 0n;
    const after = (await claimsOf(tables, orderId)).find((each) => each.code_sha256 === claim.code_sha256);
    const row = present(after, 'claim');
    // Only this folder writes the column.
    const state = row.state as ClaimState;
    devices.push({ state, chargedMicroJam: row.charged_micro_jam, missingMicroJam });
  }
  return ok({ order: orderId, undone, devices });
}

/** All that has gone back of an order's payment, in its own currency. */
async function refundedMinor({ tables }: StoreContext, orderId: string): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .leftJoin('economy_foreign', 'economy_foreign.receipt_id', 'economy_receipt.id')
    .select(['economy_receipt.amount_cents', 'economy_foreign.amount_minor'])
    .where('economy_receipt.refund_of', '=', orderReceiptId(orderId))
    .execute();
  return rows.reduce((sum, row) => sum + (row.amount_minor ?? row.amount_cents), 0n);
}

/** Takes one device's claim back; answers what could not be charged. */
async function undo(context: StoreContext, nowUs: bigint, claim: ClaimRow): Promise<bigint> {
  switch (claim.state) {
    case 'open':
      await move(context, nowUs, claim, 'void');
      return 0n;
    case 'claimed':
      await move(context, nowUs, claim, 'withheld');
      return 0n;
    case 'rewarded':
      return takeBack(context, nowUs, claim);
    case 'charged-back':
      await postCharge(context, nowUs, claim);
      return 0n;
    default:
      return 0n;
  }
}

async function takeBack(context: StoreContext, nowUs: bigint, claim: ClaimRow): Promise<bigint> {
  const { tables, books } = context;
  const contribution = present(claim.contribution, 'reward');
  const { numDeletedRows } = await tables
    .deleteFrom('economy_contribution')
    .where('id', '=', contribution)
    .where('epoch_id', 'is', null)
    .executeTakeFirst();
  if (numDeletedRows > 0n) {
    await move(context, nowUs, claim, 'withheld');
    return 0n;
  }
  const rules = (await latestPolicy(tables))?.policy.hardware;
  if (rules?.afterReward === 'keep') {
    await move(context, nowUs, claim, 'kept');
    return 0n;
  }
  const payee = present(claim.payee, 'payee of a reward');
  const paid = await paidForContribution(tables, payee, contribution);
  // An unverified payee's units wait in escrow.
  const escrow = await books.balance(ACCOUNTS.escrowJam(payee));
  const from = escrow > 0n ? ACCOUNTS.escrowJam(payee) : ACCOUNTS.payeeJam(payee);
  const held = await books.balance(from);
  let charged = paid;
  if (held < charged) charged = held;
  // Decided and kept before it is posted: after a stop the same is posted under the same key.
  await move(context, nowUs, claim, 'charged-back', { charged, from });
  await postCharge(context, nowUs, { ...claim, charged_micro_jam: charged, charged_from: from });
  return paid - charged;
}

async function postCharge({ books }: StoreContext, nowUs: bigint, claim: ClaimRow): Promise<void> {
  const { contribution, charged_micro_jam: charged, charged_from: from } = claim;
  if (from === null || charged === 0n) return;
  const legs = [
    { account: from, amount: -charged },
    { account: ACCOUNTS.poolJam, amount: charged },
  ];
  await books.post(nowUs, [
    { key: `hardware:${contribution}:charge-back`, kind: 'hardware-charge-back', legs },
  ]);
}

async function move(
  { tables }: StoreContext,
  nowUs: bigint,
  claim: ClaimRow,
  state: ClaimState,
  taken: { charged: bigint; from: string } | null = null,
): Promise<void> {
  const charge = taken ? { charged_micro_jam: taken.charged, charged_from: taken.from } : {};
  await tables
    .updateTable('economy_claim')
    .set({ state, changed_at_us: nowUs, ...charge })
    .where('code_sha256', '=', claim.code_sha256)
    .execute();
}
