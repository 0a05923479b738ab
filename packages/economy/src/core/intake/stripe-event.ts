import { ok, type Result, refuse } from '@jamnet/base';
import type { Policy } from '../policy/policy.ts';
import { STREAMS } from '../records/kinds.ts';
import type { IncomingReceipt } from './incoming-receipt.ts';

/**
 * What a Stripe event means for the books. `charge`: money came in. `refunded`: so much of a charge has gone back in all,
 * cards and disputes apart. `disputed` and `reinstated`: a bank took a charge's money, and gave it back. `ignored`: not cash.
 */
export type StripeMeaning =
  | { readonly kind: 'charge'; readonly receipt: IncomingReceipt }
  | {
      readonly kind: 'refunded';
      readonly charge: string;
      readonly totalMinor: bigint;
      readonly currency: string;
    }
  | {
      readonly kind: 'disputed';
      readonly charge: string;
      readonly dispute: string;
      readonly amountMinor: bigint;
      readonly currency: string;
    }
  | {
      readonly kind: 'reinstated';
      readonly charge: string;
      readonly dispute: string;
      readonly amountMinor: bigint;
      readonly currency: string;
    }
  | { readonly kind: 'ignored'; readonly why: string };

export type StripeEventCode = 'webhook-malformed' | 'webhook-unassigned' | 'webhook-test-mode';

/** The members that are read of an event; all else is left alone. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly data: { readonly object: unknown };
}

export const stripeReceiptId = (charge: string): string => `stripe:${charge}`;

/** Reads a verified event. Products are named by the charge's metadata (`jamnet_product` or `jamnet_stream`, `jamnet_principal`). */
export function stripeMeaning(policy: Policy, event: StripeEvent): Result<StripeMeaning, StripeEventCode> {
  if (!policy.sample && !event.livemode)
    return refuse('webhook-test-mode', 'A test-mode event brings no money: only a sample studio takes it.');
  const object = record(event.data.object);
  if (!object) return malformed('data.object is no object');
  switch (event.type) {
    case 'charge.succeeded':
    case 'charge.captured':
      return charge(policy, object);
    case 'charge.refunded':
      return refunded(object);
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
      return dispute(object, 'disputed');
    case 'charge.dispute.funds_reinstated':
      return dispute(object, 'reinstated');
    default:
      return ok({ kind: 'ignored', why: `${event.type.slice(0, 80)} changes no revenue here.` });
  }
}

function charge(policy: Policy, object: Members): Result<StripeMeaning, StripeEventCode> {
  const [id, currency, created] = [text(object.id), text(object.currency), whole(object.created)];
  if (!id || !currency || created === null) return malformed('a charge has id, currency and created');
  if (object.paid !== true || object.captured !== true)
    return ok({ kind: 'ignored', why: 'The charge is authorised, not captured: no money has come yet.' });
  const amountMinor = whole(object.amount_captured) ?? whole(object.amount);
  if (amountMinor === null || amountMinor <= 0n) return malformed('a charge has a captured amount above 0');
  const metadata = record(object.metadata) ?? {};
  const principal = text(metadata.jamnet_principal) ?? text(object.customer);
  if (!principal)
    return refuse('webhook-unassigned', `Charge ${id} names no customer and no jamnet_principal: who paid?`);
  const named = text(metadata.jamnet_stream);
  const stream = STREAMS.find((known) => known === named) ?? null;
  const product = text(metadata.jamnet_product) ?? (named ? null : (policy.unassignedProduct ?? null));
  if (product === null && stream === null)
    return refuse(
      'webhook-unassigned',
      `Charge ${id} has no metadata jamnet_product or jamnet_stream, and the policy no unassignedProduct.`,
    );
  return ok({
    kind: 'charge',
    receipt: {
      id: stripeReceiptId(id),
      ...{ principal, product, stream, amountMinor },
      currency: currency.toUpperCase(),
      reference: `Stripe ${id}`,
      refundOf: null,
      receivedAtUs: created * 1_000_000n,
    },
  });
}

function refunded(object: Members): Result<StripeMeaning, StripeEventCode> {
  const [id, currency, totalMinor] = [text(object.id), text(object.currency), whole(object.amount_refunded)];
  if (!id || !currency || totalMinor === null || totalMinor < 0n)
    return malformed('a refunded charge has id, currency and amount_refunded');
  return ok({ kind: 'refunded', charge: id, totalMinor, currency: currency.toUpperCase() });
}

function dispute(object: Members, kind: 'disputed' | 'reinstated'): Result<StripeMeaning, StripeEventCode> {
  const [id, currency, amountMinor] = [text(object.id), text(object.currency), whole(object.amount)];
  const disputed = text(object.charge) ?? text(record(object.charge)?.id);
  if (!id || !currency || !disputed || amountMinor === null || amountMinor <= 0n)
    return malformed('a dispute has id, charge, currency and amount');
  // An inquiry (status warning_…) takes no money.
  if (kind === 'disputed' && text(object.status)?.startsWith('warning_'))
    return ok({ kind: 'ignored', why: 'The dispute is an inquiry: no money has gone.' });
  return ok({ kind, charge: disputed, dispute: id, amountMinor, currency: currency.toUpperCase() });
}

type Members = Readonly<Record<string, unknown>>;

function record(value: unknown): Members | null {
  // Checked: an object that is no list has string keys, whose values stay unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function whole(value: unknown): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

function malformed(why: string): Result<never, StripeEventCode> {
  return refuse('webhook-malformed', `The event cannot be read: ${why}.`);
}
