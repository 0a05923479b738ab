import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { present } from '@jamnet/base';
import { type Ledger, openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { readClaimCode } from '../../core/hardware/claim-code.ts';
import { claimStatement, sessionStatement } from '../../core/hardware/device-statement.ts';
import { DEVICES_PER_ORDER_MAX } from '../../core/hardware/order.ts';
import { SAMPLE_METERS, samplePolicy } from '../../core/policy/sample-policy.ts';
import { monthNamed } from '../../core/records/calendar.ts';
import { contribution, payeeId, VALUATION } from '../../testing/sample-input.ts';
import { openEconomy } from '../open-economy.ts';
import { signOrderEvent } from '../webhooks/signatures.ts';

const NOW_S = 1_700_000_000;
const NOW = BigInt(NOW_S) * 1_000_000n;
const SECRETS = ['new secret', 'old secret'];
const REWARD = 600_000;
const BUYER = payeeId(7);

function policyOf(afterReward: 'charge-back' | 'keep' = 'charge-back', epochId = 'sample-1') {
  return samplePolicy({
    epochId,
    meters: { ...SAMPLE_METERS, 'music/device-sessions': { kind: 'music', weight: 1 } },
    hardware: {
      meter: 'music/device-sessions',
      rewards: { jamcaster: REWARD },
      sessionMeritMin: 1_000,
      afterReward,
    },
  });
}

interface Device {
  readonly key: KeyObject;
  readonly deviceKey: string;
}

function newDevice(): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { key: privateKey, deviceKey: der.subarray(-32).toString('hex') };
}

const claimOf = ({ key, deviceKey }: Device, code: string, payee = BUYER) => {
  const read = readClaimCode(code);
  const statement = claimStatement(read.ok ? read.value : code, payee);
  return { code, deviceKey, payee, signature: sign(null, statement, key).toString('hex') };
};
const sessionOf = ({ key, deviceKey }: Device, take: string) => ({
  deviceKey,
  take,
  signature: sign(null, sessionStatement(deviceKey, take), key).toString('hex'),
});

const paid = (id: string, order: object = {}) => ({
  schema: 'jamnet/order-event/v1',
  id,
  type: 'order.paid',
  order: {
    id: 'shop-1',
    principal: 'ann',
    product: 'jamcaster',
    quantity: 1,
    amountMinor: '9900',
    currency: 'USD',
    paidAt: NOW_S - 10,
    ...order,
  },
});
const refunded = (id: string, amountMinor = '9900') => ({
  schema: 'jamnet/order-event/v1',
  id: `event-${id}`,
  type: 'order.refunded',
  refund: { order: 'shop-1', id, amountMinor, refundedAt: NOW_S },
});

function signedEvent(event: unknown, options: { secret?: string; atS?: number } = {}) {
  const body = new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event));
  const timestamp = String(options.atS ?? NOW_S);
  return { body, timestamp, signature: signOrderEvent(options.secret ?? 'new secret', timestamp, body) };
}

describeOnEveryEngine('hardware', (openFresh: () => Promise<FreshDatabase>, engine) => {
  async function open(policy = policyOf()) {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    await economy.publishPolicy(NOW, policy);
    await economy.openEpoch(NOW);
    await economy.addValuation(NOW, VALUATION);
    const send = async (event: unknown, options: { secret?: string; atS?: number } = {}) => {
      const { body, timestamp, signature } = signedEvent(event, options);
      return economy.revenue.orderEvent({ body, secrets: SECRETS, nowUs: NOW }, { timestamp, signature });
    };
    /** Orders one device, claims it, and plays a take that the studio verified. */
    const rewarded = async () => {
      const answer = await send(paid('event-1'));
      const [code = ''] =
        answer.ok && answer.value.order && 'codes' in answer.value.order ? answer.value.order.codes : [];
      const device = newDevice();
      const claimed = await economy.revenue.claimDevice(NOW, claimOf(device, code));
      expect(claimed).toMatchObject({ value: { state: 'claimed', payee: BUYER, product: 'jamcaster' } });
      await economy.addContributions(NOW, [take(1, BUYER)]);
      const credited = await economy.revenue.creditFirstSession(NOW, sessionOf(device, 'take-1'));
      expect(credited).toMatchObject({ value: { state: 'rewarded', reward: BigInt(REWARD) } });
      return { code, device };
    };
    return { database, economy, ledger, send, rewarded };
  }
  const take = (n: number, payee: string, merit = 5_000n) =>
    contribution(100 + n, {
      kind: 'music',
      merit,
      subject: `take-${n}`,
      payees: [{ payee, weight: 1n }],
      acceptedAtUs: NOW,
    });

  test('that is ordered by a signed event, claimed and played earns its buyer the reward once, inside the share', async () => {
    const { economy, ledger, send, rewarded } = await open();
    const { code, device } = await rewarded();
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(9_900n);
    const { revenue } = economy;
    expect(await revenue.claimDevice(NOW, claimOf(device, code))).toMatchObject({
      value: { state: 'rewarded' },
    });
    await economy.addContributions(NOW, [take(2, BUYER)]);
    expect(await revenue.creditFirstSession(NOW, sessionOf(device, 'take-2'))).toMatchObject({
      value: { state: 'rewarded', reward: BigInt(REWARD) },
    });
    expect(await send(paid('event-1'))).toMatchObject({ value: { outcome: 'repeated', order: null } });
    expect(await send(paid('event-1b'))).toMatchObject({
      value: { outcome: 'repeated', order: { codes: [] } },
    });
    const closed = await economy.close(NOW, 'sample-1');
    // The buyer alone has merit in music: his take and his reward have its whole share, and D is what it was without a reward.
    expect(closed).toMatchObject({ value: { revenueCents: 9_900n, contributorShareCents: 4_950n } });
    const wallet = await economy.wallet(NOW, BUYER);
    const reward = wallet.lines.find(({ subject }) => subject.startsWith('first session'));
    expect(reward?.microJam).toBeGreaterThan(0n);
    expect(await economy.revenue.orders({ after: null, limit: 10 })).toMatchObject([
      { id: 'shop-1', state: 'placed', devices: [{ state: 'rewarded' }] },
    ]);
  });

  test('is claimed by one device for one buyer, and only by who has the code and the key', async () => {
    const { economy, send } = await open();
    const { revenue } = economy;
    const answer = await send(paid('event-1', { quantity: 2 }));
    const codes =
      answer.ok && answer.value.order && 'codes' in answer.value.order ? answer.value.order.codes : [];
    expect(new Set(codes).size).toBe(2);
    const [first = '', second = ''] = codes;
    const [device, other] = [newDevice(), newDevice()];
    const claim = claimOf(device, first);
    const wrong = (code: string, fields: object) =>
      revenue
        .claimDevice(NOW, { ...claim, ...fields })
        .then((each) => expect(each).toMatchObject({ ok: false, code }));
    await wrong('claim-code-malformed', { code: `${first.slice(0, -1)}!` });
    await wrong('unknown-claim-code', claimOf(device, '2222-2222-2222-2222'));
    await wrong('device-signature-wrong', { payee: payeeId(8) });
    await wrong('device-signature-wrong', { deviceKey: other.deviceKey });
    await wrong('device-malformed', { deviceKey: 'ab' });
    await wrong('device-malformed', { signature: '' });
    await wrong('payee-malformed', claimOf(device, first, 'me'));
    expect(await revenue.claimDevice(NOW, { ...claim, code: first.toLowerCase() })).toMatchObject({
      value: { state: 'claimed' },
    });
    await wrong('claim-code-used', claimOf(other, first));
    await wrong('claim-code-used', claimOf(device, first, payeeId(8)));
    await wrong('device-claimed', claimOf(device, second));
    // Codes that got lost: the open one is replaced, the claimed device stays.
    const fresh = await revenue.reissueCodes(NOW, 'shop-1');
    expect(fresh).toMatchObject({ value: { codes: [expect.any(String)] } });
    await wrong('unknown-claim-code', claimOf(other, second));
    expect(await revenue.reissueCodes(NOW, 'none')).toMatchObject({ code: 'unknown-order' });
  });

  test('earns nothing by a session that is not the buyer’s own, not verified, too short or used before', async () => {
    const { economy, send } = await open();
    const { revenue } = economy;
    const answer = await send(paid('event-1', { quantity: 2 }));
    const codes =
      answer.ok && answer.value.order && 'codes' in answer.value.order ? answer.value.order.codes : [];
    const [one, two] = [newDevice(), newDevice()];
    expect(await revenue.creditFirstSession(NOW, sessionOf(one, 'take-1'))).toMatchObject({
      code: 'device-not-claimed',
    });
    await revenue.claimDevice(NOW, claimOf(one, codes[0] ?? ''));
    await revenue.claimDevice(NOW, claimOf(two, codes[1] ?? ''));
    await economy.addContributions(NOW, [take(1, payeeId(9)), take(2, BUYER, 999n), take(3, BUYER)]);
    for (const name of ['take-1', 'take-2', 'take-9'])
      expect(await revenue.creditFirstSession(NOW, sessionOf(one, name))).toMatchObject({
        code: 'session-not-verified',
      });
    const forged = { ...sessionOf(one, 'take-2'), take: 'take-3' };
    expect(await revenue.creditFirstSession(NOW, forged)).toMatchObject({ code: 'device-signature-wrong' });
    expect(await revenue.creditFirstSession(NOW, sessionOf(one, 'take-3'))).toMatchObject({ ok: true });
    expect(await revenue.creditFirstSession(NOW, sessionOf(two, 'take-3'))).toMatchObject({
      code: 'session-used',
    });
  });

  test('that is paid back before it is claimed has void codes; a part of the money changes nothing', async () => {
    const { economy, ledger, send } = await open();
    const answer = await send(paid('event-1'));
    const [code = ''] =
      answer.ok && answer.value.order && 'codes' in answer.value.order ? answer.value.order.codes : [];
    expect(await send(refunded('r1', '900'))).toMatchObject({
      value: { order: { undone: false, devices: [{ state: 'open' }] } },
    });
    expect(await send(refunded('r1', '900'))).toMatchObject({ value: { outcome: 'repeated' } });
    expect(await send(refunded('r2', '9001'))).toMatchObject({ code: 'refund-too-large' });
    expect(await send(refunded('r3', '9000'))).toMatchObject({
      value: { order: { undone: true, devices: [{ state: 'void' }] } },
    });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(0n);
    expect(await economy.revenue.claimDevice(NOW, claimOf(newDevice(), code))).toMatchObject({
      code: 'unknown-claim-code',
    });
    expect(await economy.revenue.reissueCodes(NOW, 'shop-1')).toMatchObject({ code: 'order-undone' });
  });

  test('that is paid back before the epoch closes has its reward withheld', async () => {
    const { economy, send, rewarded } = await open();
    await rewarded();
    expect(await send(refunded('r1'))).toMatchObject({
      value: { order: { devices: [{ state: 'withheld' }] } },
    });
    await economy.addReceipt(NOW, {
      id: 'x',
      principal: 'b',
      stream: 'storage',
      amountCents: 1_000n,
      currency: 'USD',
      reference: '',
      refundOf: null,
      receivedAtUs: NOW,
    });
    await economy.close(NOW, 'sample-1');
    const wallet = await economy.wallet(NOW, BUYER);
    expect(wallet.lines.filter(({ subject }) => subject.startsWith('first session'))).toEqual([]);
  });

  test.each(['charge-back', 'keep'] as const)(
    'that is paid back after the reward was paid follows the policy: %s',
    async (afterReward) => {
      const { economy, ledger, send, rewarded } = await open(policyOf(afterReward));
      await rewarded();
      await economy.registerPayee(NOW, {
        payee: BUYER,
        ownerGroup: 'buyer',
        evidenceSha256: '22'.repeat(32),
      });
      await economy.close(NOW, 'sample-1');
      const before = await economy.wallet(NOW, BUYER);
      const reward = before.lines.find(({ subject }) => subject.startsWith('first session'))?.microJam ?? 0n;
      const pool = (await ledger.balance(ACCOUNTS.poolJam)) ?? 0n;
      const takenBack = afterReward === 'keep' ? 0n : reward;
      const state = afterReward === 'keep' ? 'kept' : 'charged-back';
      expect(reward).toBeGreaterThan(0n);
      expect(await send(refunded('r1'))).toMatchObject({
        value: { order: { devices: [{ state, chargedMicroJam: takenBack, missingMicroJam: 0n }] } },
      });
      expect((await economy.wallet(NOW, BUYER)).balanceMicroJam).toBe(before.balanceMicroJam - takenBack);
      expect(await ledger.balance(ACCOUNTS.poolJam)).toBe(pool + takenBack);
      expect(await send(refunded('r1'))).toMatchObject({ value: { outcome: 'repeated' } });
      expect(await ledger.balance(ACCOUNTS.poolJam)).toBe(pool + takenBack);
    },
  );

  test('events that are tampered with, stale, malformed or of a wrong order write nothing and say why', async () => {
    const { economy, ledger, send } = await open();
    const size = await ledger.size();
    const { body, timestamp, signature } = signedEvent(paid('event-1'));
    const request = { body, secrets: SECRETS, nowUs: NOW };
    const take = (fields: object, headers: object = {}) =>
      economy.revenue.orderEvent({ ...request, ...fields }, { timestamp, signature, ...headers });
    const altered = new TextEncoder().encode(JSON.stringify(paid('event-1', { quantity: 9 })));
    expect(await take({ body: altered })).toMatchObject({ code: 'webhook-signature-wrong' });
    expect(await take({}, { timestamp: String(NOW_S + 1) })).toMatchObject({
      code: 'webhook-signature-wrong',
    });
    expect(await take({}, { timestamp: 'now' })).toMatchObject({ code: 'webhook-signature-wrong' });
    expect(await take({}, { signature: '' })).toMatchObject({ code: 'webhook-signature-wrong' });
    expect(await take({ secrets: [] })).toMatchObject({ code: 'webhook-not-set-up' });
    expect(await send(paid('event-1'), { atS: NOW_S - 301 })).toMatchObject({ code: 'webhook-too-old' });
    expect(await send(paid('event-1'), { atS: NOW_S + 301 })).toMatchObject({ code: 'webhook-too-old' });
    expect(await send('no JSON')).toMatchObject({ code: 'webhook-malformed' });
    expect(await send({ ...paid('event-1'), type: 'order.gifted' })).toMatchObject({
      code: 'webhook-type-unknown',
    });
    expect(await send(refunded('r1'))).toMatchObject({ code: 'unknown-order' });
    const wrong: [string, object][] = [
      ['webhook-malformed', { quantity: DEVICES_PER_ORDER_MAX + 1 }],
      ['webhook-malformed', { amountMinor: '-5' }],
      ['webhook-malformed', { currency: 'usd' }],
      ['product-not-hardware', { product: 'storage' }],
      ['product-not-hardware', { product: 'piano' }],
      ['currency-not-accepted', { currency: 'EUR' }],
      ['order-malformed', { amountMinor: '0' }],
      ['in-the-future', { paidAt: NOW_S + 301 }],
    ];
    for (const [code, order] of wrong)
      expect(await send(paid('event-2', order)), JSON.stringify(order)).toMatchObject({ ok: false, code });
    expect(await ledger.size()).toBe(size);
    // Both secrets are in force while one replaces the other, also in one header.
    const both = `${signOrderEvent('neither', timestamp, body)}, ${signOrderEvent('old secret', timestamp, body)}`;
    expect(await take({}, { signature: both })).toMatchObject({ value: { outcome: 'booked' } });
    expect(await send(paid('event-3', { amountMinor: '9901' }))).toMatchObject({ code: 'order-differs' });
  });

  test('earns in the epoch in which its order’s money counts, when nobody can call that back any more', async () => {
    const [march, april, may] = ['2031-03', '2031-04', '2031-05'].map((id) => present(monthNamed(id), id));
    if (!march || !april || !may) throw new Error('months');
    const sample = policyOf();
    const { hardware } = sample.streams;
    const { database } = await openFresh();
    const economy = await openEconomy(database, await openLedger(database));
    await economy.publishPolicy(march.startUs, {
      ...sample,
      sample: false,
      epochs: { kind: 'calendar-month' },
      pricing: { kind: 'fixed', centsPerUnit: { numerator: 100, denominator: 1 } },
      streams: { ...sample.streams, hardware: { ...hardware, refundWindowDays: 30 } },
    });
    await economy.openEpoch(april.startUs);
    const placedAtUs = april.startUs + 5n;
    const order = { id: 'shop-1', principal: 'ann', product: 'jamcaster', quantity: 1, amountMinor: 9_900n };
    const placed = await economy.revenue.placeOrder(placedAtUs, {
      ...order,
      currency: 'USD',
      discountCode: null,
      placedAtUs,
    });
    const device = newDevice();
    await economy.revenue.claimDevice(
      placedAtUs,
      claimOf(device, placed.ok ? (placed.value.codes[0] ?? '') : ''),
    );
    await economy.addContributions(placedAtUs, [{ ...take(1, BUYER), acceptedAtUs: placedAtUs }]);
    expect(await economy.revenue.creditFirstSession(placedAtUs, sessionOf(device, 'take-1'))).toMatchObject({
      value: { state: 'rewarded' },
    });
    const rewards = async () =>
      (await economy.wallet(may.endUs, BUYER)).lines.filter(({ subject }) =>
        subject.startsWith('first session'),
      );
    const close = async (at: bigint, id: string) => {
      const closed = await economy.close(at, id);
      if (!closed.ok) throw new Error(closed.message);
      return closed.value.revenueCents;
    };
    expect(await close(april.endUs, april.id)).toBe(0n);
    expect(await rewards()).toEqual([]);
    await economy.openEpoch(may.startUs);
    expect(await close(may.endUs, may.id)).toBe(9_900n);
    expect(await rewards()).toHaveLength(1);
  });

  test('stopped at any posting is finished by the same event sent again: one receipt, one charge', async () => {
    // A new PostgreSQL database costs half a second: one way to stop there.
    for (const stop of engine === 'sqlite' ? [1, 2] : [2]) {
      for (const answerLost of engine === 'sqlite' ? [false, true] : [true]) {
        const { database, economy, ledger, send, rewarded } = await open();
        const broken = await openEconomy(database, stopping(ledger, stop, answerLost));
        const sendBroken = (event: unknown) => {
          const { body, timestamp, signature } = signedEvent(event);
          const request = { body, secrets: SECRETS, nowUs: NOW };
          return broken.revenue.orderEvent(request, { timestamp, signature });
        };
        if (stop === 1) {
          await expect(sendBroken(paid('event-1'))).rejects.toThrow('planted');
          expect(await economy.revenue.orders({ after: null, limit: 10 })).toEqual([]);
        }
        await rewarded();
        expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(9_900n);
        await economy.registerPayee(NOW, {
          payee: BUYER,
          ownerGroup: 'buyer',
          evidenceSha256: '22'.repeat(32),
        });
        await economy.close(NOW, 'sample-1');
        const pool = (await ledger.balance(ACCOUNTS.poolJam)) ?? 0n;
        const wallet = await economy.wallet(NOW, BUYER);
        const reward =
          wallet.lines.find(({ subject }) => subject.startsWith('first session'))?.microJam ?? 0n;
        // Stop 2 is the charge: the refund's receipt is the first posting.
        if (stop === 2) await expect(sendBroken(refunded('r1'))).rejects.toThrow('planted');
        expect(await send(refunded('r1'))).toMatchObject({ value: { outcome: 'booked' } });
        expect(await economy.revenue.orders({ after: null, limit: 10 })).toMatchObject([
          { state: 'undone', devices: [{ state: 'charged-back', chargedMicroJam: reward }] },
        ]);
        expect(await ledger.balance(ACCOUNTS.poolJam)).toBe(pool + reward);
      }
    }
  });

  test('an order with a discount nobody has, or without money and discount, is refused and nothing is booked', async () => {
    const { economy, ledger, send } = await open();
    const size = await ledger.size();
    expect(await send(paid('event-1', { discountCode: 'AAAA-AAAA-AAAA-AAAA' }))).toMatchObject({
      code: 'discount-unknown',
    });
    expect(await send(paid('event-2', { amountMinor: '0' }))).toMatchObject({ code: 'order-malformed' });
    expect([await ledger.size(), await economy.revenue.orders({ after: null, limit: 10 })]).toEqual([
      size,
      [],
    ]);
  });
});

/** The ledger until its `calls`-th posting, which is left undone or whose answer is lost. */
function stopping(ledger: Ledger, calls: number, answerLost: boolean): Ledger {
  let left = calls;
  return {
    ...methodsOf(ledger),
    post: async (nowUs, batch) => {
      left--;
      if (left > 0) return ledger.post(nowUs, batch);
      if (answerLost) await ledger.post(nowUs, batch);
      throw new Error('planted: stopped');
    },
  };
}

function methodsOf(ledger: Ledger): Omit<Ledger, 'post'> {
  return {
    openAccounts: (nowUs, requests) => ledger.openAccounts(nowUs, requests),
    account: (code) => ledger.account(code),
    balance: (code) => ledger.balance(code),
    balances: (prefix, after) => ledger.balances(prefix, after),
    balanceAt: (code, index) => ledger.balanceAt(code, index),
    moves: (code, before, limit) => ledger.moves(code, before, limit),
    entries: (from, limit) => ledger.entries(from, limit),
    entryByKey: (key) => ledger.entryByKey(key),
    size: () => ledger.size(),
  };
}
