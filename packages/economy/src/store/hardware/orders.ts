import { ok, type Result, refuse } from '@jamnet/base';
import { claimCodeSha256, newClaimCode } from '../../core/hardware/claim-code.ts';
import { checkOrder, type HardwareOrder } from '../../core/hardware/order.ts';
import type { IncomingReceipt } from '../../core/intake/incoming-receipt.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import type { PerkTables } from '../perks/perk-tables.ts';
import { spendDiscount } from '../perks/use-perk.ts';
import { latestPolicy } from '../policies.ts';
import { addIncoming } from '../revenue/incoming.ts';
import { isBehind, type RowsAfter } from '../row-place.ts';
import type { ClaimRow, OrderRow } from './hardware-tables.ts';

/** What an order brought. Codes are told once, here: only their hashes are kept. */
export interface PlacedOrder {
  readonly order: string;
  readonly codes: readonly string[];
  /** The order was there; codes that got lost are replaced by `reissueCodes`. */
  readonly repeated: boolean;
}

export interface OrderView {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly refundedMinor: bigint;
  readonly discountCode: string | null;
  readonly placedAtUs: bigint;
  readonly state: string;
  readonly devices: readonly {
    readonly state: string;
    readonly payee: string | null;
    readonly chargedMicroJam: bigint;
  }[];
}

/** Books what was paid and gives each device its claim code. Repeating it changes nothing. */
export async function placeOrder(
  context: StoreContext,
  nowUs: bigint,
  order: HardwareOrder,
): Promise<Result<PlacedOrder, EconomyCode>> {
  const { tables } = context;
  const stored = await orderRow(tables, order.id);
  if (stored) {
    const { refunded_minor: _refunded, state: _state, ...before } = stored;
    const { refunded_minor: __refunded, state: __state, ...now } = orderColumns(order);
    return JSON.stringify(textOf(before)) === JSON.stringify(textOf(now))
      ? ok({ order: order.id, codes: [], repeated: true })
      : refuse('order-differs', `Order ${order.id} is stored with other content; an id is used once.`);
  }
  const published = await latestPolicy(tables);
  if (!published) return refuse('no-policy', 'Publish a policy first: it names the products.');
  const checked = checkOrder(published.policy, order);
  if (!checked.ok) return checked;
  const receipts = order.amountMinor > 0n ? [receiptOfOrder(order)] : [];
  // What cannot be booked must not cost the buyer the discount.
  const bookable = await addIncoming(context, nowUs, receipts, { checkOnly: true });
  if (!bookable.ok) return bookable;
  if (order.discountCode !== null) {
    const perks = { ...context, tables: tables.withTables<Pick<PerkTables, keyof PerkTables>>() };
    const spent = await spendDiscount(perks, nowUs, { code: order.discountCode, orderId: order.id });
    if (!spent.ok) return spent;
  }
  const booked = await addIncoming(context, nowUs, receipts);
  if (!booked.ok) return booked;
  const codes = Array.from({ length: order.quantity }, () => newClaimCode(context.drawKey));
  await tables.transaction().execute(async (transaction) => {
    await transaction.insertInto('economy_order').values(orderColumns(order)).execute();
    await transaction
      .insertInto('economy_claim')
      .values(codes.map((code) => freshClaim(code, order.id, nowUs)))
      .execute();
  });
  return ok({ order: order.id, codes, repeated: false });
}

/** New codes for the devices of an order that nobody has claimed; the old ones are void. */
export async function reissueCodes(
  { tables, drawKey }: StoreContext,
  nowUs: bigint,
  orderId: string,
): Promise<Result<PlacedOrder, EconomyCode>> {
  const order = await orderRow(tables, orderId);
  if (!order) return refuse('unknown-order', `There is no order ${orderId}.`);
  if (order.state !== 'placed') return refuse('order-undone', `Order ${orderId} was refunded.`);
  const codes = await tables.transaction().execute(async (transaction) => {
    const open = await transaction
      .deleteFrom('economy_claim')
      .where('order_id', '=', orderId)
      .where('state', '=', 'open')
      .returning('code_sha256')
      .execute();
    const fresh = open.map(() => newClaimCode(drawKey));
    if (fresh.length > 0)
      await transaction
        .insertInto('economy_claim')
        .values(fresh.map((code) => freshClaim(code, orderId, nowUs)))
        .execute();
    return fresh;
  });
  return ok({ order: orderId, codes, repeated: false });
}

export async function orderRow(tables: Tables, id: string): Promise<OrderRow | undefined> {
  return tables.selectFrom('economy_order').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function claimsOf(tables: Tables, orderId: string): Promise<ClaimRow[]> {
  return tables
    .selectFrom('economy_claim')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('code_sha256')
    .execute();
}

/** The orders, the newest first. */
export async function listOrders(tables: Tables, { after, limit }: RowsAfter): Promise<readonly OrderView[]> {
  let query = tables.selectFrom('economy_order').selectAll();
  if (after !== null) query = query.where(isBehind('placed_at_us', after));
  const rows = await query.orderBy('placed_at_us', 'desc').orderBy('id').limit(limit).execute();
  const views: OrderView[] = [];
  for (const row of rows) views.push(orderView(row, await claimsOf(tables, row.id)));
  return views;
}

function orderView(row: OrderRow, claims: readonly ClaimRow[]): OrderView {
  return {
    id: row.id,
    product: row.product,
    quantity: Number(row.quantity),
    amountMinor: row.amount_minor,
    currency: row.currency,
    refundedMinor: row.refunded_minor,
    discountCode: row.discount_code,
    placedAtUs: row.placed_at_us,
    state: row.state,
    devices: claims.map(({ state, payee, charged_micro_jam }) => ({
      state,
      payee,
      chargedMicroJam: charged_micro_jam,
    })),
  };
}

function receiptOfOrder(order: HardwareOrder): IncomingReceipt {
  const { principal, product, amountMinor, currency, placedAtUs } = order;
  return {
    id: orderReceiptId(order.id),
    ...{ principal, product, stream: null, amountMinor, currency },
    reference: `order ${order.id}`,
    refundOf: null,
    receivedAtUs: placedAtUs,
  };
}

export function orderReceiptId(orderId: string): string {
  return `order:${orderId}`;
}

function orderColumns(order: HardwareOrder): OrderRow {
  return {
    id: order.id,
    principal: order.principal,
    product: order.product,
    quantity: BigInt(order.quantity),
    amount_minor: order.amountMinor,
    currency: order.currency,
    refunded_minor: 0n,
    discount_code: order.discountCode,
    placed_at_us: order.placedAtUs,
    state: 'placed',
  };
}

function freshClaim(code: string, orderId: string, nowUs: bigint): ClaimRow {
  return {
    code_sha256: claimCodeSha256(code),
    order_id: orderId,
    state: 'open',
    device_key: null,
    payee: null,
    take: null,
    contribution: null,
    salt: null,
    charged_micro_jam: 0n,
    charged_from: null,
    changed_at_us: nowUs,
  };
}

/** Members as sorted text, to compare rows of either engine. */
function textOf(row: object): string[] {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort();
}
