import { type Ledger, openLedger } from '@jamnet/ledger';
import { type Database, tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { beforeEach, expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { SAMPLE_PERKS } from '../../core/policy/perk-catalogue.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { contribution, payeeId, receipt, VALUATION } from '../../testing/sample-input.ts';
import { type Economy, openEconomy } from '../open-economy.ts';
import { JOURNAL_LINES_MAX } from './perk-desk.ts';
import type { PerkTables } from './perk-tables.ts';
import { WAITING_PER_PAYEE_MAX } from './request-perk.ts';

const NOW = 5_000_000n;
const DAY_US = 86_400_000_000n;
const ME = payeeId(1);

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

/** One contributor of music earned $300 of units at $2. */
async function paidEconomy(database: Database): Promise<{ economy: Economy; ledger: Ledger }> {
  const ledger = await openLedger(database);
  let drawn = 0;
  const nextByte = (): number => {
    drawn += 1;
    return drawn;
  };
  const economy = await openEconomy(database, ledger, {
    drawKey: () => new Uint8Array(32).fill(nextByte()),
  });
  await must(economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' })));
  await must(economy.openEpoch(NOW));
  await must(economy.addValuation(NOW, VALUATION));
  await must(economy.registerPayee(NOW, { payee: ME, ownerGroup: 'me', evidenceSha256: '22'.repeat(32) }));
  const kinds = ['music', 'code', 'compute', 'curation'] as const;
  await must(
    economy.addContributions(
      NOW,
      kinds.map((kind, n) =>
        contribution(n + 1, { kind, payees: [{ payee: ME, weight: 1n }], ownerGroup: 'me' }),
      ),
    ),
  );
  await must(economy.addReceipts(NOW, [receipt(1, { amountCents: 60_000n })]));
  await must(economy.close(NOW, 'sample-1'));
  return { economy, ledger };
}

const later = (n: bigint, fields = {}) => ({
  ...VALUATION,
  id: `valuation-${n}`,
  datedAtUs: NOW + n,
  ...fields,
});

describeOnEveryEngine('perks', (openFresh, engine) => {
  /** What no engine can change; a new PostgreSQL database costs half a second. */
  const rule = test.runIf(engine === 'sqlite');

  let economy: Economy;
  let ledger: Ledger;
  let database: Database;

  beforeEach(async () => {
    ({ database } = await openFresh());
    ({ economy, ledger } = await paidEconomy(database));
  });

  const balance = async (code: string): Promise<bigint> => (await ledger.balance(code)) ?? 0n;
  const holdings = async () => ({
    wallet: await balance(ACCOUNTS.payeeJam(ME)),
    aside: await balance(ACCOUNTS.redeemingJam(ME)),
    pool: await balance(ACCOUNTS.poolJam),
    reserve: await balance(ACCOUNTS.reserveUsd),
    income: await balance(ACCOUNTS.incomeUsd),
  });
  const ask = (fields: Partial<Parameters<Economy['perks']['request']>[1]> = {}) =>
    economy.perks.request(NOW + 10n, { payee: ME, item: 'pro-month', quantity: 2n, key: 'a', ...fields });

  test('a perk waits for the first valuation dated after it was asked for, and costs that price to the µJAM', async () => {
    const before = await holdings();
    const asked = await must(ask());
    expect(asked).toMatchObject({ state: 'waiting', costMicroJam: 0n, heldMicroJam: 11_250_000n });
    expect(await holdings()).toMatchObject({ aside: 11_250_000n, wallet: before.wallet - 11_250_000n });
    // $1.80 a unit: 2 × $9 cost ten units, one less than were set aside.
    await must(economy.addValuation(NOW + 20n, later(20n, { valueCents: 2_160_000_000n })));
    expect(await economy.perks.perk(asked.id)).toMatchObject({
      state: 'granted',
      costMicroJam: 10_000_000n,
      valuationId: 'valuation-20',
      expiresAtUs: NOW + 20n + 365n * DAY_US,
    });
    expect(await holdings()).toEqual({
      ...before,
      wallet: before.wallet - 10_000_000n,
      pool: before.pool + 10_000_000n,
    });
  });

  rule('a price above what was set aside gives all of it back', async () => {
    const before = await holdings();
    const asked = await must(ask({ maxMicroJam: 8_999_999n }));
    await must(economy.addValuation(NOW + 20n, later(20n)));
    expect(await economy.perks.perk(asked.id)).toMatchObject({ state: 'declined', costMicroJam: 0n });
    expect(await holdings()).toEqual(before);
  });

  rule('no valuation in 92 days gives all of it back, and an old one is never used', async () => {
    const before = await holdings();
    const asked = await must(ask());
    const tooLate = NOW + 93n * DAY_US;
    expect(await economy.perks.settle(NOW + 91n * DAY_US)).toMatchObject({ waiting: 1, declined: 0 });
    expect(await economy.perks.settle(tooLate)).toMatchObject({ waiting: 0, declined: 1 });
    expect((await economy.perks.perk(asked.id))?.state).toBe('declined');
    expect(await holdings()).toEqual(before);
  });

  rule('asking again under the same key asks once; another quantity is refused', async () => {
    const first = await must(ask());
    const after = await holdings();
    expect((await must(ask())).id).toBe(first.id);
    expect(await holdings()).toEqual(after);
    expect(await ask({ quantity: 3n })).toMatchObject({ ok: false, code: 'perk-key-reused' });
  });

  rule.each([
    [{ payee: 'p1' }, 'payee-malformed'],
    [{ item: 'yacht' }, 'perk-unknown'],
    [{ quantity: 0n }, 'perk-malformed'],
    [{ quantity: -1n }, 'perk-malformed'],
    [{ key: '' }, 'perk-malformed'],
    [{ maxMicroJam: 0n }, 'perk-malformed'],
    [{ quantity: 13n }, 'perk-limit'],
    [{ payee: payeeId(9) }, 'not-enough-jam'],
  ] as const)('a bad request, case %#, is refused and moves nothing', async (fields, code) => {
    const before = await holdings();
    expect(await ask(fields)).toMatchObject({ ok: false, code });
    expect(await holdings()).toEqual(before);
  });

  test('the month has a limit for each payee, which refusals do not use up', async () => {
    await must(ask({ quantity: 8n, key: 'a' }));
    expect(await ask({ quantity: 5n, key: 'b' })).toMatchObject({ code: 'perk-limit' });
    await must(ask({ quantity: 4n, key: 'c' }));
  });

  rule('as many requests as the limit may wait at a time; one more moves nothing', async () => {
    for (let n = 0; n < WAITING_PER_PAYEE_MAX; n++)
      await must(ask({ item: 'ai-hour', quantity: 1n, key: `k${n}` }));
    const before = await holdings();
    expect(await ask({ item: 'ai-hour', quantity: 1n, key: 'more' })).toMatchObject({
      code: 'too-many-perks',
    });
    expect(await holdings()).toEqual(before);
  });

  rule('of a long journal the first lines are told, as many as its limit', async () => {
    const { id } = await must(ask());
    const [{ atUs } = { atUs: 0n }] = await economy.perks.journal(id);
    const line = { perk_id: id, type: 'used', quantity: 1n, at_us: atUs };
    await tablesOf<PerkTables>(database)
      .insertInto('economy_perk_event')
      .values(
        Array.from({ length: JOURNAL_LINES_MAX }, (_, n) => ({
          ...line,
          event_number: BigInt(n + 1),
          reference: `session-${n}`,
        })),
      )
      .execute();
    const told = await economy.perks.journal(id);
    expect(told).toHaveLength(JOURNAL_LINES_MAX);
    expect(told.at(-1)).toMatchObject({ reference: `session-${JOURNAL_LINES_MAX - 2}` });
  });

  test('a grant is used in parts, each reference once, until nothing is left; its journal tells', async () => {
    const { id } = await must(ask({ item: 'ai-hour', quantity: 3n }));
    await must(economy.addValuation(NOW + 20n, later(20n)));
    const use = (quantity: bigint, reference: string) =>
      economy.perks.use(NOW + 30n, { id, quantity, reference });
    expect(await must(use(2n, 'session-1'))).toMatchObject({ state: 'granted', usedQuantity: 2n });
    expect(await must(use(2n, 'session-1'))).toMatchObject({ usedQuantity: 2n });
    expect(await use(1n, 'session-1')).toMatchObject({ code: 'perk-key-reused' });
    expect(await use(2n, 'session-2')).toMatchObject({ code: 'perk-used-up' });
    expect(await must(use(1n, 'session-3'))).toMatchObject({ state: 'used' });
    expect(await use(1n, 'session-4')).toMatchObject({ code: 'perk-state' });
    expect((await economy.perks.journal(id)).map(({ type, quantity }) => `${type} ${quantity}`)).toEqual([
      'reserved 0',
      'granted 3',
      'used 2',
      'used 1',
    ]);
  });

  rule('what is not used in time lapses', async () => {
    const { id } = await must(ask());
    await must(economy.addValuation(NOW + 20n, later(20n)));
    const end = NOW + 20n + 365n * DAY_US;
    expect(await economy.perks.use(end, { id, quantity: 1n, reference: 'late' })).toMatchObject({
      code: 'perk-expired',
    });
    await economy.perks.settle(end);
    expect((await economy.perks.perk(id))?.state).toBe('expired');
  });

  test('a revoked grant gives back the units of what was not used, once', async () => {
    const before = await holdings();
    const { id } = await must(ask({ item: 'ai-hour', quantity: 4n }));
    await must(economy.addValuation(NOW + 20n, later(20n)));
    await must(economy.perks.use(NOW + 30n, { id, quantity: 1n, reference: 's' }));
    for (let n = 0; n < 2; n++) await must(economy.perks.revoke(NOW + 40n, { id, reason: 'mesh closed' }));
    expect(await holdings()).toEqual({
      ...before,
      wallet: before.wallet - 200_000n,
      pool: before.pool + 200_000n,
    });
  });

  test("a discount's code takes its price off one order, once", async () => {
    const { id } = await must(ask({ item: 'hardware-dollar', quantity: 20n }));
    expect((await economy.perks.perk(id))?.code).toBeNull();
    await must(economy.addValuation(NOW + 20n, later(20n)));
    const code = (await economy.perks.perk(id))?.code ?? '';
    expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(await must(economy.perks.discount(NOW + 30n, code.toLowerCase()))).toMatchObject({
      grantId: id,
      cents: 2_000n,
    });
    expect(await economy.perks.use(NOW + 30n, { id, quantity: 1n, reference: 'x' })).toMatchObject({
      code: 'perk-malformed',
    });
    const spend = (orderId: string) => economy.perks.spendDiscount(NOW + 30n, { code, orderId });
    expect(await must(spend('order-1'))).toEqual({ grantId: id, cents: 2_000n });
    expect(await must(spend('order-1'))).toEqual({ grantId: id, cents: 2_000n });
    expect(await spend('order-2')).toMatchObject({ code: 'discount-spent' });
    expect(await economy.perks.discount(NOW + 30n, code)).toMatchObject({ code: 'discount-spent' });
    expect(await economy.perks.discount(NOW + 30n, 'AAAA-AAAA-AAAA-AAAA')).toMatchObject({
      code: 'discount-unknown',
    });
  });

  rule('an order spends the discount it names: once, for itself, and it is no revenue', async () => {
    const { id } = await must(ask({ item: 'hardware-dollar', quantity: 20n }));
    await must(economy.addValuation(NOW + 20n, later(20n)));
    const discountCode = (await economy.perks.perk(id))?.code ?? '';
    const [placedAtUs, size] = [NOW + 30n, await ledger.size()];
    const order = (name: string, fields = {}) =>
      economy.revenue.placeOrder(placedAtUs, {
        ...{ id: name, principal: 'ann', product: 'jamcaster', quantity: 1, amountMinor: 0n },
        ...{ currency: 'USD', discountCode, placedAtUs, ...fields },
      });
    expect(await order('shop-1', { currency: 'EUR', amountMinor: 100n })).toMatchObject({ ok: false });
    expect(await must(economy.perks.discount(placedAtUs, discountCode))).toMatchObject({ cents: 2_000n });
    expect((await must(order('shop-1'))).codes).toHaveLength(1);
    expect(await must(order('shop-1'))).toMatchObject({ repeated: true });
    expect(await order('shop-2')).toMatchObject({ code: 'discount-spent' });
    expect((await economy.perks.perk(id))?.state).toBe('used');
    expect(await ledger.size()).toBe(size);
  });

  test('a stop after any write is finished by the next call, and nothing moves twice', async () => {
    const before = await holdings();
    for (let stop = 1; stop <= 4; stop++) {
      let writes = 0;
      const stopping = {
        ...ledger,
        balance: (code: string) => ledger.balance(code),
        openAccounts: (...a: Parameters<Ledger['openAccounts']>) => ledger.openAccounts(...a),
        post: async (...a: Parameters<Ledger['post']>) => {
          const answer = await ledger.post(...a);
          writes += 1;
          if (writes === stop) throw new Error('stopped');
          return answer;
        },
      };
      // The ledger's methods used here, with a stop planted after one write.
      const crashing = await openEconomy(database, stopping as unknown as Ledger, {
        drawKey: () => new Uint8Array(32).fill(100 + stop),
      });
      const at = NOW + BigInt(stop) * 1_000n;
      const request = { payee: ME, item: 'ai-hour', quantity: 5n, key: `crash-${stop}` };
      const dated = later(BigInt(stop) * 1_000n + 1n);
      await crashing.perks.request(at, request).catch(() => undefined);
      await crashing.addValuation(at + 2n, dated).catch(() => undefined);
      const healed = await openEconomy(database, ledger);
      await must(healed.perks.request(at, request));
      await must(healed.addValuation(at + 2n, dated));
      await healed.perks.settle(at + 3n);
    }
    const spent = 4n * 1_000_000n;
    expect(await holdings()).toEqual({
      ...before,
      wallet: before.wallet - spent,
      pool: before.pool + spent,
    });
  });

  rule('at a fixed price there is nothing to wait for', async () => {
    const policy = samplePolicy({ epochId: 'sample-2' });
    const centsPerUnit = { numerator: 100, denominator: 1 };
    await must(economy.publishPolicy(NOW + 1n, { ...policy, pricing: { kind: 'fixed', centsPerUnit } }));
    expect(await must(ask())).toMatchObject({
      state: 'granted',
      costMicroJam: 18_000_000n,
      valuationId: null,
    });
  });

  rule('offers say what one unit would cost at the last valuation', async () => {
    const offers = await economy.perks.offers();
    expect(offers.map(({ item }) => item).sort()).toEqual(Object.keys(SAMPLE_PERKS).sort());
    expect(offers.find(({ item }) => item === 'ai-hour')).toMatchObject({
      priceCents: 40n,
      lastCostMicroJam: 200_000n,
    });
  });
});
