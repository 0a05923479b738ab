import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, count, flag, list, orNull, record, text } from '../../api/shape.ts';

export interface Device {
  readonly state: string;
  readonly payee: string | null;
  readonly chargedMicroJam: string;
}

export interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly amountMinor: string;
  readonly currency: string;
  readonly refundedMinor: string;
  readonly discountCode: string | null;
  readonly placedAtUs: string;
  readonly state: string;
  readonly devices: readonly Device[];
}

/** What was paid at a shop. Amounts are decimal text. */
export interface NewOrder {
  readonly id: string;
  readonly principal: string;
  readonly product: string;
  readonly quantity: number;
  readonly amountMinor: string;
  readonly currency: string;
  readonly discountCode: string | null;
  readonly placedAtUs: string;
}

export interface Refund {
  readonly order: string;
  readonly refund: string;
  readonly amountMinor: string;
  readonly receivedAtUs: string;
}

/** Claim codes are told once. */
export interface Placed {
  readonly order: string;
  readonly codes: readonly string[];
  readonly repeated: boolean;
}

const order = record<Order>({
  id: text,
  product: text,
  quantity: count,
  amountMinor: amount,
  currency: text,
  refundedMinor: amount,
  discountCode: orNull(text),
  placedAtUs: amount,
  state: text,
  devices: list(record<Device>({ state: text, payee: orNull(text), chargedMicroJam: amount })),
});
const placed = record<Placed>({ order: text, codes: list(text), repeated: flag });
const refunded = record<{ undone: boolean; devices: readonly { missingMicroJam: string }[] }>({
  undone: flag,
  devices: list(record({ missingMicroJam: amount })),
});

export const hardware = {
  page: async (after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/hardware/orders',
      record({ orders: list(order), next: orNull(text) }),
      after === null ? {} : { query: { after } },
    );
    return answer.ok ? { ...answer, value: { rows: answer.value.orders, next: answer.value.next } } : answer;
  },
  place: (added: NewOrder) => sendRoute('POST /api/hardware/orders', placed, added),
  refund: (refund: Refund) => sendRoute('POST /api/hardware/refunds', refunded, refund),
  newCodes: (id: string) =>
    fetchRoute('POST /api/hardware/orders/:order/codes', placed, { params: { order: id } }),
};
