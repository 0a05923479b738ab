import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import type { Policy } from '../policy/policy.ts';

/** One sale of devices. Each device gets a claim code of its own. */
export interface HardwareOrder {
  readonly id: string;
  /** Who pays; never published. */
  readonly principal: string;
  readonly product: string;
  readonly quantity: number;
  /** What is paid in money, in the currency's smallest unit; 0 when a perk covers all. */
  readonly amountMinor: bigint;
  readonly currency: string;
  /** Code of a discount that was paid in JAMBucks; no revenue, so it is not in the amount. `null` without one. */
  readonly discountCode: string | null;
  readonly placedAtUs: bigint;
}

/** `claimed` waits for its first session; the last four are final. */
export type ClaimState = 'open' | 'claimed' | 'rewarded' | 'void' | 'withheld' | 'charged-back' | 'kept';

export type OrderCode = 'order-malformed' | 'product-not-hardware';

export const DEVICES_PER_ORDER_MAX = 100;
const NAME = /^[\x21-\x7e]{1,100}$/;

export function checkOrder(policy: Policy, order: HardwareOrder): Result<HardwareOrder, OrderCode> {
  const bad = (why: string): Refusal<OrderCode> => refuse('order-malformed', `Order ${order.id}: ${why}`);
  if (!NAME.test(order.id) || !NAME.test(order.principal))
    return bad('id and principal are 1 to 100 visible ASCII characters.');
  if (!Number.isInteger(order.quantity) || order.quantity < 1 || order.quantity > DEVICES_PER_ORDER_MAX)
    return bad(`the quantity is within 1 and ${DEVICES_PER_ORDER_MAX}.`);
  if (order.amountMinor < 0n) return bad('the amount is not negative.');
  if (order.discountCode !== null && !NAME.test(order.discountCode))
    return bad('discountCode is the code of a hardware discount.');
  if (order.amountMinor === 0n && order.discountCode === null)
    return bad('an order without money names the discount that paid it.');
  return policy.products?.[order.product]?.stream === 'hardware'
    ? ok(order)
    : refuse(
        'product-not-hardware',
        `Order ${order.id}: the policy sells no hardware called ${order.product}.`,
      );
}
