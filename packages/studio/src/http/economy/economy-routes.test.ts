import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePolicy, signOrderEvent } from '@jamnet/economy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Studio } from '../../studio.ts';
import { openStudioIn } from '../../testing/open-studio-in.ts';
import { RECEIPTS_PER_REQUEST_MAX } from './bodies.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-desk-'));
let studio: Studio;
let url = '';
let token = '';

beforeAll(async () => {
  studio = await openStudioIn(directory);
  url = await studio.listen();
  token = readFileSync(join(directory, 'operator.token'), 'utf8').trim();
});
afterAll(async () => {
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  // Every answer of the API is one JSON object.
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const size = async (): Promise<unknown> =>
  ((await (await fetch(new URL('/api/ledger/entries', url))).json()) as { size: number }).size;

const receipt = (n: number, more: object = {}) => ({
  ...{ id: `r${n}`, principal: `payer-${n}`, product: null, stream: 'storage', amountMinor: '100' },
  ...{ currency: 'USD', reference: 'x'.repeat(200), refundOf: null, receivedAtUs: '1000000' },
  ...more,
});

test.each([
  '/api/policies',
  '/api/receipts',
  '/api/rates',
  '/api/valuations',
  '/api/seats',
  '/api/seats/end',
  '/api/hardware/orders',
  '/api/hardware/refunds',
  '/api/hardware/orders/a/codes',
])('%s is the operator’s alone', async (path) => {
  const authorization = { authorization: 'Bearer somebody' };
  expect([400, 401]).toContain((await post(path, {}, authorization)).status);
  const good = path === '/api/receipts' ? { receipts: [receipt(1)], checkOnly: false } : null;
  if (good) expect(await post(path, good, authorization)).toMatchObject({ body: { code: 'token-wrong' } });
});

test('a policy, a rate, a valuation and receipts go in once each, and a wrong one is refused in the economy’s words', async () => {
  const policy = samplePolicy({
    epochId: 'desk',
    currencies: { accepted: ['EUR'], rateAgeDaysMax: 0 },
  });
  expect(await post('/api/policies', { ...policy, streams: {} })).toMatchObject({
    status: 422,
    body: { code: 'policy-malformed' },
  });
  expect(await post('/api/policies', policy)).toMatchObject({ status: 200, body: { governsFrom: 'desk' } });
  const documentSha256 = 'ab'.repeat(32);
  const rate = { currency: 'EUR', numerator: '11', denominator: '10', dayUs: '0', documentSha256 };
  expect(await post('/api/rates', rate)).toMatchObject({ body: { added: 1 } });
  expect(await post('/api/rates', { ...rate, numerator: '12' })).toMatchObject({
    body: { code: 'rate-differs' },
  });
  const body = { receipts: [receipt(1, { currency: 'EUR' }), receipt(2)], checkOnly: false };
  expect(await post('/api/receipts', { ...body, checkOnly: true })).toMatchObject({ body: { added: 2 } });
  expect(await post('/api/receipts', body)).toMatchObject({ body: { added: 2, repeated: 0 } });
  expect(await post('/api/receipts', body)).toMatchObject({ body: { added: 0, repeated: 2 } });
  const before = await size();
  const refused: [string, object][] = [
    ['currency-not-accepted', receipt(3, { currency: 'GBP' })],
    ['receipt-malformed', receipt(3, { principal: 'a b' })],
    ['in-the-future', receipt(3, { receivedAtUs: '4000000000000000' })],
    ['request-invalid', receipt(3, { amountMinor: '-1' })],
    ['request-invalid', receipt(3, { extra: 1 })],
  ];
  for (const [code, wrong] of refused)
    expect(
      await post('/api/receipts', { receipts: [receipt(4), wrong], checkOnly: false }),
      code,
    ).toMatchObject({
      body: { code },
    });
  const valuation = {
    id: 'v',
    valueCents: '1',
    fullyDilutedUnits: '1',
    datedAtUs: '0',
    approvedBy: '',
    documentSha256,
  };
  expect(await post('/api/valuations', valuation)).toMatchObject({ body: { code: 'valuation-malformed' } });
  expect(await size()).toBe(before);
});

test('a request holds as many receipts as an import sends at once, and no more', async () => {
  const receipts = Array.from({ length: RECEIPTS_PER_REQUEST_MAX }, (_, n) => receipt(n + 100));
  expect(await post('/api/receipts', { receipts, checkOnly: true })).toMatchObject({
    body: { added: receipts.length },
  });
  const more = { receipts: [...receipts, receipt(99)], checkOnly: true };
  expect(await post('/api/receipts', more)).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
  const large = JSON.stringify({ receipts: [], checkOnly: true, padding: 'x'.repeat(9_000_000) });
  expect((await post('/api/receipts', large)).status).toBe(413);
});

test('a signed order comes in by its very bytes, and without its secret file nobody can send one', async () => {
  const now = Math.floor(Date.now() / 1000);
  const event = {
    ...{ schema: 'jamnet/order-event/v1', id: 'e1', type: 'order.paid' },
    order: {
      id: 'o1',
      principal: 'ann',
      product: 'jamcaster',
      quantity: 1,
      amountMinor: '9900',
      currency: 'USD',
      paidAt: now,
    },
  };
  const body = JSON.stringify(event, null, 2);
  const send = (secret: string, text = body) =>
    post('/api/webhooks/orders', text, {
      authorization: '',
      'jamnet-timestamp': String(now),
      'jamnet-signature': signOrderEvent(secret, String(now), new TextEncoder().encode(body)),
    });
  const before = await size();
  expect(await send('s3cret')).toMatchObject({ status: 503, body: { code: 'webhook-not-set-up' } });
  writeFileSync(join(directory, 'keys', 'order-webhook.secret'), 'new one\ns3cret\nolder still\n', {
    mode: 0o600,
  });
  expect(await send('older still')).toMatchObject({ status: 401, body: { code: 'webhook-signature-wrong' } });
  expect(await send('s3cret', JSON.stringify(event))).toMatchObject({ status: 401 });
  expect(await size()).toBe(before);
  expect(await send('s3cret')).toMatchObject({
    status: 200,
    body: { outcome: 'booked', order: { codes: [expect.any(String)] } },
  });
  expect(await send('new one')).toMatchObject({ status: 200, body: { outcome: 'repeated' } });
});

test('a signed event of Stripe comes in by its very bytes', async () => {
  const now = Math.floor(Date.now() / 1000);
  const charge = {
    id: 'ch_1',
    amount: 900,
    amount_captured: 900,
    captured: true,
    paid: true,
    currency: 'usd',
  };
  const object = { ...charge, customer: 'cus_1', created: now, metadata: { jamnet_stream: 'compute' } };
  const event = { id: 'evt_1', type: 'charge.succeeded', created: now, livemode: false, data: { object } };
  const body = JSON.stringify(event, null, 2);
  // Stripe's scheme v1: HMAC-SHA256 over time, a point and the raw body.
  const mac = createHmac('sha256', 'whsec_1').update(`${now}.${body}`).digest('hex');
  const send = (text = body) =>
    post('/api/webhooks/stripe', text, { authorization: '', 'stripe-signature': `t=${now},v1=${mac}` });
  expect(await send()).toMatchObject({ status: 503, body: { code: 'webhook-not-set-up' } });
  writeFileSync(join(directory, 'keys', 'stripe-webhook.secret'), 'whsec_1\n', { mode: 0o600 });
  expect(await send(JSON.stringify(event))).toMatchObject({
    status: 401,
    body: { code: 'webhook-signature-wrong' },
  });
  expect(await send()).toMatchObject({ status: 200, body: { outcome: 'booked', detail: 'stripe:ch_1' } });
  expect(await send()).toMatchObject({ status: 200, body: { outcome: 'repeated' } });
  const large = await post('/api/webhooks/stripe', 'x'.repeat(300_000), { 'stripe-signature': '' });
  expect(large.status).toBe(413);
});
