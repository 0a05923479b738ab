import { Type } from 'typebox';
import { DEVICE_CODES, ORDER_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { orNull, PlacedOrder, RefundedOrder, Whole } from './shapes.ts';

const OrderView = Type.Object(
  {
    id: Type.String(),
    product: Type.String(),
    quantity: Type.Number(),
    amountMinor: Whole,
    currency: Type.String(),
    refundedMinor: Whole,
    discountCode: orNull(Type.String()),
    placedAtUs: Whole,
    state: Type.String(),
    devices: Type.Array(
      Type.Object({ state: Type.String(), payee: orNull(Type.String()), chargedMicroJam: Whole }),
    ),
  },
  { title: 'OrderView' },
);
const DeviceView = Type.Object(
  {
    deviceKey: Type.String(),
    payee: Type.String(),
    product: Type.String(),
    state: Type.String(),
    contribution: orNull(Type.String()),
    reward: orNull(Whole),
  },
  { title: 'DeviceView' },
);

export const HARDWARE_CONTRACTS = {
  'GET /api/hardware/orders': {
    summary: 'Orders of devices',
    letsIn: 'readers',
    query: PageQuery,
    answer: pageOf('orders', OrderView),
    codes: ['cursor-malformed'],
  },
  'POST /api/hardware/orders': {
    summary: 'Places an order; the same id places once',
    letsIn: 'operator',
    answer: PlacedOrder,
    codes: [...ORDER_CODES],
  },
  'POST /api/hardware/refunds': {
    summary: 'Refunds an order; the same refund counts once',
    letsIn: 'operator',
    answer: RefundedOrder,
    codes: [...ORDER_CODES],
  },
  'POST /api/hardware/orders/:order/codes': {
    summary: 'New claim codes in place of unused ones',
    letsIn: 'operator',
    answer: PlacedOrder,
    codes: [...ORDER_CODES],
  },
  'POST /api/hardware/claims': {
    summary: 'A device is claimed for a payee; its key signs',
    letsIn: 'open',
    answer: DeviceView,
    codes: [...DEVICE_CODES],
  },
  'POST /api/hardware/sessions': {
    summary: "A device's first session is credited; its key signs",
    letsIn: 'open',
    answer: DeviceView,
    codes: [...DEVICE_CODES],
  },
} as const satisfies Contracts;
