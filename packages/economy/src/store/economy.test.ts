import { createHash } from 'node:crypto';
import { type Ledger, openLedger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { samplePolicy } from '../core/policy/sample-policy.ts';
import { auditEpoch } from '../core/public/audit-epoch.ts';
import { parsePublicEpoch } from '../core/public/parse-public-epoch.ts';
import { monthNamed } from '../core/records/calendar.ts';
import { contribution, payeeId, receipt, use, VALUATION } from '../testing/sample-input.ts';
import { RECORDS_PER_CALL_MAX } from './context.ts';
import { type Economy, openEconomy } from './open-economy.ts';

const NOW = 5_000_000n;
const CONTRIBUTIONS = (['music', 'code', 'compute', 'curation'] as const).map((kind, n) =>
  contribution(n + 1, { kind }),
);

/** After which write the process stops. A new PostgreSQL database costs half a second, so there only the turning points. */
const STOPS = { sqlite: [1, 2, 3, 4, 5, 6], postgres: [2, 4] } as const;

interface House {
  readonly economy: Economy;
  readonly ledger: Ledger;
}

async function enter(database: Database): Promise<House> {
  const ledger = await openLedger(database);
  return {
    ledger,
    economy: await openEconomy(database, ledger, { drawKey: () => new Uint8Array(32).fill(3) }),
  };
}

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

/** A sample epoch ready to close: four contributors, one subscriber who used one of them. */
async function fill({ economy }: House, epochId = 'sample-1'): Promise<void> {
  await must(economy.publishPolicy(NOW, samplePolicy({ epochId })));
  await must(economy.openEpoch(NOW));
  await must(economy.addValuation(NOW, VALUATION));
  for (const n of [1, 2, 3]) {
    await must(
      economy.registerPayee(NOW, {
        payee: payeeId(n),
        ownerGroup: `group-${n}`,
        evidenceSha256: '22'.repeat(32),
      }),
    );
  }
  await must(
    economy.addReceipts(NOW, [receipt(1, {}), receipt(2, { stream: 'hardware', amountCents: 9_900n })]),
  );
  await must(economy.addContributions(NOW, CONTRIBUTIONS));
  await must(economy.addUses([use(1, { principal: 'payer-1', contribution: CONTRIBUTIONS[0]?.id ?? '' })]));
}

async function leavesOf(ledger: Ledger) {
  return (await ledger.entries(0n, 10_000)).map(({ leaf }) => leaf);
}

describeOnEveryEngine('the economy', (openFresh: () => Promise<FreshDatabase>, engine) => {
  test('takes revenue in, closes, pays, and satisfies an audit by public files alone', async () => {
    const house = await enter((await openFresh()).database);
    await fill(house);
    const closed = await must(house.economy.close(NOW, 'sample-1'));
    expect(closed).toMatchObject({
      revenueCents: 10_900n,
      contributorShareCents: 5_450n,
      issuedMicroJam: 27_250_000n,
      contributors: 4,
    });
    expect(await house.ledger.balance(ACCOUNTS.reserveUsd)).toBe(5_450n);
    expect(await house.ledger.balance(ACCOUNTS.incomeUsd)).toBe(5_450n);
    const [file] = await house.economy.publicEpochs();
    expect(file).toMatchObject({ epochId: 'sample-1', sha256: closed.statementSha256 });
    expect(
      createHash('sha256')
        .update(file?.content ?? '')
        .digest('hex'),
    ).toBe(closed.statementSha256);
    const parsed = parsePublicEpoch(JSON.parse(file?.content ?? ''));
    if (!parsed.ok) throw new Error(parsed.message);
    expect(auditEpoch(parsed.value, await leavesOf(house.ledger))).toMatchObject({ ok: true });
  });

  test('explains a wallet to the unit and keeps the unverified in escrow until they are registered', async () => {
    const house = await enter((await openFresh()).database);
    await fill(house);
    await must(house.economy.close(NOW, 'sample-1'));
    const musician = await house.economy.wallet(NOW, payeeId(1));
    expect(musician.lines.reduce((sum, { microJam }) => sum + microJam, 0n)).toBe(musician.balanceMicroJam);
    expect(musician.worthCents).toBe((musician.balanceMicroJam * 200n) / 1_000_000n);
    expect(musician.lines.map(({ rule, receipts }) => [rule, receipts])).toContainEqual([
      'use',
      ['receipt-1'],
    ]);
    const curator = await house.economy.wallet(NOW, payeeId(4));
    expect(curator).toMatchObject({ verified: false, balanceMicroJam: 0n, escrowMicroJam: 2_725_000n });
    const registration = { payee: payeeId(4), ownerGroup: 'group-4', evidenceSha256: '33'.repeat(32) };
    expect(await must(house.economy.registerPayee(NOW, registration))).toEqual({
      released: { microJam: 2_725_000n, cents: 0n },
    });
    expect(await must(house.economy.registerPayee(NOW, registration))).toEqual({
      released: { microJam: 0n, cents: 0n },
    });
    expect(await house.economy.wallet(NOW, payeeId(4))).toMatchObject({
      balanceMicroJam: 2_725_000n,
      escrowMicroJam: 0n,
    });
  });

  test('pays the dry run exactly, and repeats of every call change nothing', async () => {
    const fresh = await openFresh();
    const house = await enter(fresh.database);
    await fill(house);
    const dry = await must(house.economy.dryRun('sample-1'));
    const closed = await must(house.economy.close(NOW, 'sample-1'));
    expect(closed.statementSha256).toBe(dry.sha256);
    const size = await house.ledger.size();
    await fill(house);
    const again = await enter(await fresh.reopen());
    expect(await must(again.economy.close(NOW, 'sample-1'))).toEqual(closed);
    expect(await again.ledger.size()).toBe(size);
  });

  test('finishes a close that stopped at any step before, during or after its posting, and pays once', async () => {
    const whole = await enter((await openFresh()).database);
    await fill(whole);
    const expected = await must(whole.economy.close(NOW, 'sample-1'));
    for (const stop of STOPS[engine]) {
      const fresh = await openFresh();
      await fill(await enter(fresh.database));
      const ledger = await openLedger(fresh.database);
      const economy = await openEconomy(fresh.database, failingAfter(ledger, stop), {
        drawKey: () => new Uint8Array(32).fill(3),
      });
      await economy
        .close(NOW, 'sample-1')
        .catch((failure: unknown) => expect(String(failure)).toContain('planted'));
      const again = await enter(await fresh.reopen());
      const closed = await must(again.economy.close(NOW, 'sample-1'));
      expect(closed).toEqual(expected);
      expect(await again.ledger.balance(ACCOUNTS.poolJam)).toBe(1_000_000_000_000n - expected.issuedMicroJam);
    }
  });

  test('carries late contributions and money without a contributor into the next epoch', async () => {
    const house = await enter((await openFresh()).database);
    const { economy } = house;
    await must(economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' })));
    await must(economy.openEpoch(NOW));
    await must(economy.addValuation(NOW, VALUATION));
    await must(economy.addReceipt(NOW, receipt(1, {})));
    await must(economy.addContributions(NOW, CONTRIBUTIONS.slice(0, 1)));
    expect(await must(economy.close(NOW, 'sample-1'))).toMatchObject({
      contributorShareCents: 500n,
      issuedMicroJam: 1_125_000n,
    });
    await must(economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-2' })));
    await must(economy.openEpoch(NOW));
    await must(economy.addContributions(NOW, CONTRIBUTIONS));
    const [one] = CONTRIBUTIONS;
    const { meter = '', acceptedAtUs = 0n } = one ?? {};
    const alike = CONTRIBUTIONS.filter((each) => each.meter === meter && each.acceptedAtUs === acceptedAtUs);
    const merit = alike.reduce((sum, each) => sum + each.merit, 0n);
    expect(merit).toBeGreaterThan(0n);
    expect(await economy.meritOf({ meter, afterUs: acceptedAtUs - 1n, untilUs: acceptedAtUs })).toBe(merit);
    expect(await economy.meritOf({ meter, afterUs: acceptedAtUs, untilUs: acceptedAtUs })).toBe(0n);
    const second = await must(economy.close(NOW, 'sample-2'));
    expect(second).toMatchObject({ contributorShareCents: 0n, issuedMicroJam: 1_375_000n, contributors: 3 });
    const [first, next] = (await economy.publicEpochs()).map(({ content }) =>
      parsePublicEpoch(JSON.parse(content)),
    );
    if (!first?.ok || !next?.ok) throw new Error('public epochs');
    expect(auditEpoch(next.value, await leavesOf(house.ledger), first.value)).toMatchObject({ ok: true });
  });

  test('refuses what is wrong and writes nothing', async () => {
    const { economy, ledger } = await enter((await openFresh()).database);
    expect(await economy.openEpoch(NOW)).toMatchObject({ code: 'no-policy' });
    expect(await economy.addContributions(NOW, CONTRIBUTIONS)).toMatchObject({ code: 'no-policy' });
    expect(await economy.publishPolicy(NOW, '{')).toMatchObject({ code: 'policy-unreadable' });
    expect(await economy.publishPolicy(NOW, {})).toMatchObject({ code: 'policy-malformed' });
    expect(await ledger.size()).toBe(0n);
    await must(economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' })));
    await must(economy.openEpoch(NOW));
    const size = await ledger.size();
    expect(await economy.close(NOW, 'other')).toMatchObject({ code: 'unknown-epoch' });
    expect(await economy.statement('sample-1')).toMatchObject({ code: 'epoch-not-closed' });
    expect(await economy.close(NOW, 'sample-1')).toMatchObject({ code: 'valuation-missing' });
    expect(await economy.addReceipt(NOW, receipt(1, { currency: 'EUR' }))).toMatchObject({
      code: 'wrong-currency',
    });
    expect(await economy.addReceipt(NOW, receipt(1, { receivedAtUs: 400_000_000n }))).toMatchObject({
      code: 'in-the-future',
    });
    expect(await economy.addValuation(NOW, { ...VALUATION, datedAtUs: NOW + 1n })).toMatchObject({
      code: 'in-the-future',
    });
    expect(await economy.addReceipt(NOW, receipt(2, { refundOf: 'receipt-1' }))).toMatchObject({
      code: 'refund-of-unknown-receipt',
    });
    expect(
      await economy.addContributions(NOW, [contribution(1, { kind: 'music', meter: 'none' })]),
    ).toMatchObject({ code: 'unknown-meter' });
    expect(await economy.addUses([use(1, { principal: 'p', contribution: 'none' })])).toMatchObject({
      code: 'use-of-unknown-contribution',
    });
    const many = Array.from({ length: RECORDS_PER_CALL_MAX }, (_, n) => receipt(n + 1, {}));
    expect(await economy.addReceipts(NOW, [...many, receipt(0, {})])).toMatchObject({
      code: 'too-many-records',
    });
    const fitting = many.with(-1, receipt(1, { amountCents: 0n }));
    expect(await economy.addReceipts(NOW, fitting)).toMatchObject({ code: 'receipt-malformed' });
    expect(await ledger.size()).toBe(size);
    await must(economy.addReceipt(NOW, receipt(1, {})));
    expect(await economy.addReceipt(NOW, receipt(1, { amountCents: 2n }))).toMatchObject({
      code: 'receipt-differs',
    });
    const refund = receipt(2, { principal: 'payer-1', refundOf: 'receipt-1', amountCents: 600n });
    await must(economy.addReceipt(NOW, refund));
    expect(await economy.addReceipt(NOW, { ...refund, id: 'receipt-3' })).toMatchObject({
      code: 'refund-too-large',
    });
    await must(economy.addContributions(NOW, CONTRIBUTIONS));
    expect(
      await economy.addContributions(NOW, [contribution(1, { kind: 'music', merit: 2n })]),
    ).toMatchObject({ code: 'contribution-differs' });
  });

  test('closes a calendar month only after its end, under a policy published before it began', async () => {
    const { economy } = await enter((await openFresh()).database);
    const march = monthNamed('2031-03');
    if (!march) throw new Error('month');
    const sample = samplePolicy({ epochId: 'unused' });
    const pricing = { kind: 'fixed' as const, centsPerUnit: { numerator: 100, denominator: 1 } };
    const policy = { ...sample, sample: false, epochs: { kind: 'calendar-month' as const }, pricing };
    await must(economy.publishPolicy(march.startUs, policy));
    expect(await economy.openEpoch(march.startUs + 1n)).toMatchObject({ code: 'policy-after-epoch-began' });
    const april = await must(economy.openEpoch(march.endUs + 1n));
    expect(april).toMatchObject({ id: '2031-04', startUs: march.endUs });
    expect(await economy.close(april.endUs - 1n, '2031-04')).toMatchObject({ code: 'epoch-not-over' });
    const late = contribution(9, { kind: 'music', acceptedAtUs: april.endUs });
    await must(economy.addReceipt(april.endUs, receipt(1, { receivedAtUs: april.startUs })));
    await must(economy.addContributions(april.endUs, [...CONTRIBUTIONS, late]));
    expect(await must(economy.close(april.endUs, '2031-04'))).toMatchObject({
      issuedMicroJam: 5_000_000n,
      contributors: 4,
    });
  });
});

describeOnEveryEngine('a redemption', (openFresh: () => Promise<FreshDatabase>, engine) => {
  const later = { ...VALUATION, id: 'valuation-2', datedAtUs: NOW + 1n };

  async function rich(): Promise<House & { fresh: FreshDatabase }> {
    const fresh = await openFresh();
    const house = await enter(fresh.database);
    await fill(house);
    await must(house.economy.close(NOW, 'sample-1'));
    return { ...house, fresh };
  }

  test('is held, priced at the next valuation, and paid from the reserve back into the pool', async () => {
    const { economy, ledger } = await rich();
    const before = await ledger.balance(ACCOUNTS.poolJam);
    const asked = await must(
      economy.requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 2_000_000n, key: 'a' }),
    );
    expect(asked.status).toBe('suspended');
    expect(await must(economy.processRedemptions(NOW + 1n))).toMatchObject({ paidCents: 0n, suspended: 1 });
    await must(economy.addValuation(NOW + 1n, later));
    expect(await must(economy.processRedemptions(NOW + 1n))).toMatchObject({
      paidCents: 400n,
      redeemedMicroJam: 2_000_000n,
    });
    expect(await must(economy.processRedemptions(NOW + 1n))).toMatchObject({ paidCents: 0n });
    const wallet = await economy.wallet(NOW + 1n, payeeId(1));
    expect(wallet).toMatchObject({
      payableCents: 400n,
      redeemingMicroJam: 0n,
      redemptions: [{ status: 'paid', paidCents: 400n }],
    });
    expect(await ledger.balance(ACCOUNTS.reserveUsd)).toBe(5_050n);
    expect(await ledger.balance(ACCOUNTS.poolJam)).toBe((before ?? 0n) + 2_000_000n);
  });

  test('beyond the cap is paid in part and carried to the next valuation', async () => {
    const { economy, ledger } = await rich();
    const poor = { ...later, valueCents: 24_000_000_000n };
    await must(economy.requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 10_000_000n, key: 'a' }));
    await must(economy.addValuation(NOW + 1n, poor));
    // n = $20, U = 27.25: n·U = $545, L = $54.50, ρ = 10 %: 2 % · (10/15) · $545 = $7.26.
    const run = await must(economy.processRedemptions(NOW + 1n));
    expect(run).toMatchObject({ capCents: 726n, paidCents: 726n, redeemedMicroJam: 363_000n });
    expect(await must(economy.processRedemptions(NOW + 2n))).toMatchObject({ paidCents: 0n, suspended: 1 });
    await must(economy.addValuation(NOW + 3n, { ...poor, id: 'valuation-3', datedAtUs: NOW + 3n }));
    expect((await must(economy.processRedemptions(NOW + 3n))).paidCents).toBeGreaterThan(0n);
    expect(await ledger.balance(ACCOUNTS.redeemingJam(payeeId(1)))).toBeLessThan(10_000_000n - 363_000n);
  });

  test('asks once for each key, never for more than the wallet holds, and can be cancelled while no price is known', async () => {
    const { economy } = await rich();
    const request = { payee: payeeId(2), amountMicroJam: 1_000_000n, key: 'a' };
    const first = await must(economy.requestRedemption(NOW, request));
    expect(await must(economy.requestRedemption(NOW + 1n, request))).toEqual(first);
    expect(await economy.requestRedemption(NOW, { ...request, amountMicroJam: 5n })).toMatchObject({
      code: 'redemption-key-reused',
    });
    expect(
      await economy.requestRedemption(NOW, { ...request, key: 'b', amountMicroJam: 99_000_000n }),
    ).toMatchObject({ code: 'not-enough-jam' });
    expect(await economy.requestRedemption(NOW, { ...request, key: 'c', amountMicroJam: 0n })).toMatchObject({
      code: 'redemption-malformed',
    });
    expect(await economy.requestRedemption(NOW, { ...request, key: 'd', amountMicroJam: 10n })).toMatchObject(
      { code: 'redemption-too-small' },
    );
    expect(await economy.cancelRedemption(NOW, { id: first.id, payee: payeeId(1) })).toMatchObject({
      code: 'unknown-redemption',
    });
    const balance = (await economy.wallet(NOW, payeeId(2))).balanceMicroJam;
    expect(await must(economy.cancelRedemption(NOW, { id: first.id, payee: payeeId(2) }))).toMatchObject({
      status: 'cancelled',
    });
    expect((await economy.wallet(NOW, payeeId(2))).balanceMicroJam).toBe(balance + 1_000_000n);
    const second = await must(economy.requestRedemption(NOW, { ...request, key: 'e' }));
    await must(economy.addValuation(NOW + 1n, later));
    expect(await economy.cancelRedemption(NOW + 1n, { id: second.id, payee: payeeId(2) })).toMatchObject({
      code: 'cut-off-passed',
    });
  });

  test('has at most 16 open requests a payee', async () => {
    const { economy } = await rich();
    for (let n = 0; n < 16; n++) {
      await must(
        economy.requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 100_000n, key: `k${n}` }),
      );
    }
    const more = economy.requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 100_000n, key: 'more' });
    expect(await more).toMatchObject({ code: 'too-many-redemptions' });
  });

  test('that stopped at any step of its way is finished by the next run and paid once', async () => {
    for (const stop of STOPS[engine]) {
      const { fresh, ledger } = await rich();
      const failing = await openEconomy(fresh.database, failingAfter(ledger, stop));
      const ignore = (failure: unknown): void => expect(String(failure)).toContain('planted');
      await failing
        .requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 2_000_000n, key: 'a' })
        .catch(ignore);
      await failing.addValuation(NOW + 1n, later).catch(ignore);
      await failing.processRedemptions(NOW + 1n).catch(ignore);
      const again = await enter(await fresh.reopen());
      await must(
        again.economy.requestRedemption(NOW, { payee: payeeId(1), amountMicroJam: 2_000_000n, key: 'a' }),
      );
      await must(again.economy.addValuation(NOW + 1n, later));
      await must(again.economy.processRedemptions(NOW + 1n));
      expect(await again.economy.wallet(NOW + 1n, payeeId(1))).toMatchObject({
        payableCents: 400n,
        redeemingMicroJam: 0n,
      });
    }
  });
});

/** The ledger until its `calls`-th write, which is carried out although its answer is lost; then nothing more. */
function failingAfter(ledger: Ledger, calls: number): Ledger {
  let left = calls;
  const lost = async <T>(write: () => Promise<T>): Promise<T> => {
    if (left <= 0) throw new Error('planted: stopped');
    left--;
    const answer = await write();
    if (left === 0) throw new Error('planted: answer lost');
    return answer;
  };
  return {
    openAccounts: (nowUs, requests) => lost(() => ledger.openAccounts(nowUs, requests)),
    post: (nowUs, batch) => lost(() => ledger.post(nowUs, batch)),
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
