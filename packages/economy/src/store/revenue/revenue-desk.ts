import type { Result } from '@jamnet/base';
import type { HardwareOrder } from '../../core/hardware/order.ts';
import type { ExchangeRate } from '../../core/intake/exchange-rate.ts';
import type { IncomingReceipt } from '../../core/intake/incoming-receipt.ts';
import type { Valuation } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import {
  claimDevice,
  creditFirstSession,
  type DeviceClaim,
  type DeviceSession,
  type DeviceView,
} from '../hardware/devices.ts';
import {
  listOrders,
  type OrderView,
  type PlacedOrder,
  placeOrder,
  reissueCodes,
} from '../hardware/orders.ts';
import { type OrderRefund, type RefundedOrder, refundOrder } from '../hardware/refund-order.ts';
import type { Added } from '../intake/records-once.ts';
import { listValuations } from '../intake/valuations.ts';
import type { RowsAfter } from '../row-place.ts';
import type { Handled } from '../webhooks/handle-once.ts';
import { takeOrderEvent } from '../webhooks/order-webhook.ts';
import type { SignedRequest } from '../webhooks/signatures.ts';
import { takeStripeEvent } from '../webhooks/stripe-webhook.ts';
import { addIncoming } from './incoming.ts';
import { openCentsOf } from './open-cents.ts';
import { addRate, listRates } from './rates.ts';
import { addSeat, endSeat, type Seat, seatsOf } from './seats.ts';

type Answer<T> = Promise<Result<T, EconomyCode>>;

/** Everything by which cash and devices come into the books. Times are UTC µs. */
export interface RevenueDesk {
  /** All of the call or none; `checkOnly` writes nothing. */
  add(nowUs: bigint, receipts: readonly IncomingReceipt[], options?: { checkOnly?: boolean }): Answer<Added>;
  addRate(nowUs: bigint, rate: ExchangeRate): Answer<Added>;
  rates(): Promise<readonly ExchangeRate[]>;
  valuations(): Promise<readonly Valuation[]>;
  addSeat(nowUs: bigint, seat: Pick<Seat, 'tenant' | 'principal'>): Answer<Added>;
  endSeat(nowUs: bigint, seat: Pick<Seat, 'tenant' | 'principal'>): Answer<Seat>;
  seats(tenant: string): Promise<readonly Seat[]>;
  /** What a principal has paid, less refunds, that no epoch has counted yet; cents, at least 0. */
  openCentsOf(principal: string): Promise<bigint>;
  /** An event of Stripe with its `Stripe-Signature`. */
  stripeEvent(request: SignedRequest, signature: string): Answer<Handled>;
  /** An event of a shop with its `JAMNet-Timestamp` and `JAMNet-Signature`. */
  orderEvent(request: SignedRequest, headers: { timestamp: string; signature: string }): Answer<Handled>;
  placeOrder(nowUs: bigint, order: HardwareOrder): Answer<PlacedOrder>;
  refundOrder(nowUs: bigint, refund: OrderRefund): Answer<RefundedOrder>;
  reissueCodes(nowUs: bigint, order: string): Answer<PlacedOrder>;
  /** Newest first. */
  orders(page: RowsAfter): Promise<readonly OrderView[]>;
  claimDevice(nowUs: bigint, claim: DeviceClaim): Answer<DeviceView>;
  creditFirstSession(nowUs: bigint, session: DeviceSession): Answer<DeviceView>;
}

/** `inTurn` runs steps that write one after another. */
export function revenueDesk(
  context: StoreContext,
  inTurn: <T>(step: () => Promise<T>) => Promise<T>,
): RevenueDesk {
  return {
    add: (nowUs, receipts, options) => inTurn(() => addIncoming(context, nowUs, receipts, options)),
    addRate: (nowUs, rate) => inTurn(() => addRate(context, nowUs, rate)),
    rates: () => listRates(context.tables),
    valuations: () => listValuations(context.tables),
    addSeat: (nowUs, seat) => inTurn(() => addSeat(context, nowUs, seat)),
    endSeat: (nowUs, seat) => inTurn(() => endSeat(context, nowUs, seat)),
    seats: (tenant) => seatsOf(context.tables, tenant),
    openCentsOf: (principal) => openCentsOf(context.tables, principal),
    stripeEvent: (request, signature) => inTurn(() => takeStripeEvent(context, request, signature)),
    orderEvent: (request, headers) => inTurn(() => takeOrderEvent(context, request, headers)),
    placeOrder: (nowUs, order) => inTurn(() => placeOrder(context, nowUs, order)),
    refundOrder: (nowUs, refund) => inTurn(() => refundOrder(context, nowUs, refund)),
    reissueCodes: (nowUs, order) => inTurn(() => reissueCodes(context, nowUs, order)),
    orders: (page) => listOrders(context.tables, page),
    claimDevice: (nowUs, claim) => inTurn(() => claimDevice(context, nowUs, claim)),
    creditFirstSession: (nowUs, session) => inTurn(() => creditFirstSession(context, nowUs, session)),
  };
}
