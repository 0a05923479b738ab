import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { ExchangeRate } from '../../core/intake/exchange-rate.ts';
import type { IncomingReceipt } from '../../core/intake/incoming-receipt.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { auditEpoch } from '../../core/public/audit-epoch.ts';
import { parsePublicEpoch } from '../../core/public/parse-public-epoch.ts';
import { DAY_US } from '../../core/records/calendar.ts';
import { contribution, payeeId, use, VALUATION } from '../../testing/sample-input.ts';
import { RECORDS_PER_CALL_MAX } from '../context.ts';
import { openEconomy } from '../open-economy.ts';
import { SEATS_PER_TENANT_MAX } from './seats.ts';

const DAY = 20_000n * DAY_US;
const NOW = DAY + 10n * DAY_US;
const EURO: ExchangeRate = {
  currency: 'EUR',
  usdPerUnit: { numerator: 11n, denominator: 10n },
  dayUs: DAY,
  documentSha256: 'ab'.repeat(32),
};
const POLICY = samplePolicy({
  epochId: 'sample-1',
  currencies: { accepted: ['EUR', 'GBP'], rateAgeDaysMax: 0 },
});
const SALE: IncomingReceipt = {
  id: 'r1',
  principal: 'ann',
  product: 'jambox',
  stream: null,
  amountMinor: 8_000n,
  currency: 'EUR',
  reference: '',
  refundOf: null,
  receivedAtUs: DAY + 5n,
};

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
) {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

describeOnEveryEngine('revenue in other currencies', (openFresh: () => Promise<FreshDatabase>) => {
  test('needs a posted rate, is booked in dollars, refunded at its own rate to the last cent, and pays as dollars do', async () => {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    await must(economy.publishPolicy(NOW, POLICY));
    await must(economy.openEpoch(NOW));
    await must(economy.addValuation(NOW, { ...VALUATION, datedAtUs: DAY }));
    const size = await ledger.size();
    expect(await economy.revenue.add(NOW, [SALE])).toMatchObject({ code: 'rate-missing' });
    expect(await economy.revenue.addRate(DAY - 1n, EURO)).toMatchObject({ code: 'in-the-future' });
    expect(await ledger.size()).toBe(size);

    expect(await must(economy.revenue.addRate(NOW, EURO))).toEqual({ added: 1, repeated: 0 });
    expect(await must(economy.revenue.addRate(NOW, EURO))).toEqual({ added: 0, repeated: 1 });
    const other = { ...EURO, usdPerUnit: { numerator: 12n, denominator: 10n } };
    expect(await economy.revenue.addRate(NOW, other)).toMatchObject({ code: 'rate-differs' });
    const later = { ...other, dayUs: DAY + DAY_US };
    await must(economy.revenue.addRate(NOW, later));
    expect(await economy.revenue.rates()).toEqual([later, EURO]);
    const checked = await ledger.size();
    expect(await must(economy.revenue.add(NOW, [SALE], { checkOnly: true }))).toEqual({
      added: 1,
      repeated: 0,
    });
    expect(await ledger.size()).toBe(checked);

    expect(await must(economy.revenue.add(NOW, [SALE]))).toEqual({ added: 1, repeated: 0 });
    expect(await must(economy.revenue.add(NOW, [SALE]))).toEqual({ added: 0, repeated: 1 });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(8_800n);
    expect(await economy.revenue.add(NOW, [{ ...SALE, amountMinor: 8_001n }])).toMatchObject({
      code: 'receipt-differs',
    });

    // Paid back in two parts on a day of another rate: the cents of the payment, and not one more.
    const refund = (id: string, amountMinor: bigint) => ({
      ...SALE,
      ...{ id, amountMinor, product: null, refundOf: 'r1', receivedAtUs: DAY + DAY_US + 1n },
    });
    await must(economy.revenue.add(NOW, [refund('r2', 1_001n)]));
    expect(await economy.revenue.add(NOW, [refund('r3', 7_000n)])).toMatchObject({
      code: 'refund-too-large',
    });
    await must(
      economy.revenue.add(NOW, [
        refund('r3', 6_999n),
        { ...SALE, id: 'r4', currency: 'USD', amountMinor: 100n },
      ]),
    );
    expect(await must(economy.revenue.add(NOW, [refund('r2', 1_001n)]))).toEqual({ added: 0, repeated: 1 });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(100n);

    await must(economy.addContributions(NOW, [contribution(1, { kind: 'music' })]));
    const closed = await must(economy.close(NOW, 'sample-1'));
    expect(closed).toMatchObject({ revenueCents: 100n, contributorShareCents: 50n });
    const [file] = await economy.publicEpochs();
    const parsed = parsePublicEpoch(JSON.parse(file?.content ?? 'null'));
    if (!parsed.ok) throw new Error(parsed.message);
    const leaves = (await ledger.entries(0n, 1_000)).map(({ leaf }) => leaf);
    expect(auditEpoch(parsed.value, leaves)).toMatchObject({ ok: true });
  });

  test('of one call is all taken or none, a refund beside its payment included', async () => {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    await must(economy.publishPolicy(NOW, POLICY));
    await must(economy.revenue.addRate(NOW, EURO));
    const size = await ledger.size();
    const refund = { ...SALE, id: 'r2', product: null, refundOf: 'r1', amountMinor: 8_000n };
    const cases: [string, IncomingReceipt[]][] = [
      ['currency-not-accepted', [SALE, { ...SALE, id: 'r9', currency: 'JPY' }]],
      ['rate-missing', [SALE, { ...SALE, id: 'r9', currency: 'GBP' }]],
      ['unknown-product', [SALE, { ...SALE, id: 'r9', product: 'piano' }]],
      ['refund-too-large', [SALE, refund, { ...refund, id: 'r3', amountMinor: 1n }]],
      ['refund-of-unknown-receipt', [refund]],
      ['refund-of-unknown-receipt', [SALE, refund, { ...refund, id: 'r3', refundOf: 'r2' }]],
      ['refund-of-other-payer', [SALE, { ...refund, principal: 'ben' }]],
      ['in-the-future', [SALE, { ...SALE, id: 'r9', currency: 'USD', receivedAtUs: NOW + DAY_US }]],
      ['receipt-malformed', [SALE, { ...SALE, id: 'r9', amountMinor: 0n }]],
      ['too-many-records', sales(RECORDS_PER_CALL_MAX + 1)],
      ['currency-not-accepted', sales(RECORDS_PER_CALL_MAX).with(0, { ...SALE, currency: 'JPY' })],
    ];
    for (const [code, receipts] of cases)
      expect(await economy.revenue.add(NOW, receipts), code).toMatchObject({ ok: false, code });
    expect(await ledger.size()).toBe(size);
    // Whichever comes first in the call.
    expect(await must(economy.revenue.add(NOW, [refund, SALE]))).toEqual({ added: 2, repeated: 0 });
    expect(await ledger.balance(ACCOUNTS.incomeUsd)).toBe(0n);
  });
});

function sales(count: number): IncomingReceipt[] {
  return Array.from({ length: count }, (_, n) => ({ ...SALE, id: `r${n}` }));
}

describeOnEveryEngine('a tenant', (openFresh: () => Promise<FreshDatabase>) => {
  test('pays those whom its seats used, and a public row names neither', async () => {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    const { revenue } = economy;
    await must(economy.publishPolicy(NOW, POLICY));
    await must(economy.openEpoch(NOW));
    await must(economy.addValuation(NOW, { ...VALUATION, datedAtUs: DAY }));
    const contributions = [1, 2].map((n) => contribution(n, { kind: 'music', merit: 1n }));
    await must(economy.addContributions(NOW, contributions));
    const [heard, passedOver] = contributions;
    if (!heard || !passedOver) throw new Error('two contributions');

    expect(await must(revenue.addSeat(NOW, { tenant: 'acme', principal: 'ann' }))).toEqual({
      added: 1,
      repeated: 0,
    });
    expect(await must(revenue.addSeat(NOW, { tenant: 'acme', principal: 'ann' }))).toEqual({
      added: 0,
      repeated: 1,
    });
    const refused: [string, string, string][] = [
      ['seat-taken', 'other', 'ann'],
      ['seat-taken', 'ann', 'ben'],
      ['seat-taken', 'other', 'acme'],
      ['seat-malformed', 'acme', 'acme'],
      ['seat-malformed', 'acme', ''],
    ];
    for (const [code, tenant, principal] of refused)
      expect(await revenue.addSeat(NOW, { tenant, principal }), `${tenant} ${principal}`).toMatchObject({
        code,
      });

    const before = use(1, { principal: 'ben', contribution: passedOver.id });
    await must(economy.addUses([use(2, { principal: 'ann', contribution: heard.id }), before]));
    const licence = {
      ...SALE,
      product: 'enterprise-licence',
      currency: 'USD',
      principal: 'acme',
      amountMinor: 10_000n,
    };
    await must(revenue.add(NOW, [licence]));
    // Seats that come and go leave what was used where it was: the same uses again are the same.
    await must(revenue.addSeat(NOW, { tenant: 'acme', principal: 'ben' }));
    await must(revenue.endSeat(NOW + 1n, { tenant: 'acme', principal: 'ann' }));
    expect(
      await must(economy.addUses([use(2, { principal: 'ann', contribution: heard.id }), before])),
    ).toEqual({
      added: 0,
      repeated: 2,
    });
    expect(await revenue.endSeat(NOW, { tenant: 'acme', principal: 'nobody' })).toMatchObject({
      code: 'unknown-seat',
    });
    expect((await revenue.seats('acme')).map(({ principal, untilUs }) => [principal, untilUs])).toEqual([
      ['ann', NOW + 1n],
      ['ben', null],
    ]);

    await must(economy.close(NOW, 'sample-1'));
    // Ann's seat heard the first musician only: the licence's music share goes there, although both have the same merit.
    const [first, second] = [await economy.wallet(NOW, payeeId(1)), await economy.wallet(NOW, payeeId(2))];
    expect(first.escrowMicroJam).toBeGreaterThan(0n);
    expect(second.escrowMicroJam).toBe(0n);
    expect((await economy.publicEpochs()).map(({ content }) => content).join('')).not.toMatch(/acme|"ann"/);
  });

  test('has at most 10,000 seats', async () => {
    const { database } = await openFresh();
    const { revenue } = await openEconomy(database, await openLedger(database));
    const rows = Array.from({ length: SEATS_PER_TENANT_MAX }, (_, n) => `('s${n}', 'acme', 1)`).join(', ');
    await sql
      .raw(`INSERT INTO economy_seat (principal, tenant, since_us) VALUES ${rows}`)
      .execute(database.kysely);
    expect(await revenue.addSeat(NOW, { tenant: 'acme', principal: 'one-more' })).toMatchObject({
      code: 'too-many-seats',
    });
    expect(await revenue.addSeat(NOW, { tenant: 'other', principal: 'one-more' })).toMatchObject({
      ok: true,
    });
  });
});
