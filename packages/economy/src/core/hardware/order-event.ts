import { ok, type Result, refuse } from '@jamnet/base';
import Type, { type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { DEVICES_PER_ORDER_MAX } from './order.ts';

const closed = { additionalProperties: false } as const;
const Name = Type.String({ pattern: '^[\\x21-\\x7e]{1,100}$' });
const Amount = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' });
const Seconds = Type.Integer({ minimum: 0, maximum: 253_402_300_799 });

/** What a shop tells of an order, `jamnet/order-event/v1`; amounts in the currency's smallest unit as decimal text. */
export const OrderEventSchema = Type.Union([
  Type.Object(
    {
      schema: Type.Literal('jamnet/order-event/v1'),
      /** Id of the event: one event, one id, however often it is sent. */
      id: Name,
      type: Type.Literal('order.paid'),
      order: Type.Object(
        {
          id: Name,
          principal: Name,
          product: Type.String({ minLength: 1, maxLength: 64 }),
          quantity: Type.Integer({ minimum: 1, maximum: DEVICES_PER_ORDER_MAX }),
          amountMinor: Amount,
          currency: Type.String({ pattern: '^[A-Z]{3}$' }),
          paidAt: Seconds,
          /** Redemption that paid a discount in JAMBucks. */
          discountCode: Type.Optional(Name),
        },
        closed,
      ),
    },
    closed,
  ),
  Type.Object(
    {
      schema: Type.Literal('jamnet/order-event/v1'),
      id: Name,
      type: Type.Literal('order.refunded'),
      refund: Type.Object({ order: Name, id: Name, amountMinor: Amount, refundedAt: Seconds }, closed),
    },
    closed,
  ),
]);

export type OrderEvent = Static<typeof OrderEventSchema>;
export type OrderEventCode = 'webhook-malformed' | 'webhook-type-unknown';

/** Reads an event of a shop whose signature has been checked. */
export function parseOrderEvent(document: unknown): Result<OrderEvent, OrderEventCode> {
  if (Check(OrderEventSchema, document)) return ok(document);
  const type = typeof document === 'object' && document !== null && 'type' in document ? document.type : null;
  if (typeof type === 'string' && type !== 'order.paid' && type !== 'order.refunded')
    return refuse('webhook-type-unknown', `${type.slice(0, 80)} is no type of jamnet/order-event/v1.`);
  const [first] = Errors(OrderEventSchema, document);
  return refuse(
    'webhook-malformed',
    `The event is not valid at ${first?.instancePath || '/'}: ${first?.message ?? 'unreadable'}.`,
  );
}
