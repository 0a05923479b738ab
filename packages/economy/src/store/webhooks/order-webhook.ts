import { ok, type Result } from '@jamnet/base';
import { type OrderEvent, parseOrderEvent } from '../../core/hardware/order-event.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import { placeOrder } from '../hardware/orders.ts';
import { refundOrder } from '../hardware/refund-order.ts';
import { type Handled, handleOnce } from './handle-once.ts';
import { type SignedRequest, verifyOrderEvent } from './signatures.ts';

/** Takes a shop's signed event: an order that was paid, or money that went back for one. Repeats write nothing. */
export async function takeOrderEvent(
  context: StoreContext,
  request: SignedRequest,
  headers: { timestamp: string; signature: string },
): Promise<Result<Handled, EconomyCode>> {
  const verified = verifyOrderEvent(request, headers);
  if (!verified.ok) return verified;
  const parsed = parseOrderEvent(verified.value);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  return handleOnce(context, request.nowUs, { source: 'orders', id: event.id }, () =>
    apply(context, request.nowUs, event),
  );
}

async function apply(
  context: StoreContext,
  nowUs: bigint,
  event: OrderEvent,
): Promise<Result<Handled, EconomyCode>> {
  if (event.type === 'order.refunded') {
    const { order, id, amountMinor, refundedAt } = event.refund;
    const undone = await refundOrder(context, nowUs, {
      order,
      refund: id,
      amountMinor: BigInt(amountMinor),
      receivedAtUs: BigInt(refundedAt) * 1_000_000n,
    });
    return undone.ok ? ok({ outcome: 'booked', detail: `refund ${id}`, order: undone.value }) : undone;
  }
  const { amountMinor, paidAt, discountCode, ...order } = event.order;
  const placed = await placeOrder(context, nowUs, {
    ...order,
    amountMinor: BigInt(amountMinor),
    discountCode: discountCode ?? null,
    placedAtUs: BigInt(paidAt) * 1_000_000n,
  });
  if (!placed.ok) return placed;
  const outcome = placed.value.repeated ? 'repeated' : 'booked';
  return ok({ outcome, detail: `order ${order.id}`, order: placed.value });
}
