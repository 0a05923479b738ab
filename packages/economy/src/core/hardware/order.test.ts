import { expect, test } from 'vitest';
import { samplePolicy } from '../policy/sample-policy.ts';
import { checkOrder, DEVICES_PER_ORDER_MAX, type HardwareOrder } from './order.ts';

test('an order is for as many devices as its limit, and not for one more', () => {
  const order: HardwareOrder = {
    id: 'order-1',
    principal: 'ann',
    product: 'jamcaster',
    quantity: DEVICES_PER_ORDER_MAX,
    amountMinor: 1n,
    currency: 'USD',
    discountCode: null,
    placedAtUs: 1n,
  };
  const products = { jamcaster: { title: 'JamCaster', stream: 'hardware' as const } };
  const policy = { ...samplePolicy({ epochId: 'sample-1' }), products };
  expect(checkOrder(policy, order)).toEqual({ ok: true, value: order });
  const more = { ...order, quantity: DEVICES_PER_ORDER_MAX + 1 };
  expect(checkOrder(policy, more)).toMatchObject({ ok: false, code: 'order-malformed' });
});
