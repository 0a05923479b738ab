import { afterEach, beforeEach, expect, test } from 'vitest';
import { batch } from '../../testing/bank/bank-samples.ts';
import { LocalStripe, WEBHOOK_SECRET } from '../../testing/bank/local-stripe.ts';
import type { PaymentOrder } from '../payment.ts';
import type { Rail } from '../rail.ts';
import { readStripePayoutEvent, stripeClient, stripeRail } from './stripe-rail.ts';

let stripe: LocalStripe;
let rail: Rail;
beforeEach(async () => {
  stripe = await LocalStripe.open();
  stripe.books.addAccount('acct_1');
  rail = stripeRail({ client: stripe.client(), currency: 'USD' });
});
afterEach(() => stripe.close());

const ID = 'a'.repeat(32);
const to = (accountId: string) => ({ name: 'Payee', account: { kind: 'stripe', accountId } }) as const;
const order = (fields: Partial<PaymentOrder> = {}): PaymentOrder => ({
  payoutId: ID,
  to: to('acct_1'),
  amountCents: 500n,
  remittance: '',
  ...fields,
});
const of = (...orders: PaymentOrder[]) => batch(orders, { currency: 'USD' });
const posts = () => stripe.requests.filter((request) => request.startsWith('POST'));

test.each([
  ['stripe-account-restricted', { disabled_reason: 'requirements.past_due' }],
  ['stripe-account-incomplete', { payouts_enabled: false, currently_due: ['individual.id_number'] }],
  ['stripe-account-incomplete', { transfers: 'pending' }],
  ['stripe-account-schedule', { interval: 'daily' }],
] as const)('an account that Stripe does not let be paid waits: %s', async (code, fields) => {
  stripe.books.addAccount('acct_2', {
    ...fields,
    currently_due: [...('currently_due' in fields ? fields.currently_due : [])],
  });
  const may = await rail.mayPay(to('acct_2'), 1n);
  expect(may).toMatchObject({ ok: false, code });
  if ('currently_due' in fields) expect(may.ok ? '' : may.message).toContain('individual.id_number');
});

test('an account that Stripe does not know, and a Stripe that does not know us, pay nobody', async () => {
  expect(await rail.mayPay(to('acct_none'), 1n)).toMatchObject({ code: 'account_invalid' });
  const { host, port } = new URL('http://127.0.0.1:1');
  const away = stripeRail({
    client: stripeClient('sk_test_x', { host, port, protocol: 'http' }),
    currency: 'USD',
  });
  expect(await away.mayPay(to('acct_1'), 1n)).toMatchObject({ ok: false });
  await expect(away.ask([ID], 0n)).rejects.toThrow();
});

test('the same payout submitted again, also after Stripe has forgotten its key, is the same one transfer', async () => {
  for (let times = 0; times < 3; times++) {
    expect(await rail.submit(of(order()))).toMatchObject([{ payoutId: ID, outcome: 'accepted' }]);
    stripe.books.nowS += 90_000;
  }
  expect([stripe.books.transfers.length, stripe.books.payouts.length]).toEqual([1, 1]);
  expect(stripe.books.accounts.get('acct_1')?.balance).toBe(0);
});

test('a transfer whose reply was lost is found by asking, and its payout is made then', async () => {
  stripe.trouble = (request) => (request === 'POST /v1/transfers' ? 'lose-reply' : null);
  expect(await rail.submit(of(order()))).toEqual([]);
  stripe.trouble = () => null;
  expect(await rail.ask([ID], 0n)).toMatchObject([
    { outcome: 'accepted', amount: { cents: 500n, currency: 'USD' } },
  ]);
  // The SDK tries again by itself when a connection closes; the key makes both tries one transfer.
  expect(posts()).toEqual(['POST /v1/transfers', 'POST /v1/transfers', 'POST /v1/payouts']);
  expect([stripe.books.transfers.length, stripe.books.payouts.length]).toEqual([1, 1]);
});

test('what is beyond the balance is not even tried, so that no key remembers a refusal', async () => {
  stripe.books.balance = 700;
  const other = order({ payoutId: 'b'.repeat(32) });
  expect(await rail.submit(of(order(), other))).toMatchObject([{ payoutId: ID, outcome: 'accepted' }]);
  expect(await rail.ask([other.payoutId], 0n)).toMatchObject([{ outcome: 'never-seen' }]);
  stripe.books.balance = 700;
  expect(await rail.submit(of(other))).toMatchObject([{ outcome: 'accepted' }]);
});

test('what Stripe refuses for good comes back at once with its code; what it puts off is unknown', async () => {
  stripe.books.addAccount('acct_2', { transfers: 'inactive' });
  const refused = order({ to: to('acct_2') });
  expect(await rail.submit(of(refused))).toMatchObject([
    { outcome: 'returned', reason: 'insufficient_capabilities_for_transfer' },
  ]);
  stripe.trouble = (request) => (request === 'POST /v1/transfers' ? 'busy' : null);
  expect(await rail.submit(of(order({ payoutId: 'b'.repeat(32) })))).toEqual([]);
});

test('a payout that fails comes back only once its transfer is reversed, and a key serves one set of parameters', async () => {
  await rail.submit(of(order()));
  const [payout] = stripe.books.payouts;
  if (!payout) throw new Error('no payout');
  stripe.books.decide(payout, 'paid');
  expect(await rail.ask([ID], 0n)).toMatchObject([{ outcome: 'settled' }]);
  stripe.books.decide(payout, 'failed', 'account_closed');
  stripe.trouble = (request) => (request.includes('reversals') ? 'bad-gateway' : null);
  expect(await rail.ask([ID], 0n)).toMatchObject([{ outcome: 'accepted', reason: 'account_closed' }]);
  stripe.trouble = () => null;
  expect(await rail.ask([ID], 0n)).toMatchObject([{ outcome: 'returned', reason: 'account_closed' }]);
  expect(await rail.ask([ID], 0n)).toMatchObject([{ outcome: 'returned', reason: 'transfer_reversed' }]);
  expect(stripe.books.balance).toBe(1_000_000_00);
  const client = stripe.client();
  const transfer = (amount: number) =>
    client.transfers.create({ amount, currency: 'usd', destination: 'acct_1' }, { idempotencyKey: 'k' });
  await transfer(1);
  await expect(transfer(2)).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
});

test('an event names its payout when it is signed and fresh; tampered, old or strange ones name nothing', async () => {
  await rail.submit(of(order()));
  const nowUs = BigInt(stripe.books.nowS) * 1_000_000n;
  const [event] = stripe.books.events;
  const { body, signature } = stripe.signed(event);
  expect(readStripePayoutEvent(body, signature, WEBHOOK_SECRET, nowUs)).toEqual({ ok: true, value: [ID] });
  const refused = { ok: false, code: 'event-signature' };
  expect(readStripePayoutEvent(body.replace('500', '501'), signature, WEBHOOK_SECRET, nowUs)).toMatchObject(
    refused,
  );
  expect(readStripePayoutEvent(body, signature, 'whsec_other', nowUs)).toMatchObject(refused);
  expect(readStripePayoutEvent(body, '', WEBHOOK_SECRET, nowUs)).toMatchObject(refused);
  expect(readStripePayoutEvent(body, signature, WEBHOOK_SECRET, nowUs + 600_000_000n)).toMatchObject(refused);
  const strange = stripe.signed({
    object: 'event',
    type: 'customer.created',
    data: { object: { metadata: { jamnet_payout: ID } } },
  });
  expect(readStripePayoutEvent(strange.body, strange.signature, WEBHOOK_SECRET, nowUs)).toEqual({
    ok: true,
    value: [],
  });
});
