import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { DAY_US } from '../../core/records/calendar.ts';
import { type Economy, openEconomy } from '../open-economy.ts';

const NOW_S = 20_000 * 86_400 + 3_600;
const NOW = BigInt(NOW_S) * 1_000_000n;
const [SECRET, OLD_SECRET] = ['whsec_new', 'whsec_old'];
const stripe = new Stripe('sk_test_made_up');
const POLICY = samplePolicy({ epochId: 'sample-1', currencies: { accepted: ['EUR'], rateAgeDaysMax: 0 } });

const CHARGE = {
  id: 'ch_1',
  object: 'charge',
  amount: 2_000,
  amount_captured: 2_000,
  amount_refunded: 0,
  captured: true,
  paid: true,
  currency: 'usd',
  customer: 'cus_ann',
  created: NOW_S - 60,
  metadata: { jamnet_product: 'subscription-player' },
};

function eventText(id: string, type: string, object: object, more: object = {}): string {
  return JSON.stringify({
    id,
    object: 'event',
    type,
    created: NOW_S,
    livemode: false,
    data: { object },
    ...more,
  });
}

/** Signs with the package's own generator, as Stripe does. */
function signed(payload: string, secret = SECRET, timestamp = NOW_S): [Uint8Array, string] {
  return [
    new TextEncoder().encode(payload),
    stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  ];
}

async function send(economy: Economy, payload: string, ...more: [string?, number?]) {
  const [body, header] = signed(payload, ...more);
  return economy.revenue.stripeEvent({ body, secrets: [SECRET, OLD_SECRET], nowUs: NOW }, header);
}

describeOnEveryEngine('a signed Stripe event', (openFresh: () => Promise<FreshDatabase>) => {
  async function open(policy: object = POLICY) {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    const published = await economy.publishPolicy(NOW - 40n * DAY_US, policy);
    if (!published.ok) throw new Error(published.message);
    return { economy, ledger };
  }

  test('of a charge is a receipt, once by its event and once by its charge', async () => {
    const { economy, ledger } = await open();
    const text = eventText('evt_1', 'charge.succeeded', CHARGE);
    expect(await send(economy, text)).toMatchObject({ value: { outcome: 'booked', detail: 'stripe:ch_1' } });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(2_000n);
    const size = await ledger.size();
    expect(await send(economy, text)).toMatchObject({ value: { outcome: 'repeated' } });
    const again = { ...CHARGE, metadata: { jamnet_product: 'storage' } };
    expect(await send(economy, eventText('evt_2', 'charge.captured', again))).toMatchObject({
      value: { outcome: 'repeated' },
    });
    expect(await send(economy, text, OLD_SECRET)).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await ledger.size()).toBe(size);
  });

  test('of refunds and disputes takes back what is new, in whatever order and however often it comes', async () => {
    const { economy, ledger } = await open();
    const income = () => ledger.balance(ACCOUNTS.incomeUsd);
    const refunded = (id: string, total: number) =>
      send(economy, eventText(id, 'charge.refunded', { ...CHARGE, amount_refunded: total }));
    expect(await refunded('evt_early', 500)).toMatchObject({ code: 'refund-of-unknown-receipt' });
    await send(economy, eventText('evt_1', 'charge.succeeded', CHARGE));
    expect(await refunded('evt_b', 700)).toMatchObject({ value: { outcome: 'booked' } });
    expect(await refunded('evt_a', 500)).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await refunded('evt_early', 500)).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await income()).toBe(1_300n);
    expect(await refunded('evt_c', 800)).toMatchObject({ value: { outcome: 'booked' } });
    expect(await income()).toBe(1_200n);
    expect(await refunded('evt_d', 2_001)).toMatchObject({ code: 'refund-too-large' });

    const dispute = {
      id: 'dp_1',
      object: 'dispute',
      charge: 'ch_1',
      amount: 1_200,
      currency: 'usd',
      status: 'needs_response',
    };
    const disputed = (id: string, type: string, more: object = {}) =>
      send(economy, eventText(id, `charge.dispute.${type}`, { ...dispute, ...more }));
    expect(await disputed('evt_e', 'created', { status: 'warning_needs_response' })).toMatchObject({
      value: { outcome: 'ignored' },
    });
    expect(await disputed('evt_f', 'funds_reinstated')).toMatchObject({ code: 'refund-of-unknown-receipt' });
    expect(await disputed('evt_g', 'created')).toMatchObject({ value: { outcome: 'booked' } });
    expect(await disputed('evt_h', 'funds_withdrawn')).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await income()).toBe(0n);
    expect(await disputed('evt_i', 'funds_reinstated')).toMatchObject({ value: { outcome: 'booked' } });
    expect(await disputed('evt_i', 'funds_reinstated')).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await income()).toBe(1_200n);
  });

  test('in euros falls under the posted rate, and so does its refund', async () => {
    const { economy, ledger } = await open();
    const euros = { ...CHARGE, currency: 'eur' };
    const text = eventText('evt_1', 'charge.succeeded', euros);
    expect(await send(economy, text)).toMatchObject({ code: 'rate-missing' });
    await economy.revenue.addRate(NOW, {
      currency: 'EUR',
      usdPerUnit: { numerator: 11n, denominator: 10n },
      dayUs: 20_000n * DAY_US,
      documentSha256: 'ab'.repeat(32),
    });
    // What was refused before is not held to have been handled.
    expect(await send(economy, text)).toMatchObject({ value: { outcome: 'booked' } });
    const refund = eventText('evt_2', 'charge.refunded', { ...euros, amount_refunded: 2_000 });
    expect(await send(economy, refund)).toMatchObject({ value: { outcome: 'booked' } });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(0n);
  });

  test('that is tampered with, stale, unsigned, unknown or not money writes nothing and says why', async () => {
    const { economy, ledger } = await open();
    const size = await ledger.size();
    const text = eventText('evt_1', 'charge.succeeded', CHARGE);
    const [body, header] = signed(text);
    const request = { body, secrets: [SECRET], nowUs: NOW };
    const tampered = new TextEncoder().encode(text.replace('2000', '9000'));
    const { revenue } = economy;
    expect(await revenue.stripeEvent({ ...request, body: tampered }, header)).toMatchObject({
      code: 'webhook-signature-wrong',
    });
    expect(await revenue.stripeEvent(request, '')).toMatchObject({ code: 'webhook-signature-wrong' });
    expect(await revenue.stripeEvent({ ...request, secrets: ['whsec_other'] }, header)).toMatchObject({
      code: 'webhook-signature-wrong',
    });
    expect(await revenue.stripeEvent({ ...request, secrets: [] }, header)).toMatchObject({
      code: 'webhook-not-set-up',
    });
    expect(await send(economy, text, SECRET, NOW_S - 301)).toMatchObject({ code: 'webhook-too-old' });
    expect(await send(economy, text, OLD_SECRET, NOW_S - 301)).toMatchObject({ code: 'webhook-too-old' });
    expect(await send(economy, 'no JSON')).toMatchObject({ code: 'webhook-malformed' });
    expect(await send(economy, '{"id":"evt_9"}')).toMatchObject({ code: 'webhook-malformed' });
    const ignored: [string, object][] = [
      ['customer.created', { id: 'cus_1' }],
      ['charge.succeeded', { ...CHARGE, captured: false }],
    ];
    for (const [type, object] of ignored)
      expect(await send(economy, eventText('evt_x', type, object))).toMatchObject({
        value: { outcome: 'ignored' },
      });
    const refused: [string, object][] = [
      ['webhook-unassigned', { ...CHARGE, metadata: {} }],
      ['webhook-unassigned', { ...CHARGE, customer: null }],
      ['unknown-product', { ...CHARGE, metadata: { jamnet_product: 'piano' } }],
      ['webhook-malformed', { ...CHARGE, amount_captured: 1.5, amount: 1.5 }],
      ['webhook-malformed', { ...CHARGE, id: 7 }],
      ['currency-not-accepted', { ...CHARGE, currency: 'gbp' }],
      ['in-the-future', { ...CHARGE, created: NOW_S + 301 }],
    ];
    for (const [code, object] of refused)
      expect(await send(economy, eventText('evt_y', 'charge.succeeded', object)), code).toMatchObject({
        code,
      });
    expect(await ledger.size()).toBe(size);
  });

  test('of test mode is money of a sample studio only, and a charge without metadata is the policy’s default product', async () => {
    const pricing = { kind: 'fixed' as const, centsPerUnit: { numerator: 100, denominator: 1 } };
    const real = {
      ...POLICY,
      sample: false,
      epochs: { kind: 'calendar-month' },
      pricing,
      unassignedProduct: 'subscription-player',
    };
    const { economy } = await open(real);
    const bare = { ...CHARGE, metadata: {} };
    expect(await send(economy, eventText('evt_1', 'charge.succeeded', bare))).toMatchObject({
      code: 'webhook-test-mode',
    });
    expect(
      await send(economy, eventText('evt_2', 'charge.succeeded', bare, { livemode: true })),
    ).toMatchObject({
      value: { outcome: 'booked' },
    });
  });
});
