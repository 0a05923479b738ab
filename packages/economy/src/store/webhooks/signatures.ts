import { createHmac, timingSafeEqual } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import Stripe from 'stripe';
import type { StripeEvent } from '../../core/intake/stripe-event.ts';

/** What a signed event came with. `secrets` are those in force, two while one is being replaced. */
export interface SignedRequest {
  readonly body: Uint8Array;
  readonly secrets: readonly string[];
  readonly nowUs: bigint;
}

export type SignatureCode =
  | 'webhook-not-set-up'
  | 'webhook-signature-wrong'
  | 'webhook-too-old'
  | 'webhook-malformed';

/** How far the time that was signed may be from ours, seconds (Stripe's own default). */
export const TOLERANCE_S = 300;

const { webhooks } = new Stripe('no key: only signatures are checked');

/** Verifies `Stripe-Signature` over the raw body by the `stripe` package and answers the event. */
export function verifyStripe(request: SignedRequest, header: string): Result<StripeEvent, SignatureCode> {
  const { body, secrets, nowUs } = request;
  if (secrets.length === 0) return notSetUp('stripe-webhook.secret');
  const payload = Buffer.from(body);
  const nowMs = Number(nowUs / 1_000n);
  let fault: unknown;
  for (const secret of secrets) {
    try {
      const event = webhooks.constructEvent(payload, header, secret, TOLERANCE_S, undefined, nowMs);
      return isEvent(event)
        ? ok(event)
        : refuse('webhook-malformed', 'A signed event has id, type, created, livemode and data.object.');
    } catch (cause) {
      if (cause instanceof SyntaxError) return refuse('webhook-malformed', 'The signed body is no JSON.');
      // What one secret says about the time holds for all: only a matching signature is asked for its age.
      if (!isTooOld(fault)) fault = cause;
    }
  }
  return isTooOld(fault)
    ? refuse(
        'webhook-too-old',
        `The signature is older than ${TOLERANCE_S} s: a replay, or a clock is wrong.`,
      )
    : refuse('webhook-signature-wrong', 'Stripe-Signature does not fit the body under any secret in force.');
}

/**
 * Verifies a shop's event: `JAMNet-Signature: v1=<hex>` is HMAC-SHA256 under the shared secret over
 * `JAMNet-Timestamp ‖ '.' ‖ raw body`; several signatures stand with commas between them.
 */
export function verifyOrderEvent(
  request: SignedRequest,
  headers: { timestamp: string; signature: string },
): Result<unknown, SignatureCode> {
  const { body, secrets, nowUs } = request;
  if (secrets.length === 0) return notSetUp('order-webhook.secret');
  const given = headers.signature
    .slice(0, 1024)
    .split(',')
    .map((part) => part.trim());
  const isSigned =
    /^\d{1,12}$/.test(headers.timestamp) &&
    secrets.some((secret) => {
      const wanted = Buffer.from(signOrderEvent(secret, headers.timestamp, body));
      return given.some((one) => {
        const bytes = Buffer.from(one);
        return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
      });
    });
  if (!isSigned)
    return refuse(
      'webhook-signature-wrong',
      'JAMNet-Signature does not fit time and body under any secret in force.',
    );
  const ageS = nowUs / 1_000_000n - BigInt(headers.timestamp);
  if (ageS > BigInt(TOLERANCE_S) || ageS < -BigInt(TOLERANCE_S))
    return refuse(
      'webhook-too-old',
      `The signature is more than ${TOLERANCE_S} s from now: a replay, or a clock is wrong.`,
    );
  try {
    return ok(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return refuse('webhook-malformed', 'The signed body is no JSON.');
  }
}

/** One signature of `JAMNet-Signature`, as a shop makes it. */
export function signOrderEvent(secret: string, timestamp: string, body: Uint8Array): string {
  return `v1=${createHmac('sha256', secret).update(timestamp).update('.').update(body).digest('hex')}`;
}

function notSetUp(file: string): Result<never, SignatureCode> {
  return refuse(
    'webhook-not-set-up',
    `Put the shared secret into keys/${file} of the data directory; two lines while one replaces the other.`,
  );
}

/** The package tells this case by its text alone; 'outside the tolerance zone' is fixed by its own tests. */
function isTooOld(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('outside the tolerance zone');
}

function isEvent(event: unknown): event is StripeEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { id, type, created, livemode, data } = event as Partial<Record<keyof StripeEvent, unknown>>;
  return (
    typeof id === 'string' &&
    id !== '' &&
    id.length <= 255 &&
    typeof type === 'string' &&
    typeof created === 'number' &&
    typeof livemode === 'boolean' &&
    typeof data === 'object' &&
    data !== null &&
    'object' in data
  );
}
