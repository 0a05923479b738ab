import { encodeUtf8, ok, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import Stripe from 'stripe';
import type { PaymentOrder } from '../payment.ts';
import type { Rail, RailReport } from '../rail.ts';
import { accountMayBePaid } from './account-gate.ts';
import { decidedCode, reasonOf } from './stripe-errors.ts';

export interface StripeRailOptions {
  readonly client: Stripe;
  /** What the platform's balance holds. */
  readonly currency: 'USD' | 'EUR';
}

/** Orders of one batch: each is a few requests, one after another. */
const ORDERS_MAX = 1_000;
/** "Some payouts that fail might initially show as paid", within five business days (Stripe, payout object). */
const ASKS_AGAIN_US = 10n * 86_400_000_000n;
/** Payouts of one account that are looked through, newest first. */
const PAYOUTS_LOOKED_AT_MAX = 10_000;
/** Metadata that names our payout on everything we make at Stripe. */
export const PAYOUT_METADATA = 'jamnet_payout';

/** A client for the rail. It leaves retries to us, save one after a closed connection that the SDK insists on: under the same key. */
export function stripeClient(secretKey: string, config: Stripe.StripeConfig = {}): Stripe {
  return new Stripe(secretKey, { maxNetworkRetries: 0, telemetry: false, timeout: 30_000, ...config });
}

/**
 * Stripe Connect: a transfer to the payee's account, then a payout from there to his bank, both named by our payout id.
 * Requests bear keys that derive from it, and since Stripe forgets keys after a day, what exists is looked up before
 * anything is made. What Stripe never heard of may still be on its way: it bears the same key as whatever is sent next.
 */
export function stripeRail({ client, currency }: StripeRailOptions): Rail {
  return {
    name: 'stripe',
    currency,
    ordersMax: ORDERS_MAX,
    asksAgainUs: ASKS_AGAIN_US,
    async mayPay(to) {
      if (to.account.kind !== 'stripe')
        return refuse('account-unfit', 'Stripe pays connected accounts only.');
      try {
        return accountMayBePaid(await client.accounts.retrieve(to.account.accountId), currency);
      } catch (error) {
        return refuse(reasonOf(error), `Stripe does not show this account: ${reasonOf(error)}.`);
      }
    },
    async submit({ orders }) {
      let available = await availableCents(client, currency);
      const reports: RailReport[] = [];
      for (const order of orders) {
        // Beyond the balance Stripe would refuse, and remember the refusal under the key for a day.
        const report = await submitOne(client, currency, order, available);
        if (report === null) continue;
        reports.push(report);
        if (report.outcome === 'accepted') available -= order.amountCents;
      }
      return reports;
    },
    async ask(payoutIds) {
      const reports: RailReport[] = [];
      for (const payoutId of payoutIds) reports.push(await askOne(client, payoutId));
      return reports;
    },
  };
}

async function availableCents(client: Stripe, currency: string): Promise<bigint> {
  const { available } = await client.balance.retrieve();
  const held = available.find((one) => one.currency.toUpperCase() === currency);
  return BigInt(held?.amount ?? 0);
}

/** `null` when nobody knows how it went. */
async function submitOne(
  client: Stripe,
  currency: string,
  { payoutId, to, amountCents }: PaymentOrder,
  available: bigint,
): Promise<RailReport | null> {
  try {
    let transfer = await transferOf(client, payoutId);
    if (!transfer) {
      if (to.account.kind !== 'stripe') return { payoutId, outcome: 'returned', reason: 'account-unfit' };
      if (amountCents > available) return null;
      transfer = await client.transfers.create(
        {
          amount: Number(amountCents),
          currency: currency.toLowerCase(),
          destination: to.account.accountId,
          transfer_group: payoutId,
          metadata: { [PAYOUT_METADATA]: payoutId },
        },
        { idempotencyKey: keyOf(payoutId) },
      );
    }
    await payoutOf(client, payoutId, transfer).catch(() => null);
    return { payoutId, outcome: 'accepted', reason: null };
  } catch (error) {
    const code = decidedCode(error);
    return code === null ? null : { payoutId, outcome: 'returned', reason: code };
  }
}

/** What Stripe holds of one payout; what a stop left half done is finished on the way. */
async function askOne(client: Stripe, payoutId: string): Promise<RailReport> {
  const transfer = await transferOf(client, payoutId);
  if (!transfer) return { payoutId, outcome: 'never-seen', reason: null };
  const amount = { cents: BigInt(transfer.amount), currency: transfer.currency.toUpperCase() };
  if (transfer.reversed) return { payoutId, outcome: 'returned', reason: 'transfer_reversed', amount };
  const payout = await payoutOf(client, payoutId, transfer).catch((error: unknown) => reasonOf(error));
  if (typeof payout === 'string') return { payoutId, outcome: 'accepted', reason: payout, amount };
  if (payout.status === 'paid') return { payoutId, outcome: 'settled', reason: null, amount };
  if (payout.status !== 'failed' && payout.status !== 'canceled')
    return { payoutId, outcome: 'accepted', reason: null, amount };
  // The money is back in the payee's account: it is back here only once the transfer is reversed too.
  const reason = payout.failure_code ?? `payout_${payout.status}`;
  const reversed = await client.transfers
    .createReversal(transfer.id, {}, { idempotencyKey: keyOf(`${payoutId}/reversal`) })
    .then(
      () => true,
      () => false,
    );
  return { payoutId, outcome: reversed ? 'returned' : 'accepted', reason, amount };
}

async function transferOf(client: Stripe, payoutId: string): Promise<Stripe.Transfer | null> {
  const { data } = await client.transfers.list({ transfer_group: payoutId, limit: 10 });
  return data.find((transfer) => transfer.metadata[PAYOUT_METADATA] === payoutId) ?? null;
}

/** The payout from the payee's account to his bank, made when it is not there yet. */
async function payoutOf(client: Stripe, payoutId: string, transfer: Stripe.Transfer): Promise<Stripe.Payout> {
  const { destination } = transfer;
  const stripeAccount = typeof destination === 'string' ? destination : (destination?.id ?? '');
  const made = client.payouts.list({ created: { gte: transfer.created }, limit: 100 }, { stripeAccount });
  let looked = 0;
  for await (const payout of made) {
    if (payout.metadata?.[PAYOUT_METADATA] === payoutId) return payout;
    if (++looked >= PAYOUTS_LOOKED_AT_MAX) break;
  }
  return client.payouts.create(
    { amount: transfer.amount, currency: transfer.currency, metadata: { [PAYOUT_METADATA]: payoutId } },
    { stripeAccount, idempotencyKey: keyOf(`${payoutId}/payout`) },
  );
}

/** The same request bears the same key for ever, in whatever process: hex SHA-256 of what it is for. */
function keyOf(subject: string): string {
  return toHex(sha256(encodeUtf8(subject)));
}

/** Which payouts an event of Stripe's is about. An event is a hint: the truth is asked for. */
export function payoutsOfEvent(event: Stripe.Event): string[] {
  if (!/^(transfer|payout)\./.test(event.type)) return [];
  const object: unknown = event.data.object;
  if (typeof object !== 'object' || object === null || !('metadata' in object)) return [];
  const metadata = object.metadata as Readonly<Record<string, unknown>> | null; // Stripe's metadata is flat, values are checked
  const payoutId = metadata?.[PAYOUT_METADATA];
  return typeof payoutId === 'string' && /^[0-9a-f]{32}$/.test(payoutId) ? [payoutId] : [];
}

export type StripeEventCode = 'event-signature';

/** Payouts named by a webhook's body, once its signature and its age (300 s at most) are found good. */
export function readStripePayoutEvent(
  body: string | Buffer,
  signature: string,
  secret: string,
  nowUs: bigint,
) {
  try {
    const event = Stripe.webhooks.constructEvent(
      body,
      signature,
      secret,
      300,
      undefined,
      Number(nowUs / 1_000n),
    );
    return ok(payoutsOfEvent(event));
  } catch {
    return refuse<StripeEventCode>(
      'event-signature',
      'The event is not signed with this webhook’s secret, or it is older than five minutes.',
    );
  }
}
