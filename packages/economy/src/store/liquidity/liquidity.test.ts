import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { LiquidityEvent } from '../../core/money/liquidity.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { DAY_US } from '../../core/records/calendar.ts';
import { contribution, payeeId, receipt, VALUATION } from '../../testing/sample-input.ts';
import { openEconomy } from '../open-economy.ts';

const NOW = 5_000_000n;
const SALE: LiquidityEvent = {
  id: 'sale-1',
  kind: 'sale',
  price: { cents: 7n, units: 3n },
  datedAtUs: NOW,
  approvedBy: 'board',
  documentSha256: '33'.repeat(32),
};
const RULE = { on: ['sale' as const], convertsPpm: 1_000_000, noticeDays: 30 };

describeOnEveryEngine('a sale of the studio', (openFresh) => {
  test('converts every unit at its price once, after notice, whatever stops it', async () => {
    const fresh = await openFresh();
    const ledger = await openLedger(fresh.database);
    // Stops before the third conversion is posted, once.
    let posts = 0;
    let stopAt = Number.POSITIVE_INFINITY;
    const stopping = new Proxy(ledger, {
      get(target, name) {
        const member = Reflect.get(target, name);
        return (...parameters: unknown[]) => {
          if (name === 'post' && ++posts === stopAt) return Promise.reject(new Error('stopped'));
          return Reflect.apply(member, target, parameters);
        };
      },
    });
    const economy = await openEconomy(fresh.database, stopping);
    expect(await economy.announceLiquidity(NOW, SALE)).toMatchObject({ code: 'no-policy' });
    const policy = { ...samplePolicy({ epochId: 'sample-1' }), ownerGroupCapPpm: 1_000_000 };
    await economy.publishPolicy(NOW, policy);
    expect(await economy.announceLiquidity(NOW, SALE)).toMatchObject({ code: 'liquidity-not-in-plan' });
    await economy.publishPolicy(NOW, { ...policy, version: 2, liquidity: RULE });
    await economy.openEpoch(NOW);
    await economy.addValuation(NOW, VALUATION);
    await economy.registerPayee(NOW, {
      payee: payeeId(1),
      ownerGroup: 'one',
      evidenceSha256: '22'.repeat(32),
    });
    await economy.addReceipts(NOW, [receipt(1, { amountCents: 9_900n })]);
    const kinds = ['music', 'code', 'compute', 'curation'] as const;
    await economy.addContributions(
      NOW,
      kinds.map((kind, n) => contribution(n + 1, { kind })),
    );
    expect(await economy.close(NOW, 'sample-1')).toMatchObject({ ok: true });
    const held = new Map<string, bigint>();
    for (const n of [1, 2, 3, 4]) {
      const { balanceMicroJam, escrowMicroJam } = await economy.wallet(NOW, payeeId(n));
      held.set(payeeId(n), balanceMicroJam + escrowMicroJam);
    }
    const reserve = await ledger.balance(ACCOUNTS.reserveUsd);
    const pool = (await ledger.balance(ACCOUNTS.poolJam)) ?? 0n;

    expect(await economy.announceLiquidity(NOW, { ...SALE, kind: 'listing' })).toMatchObject({
      code: 'liquidity-not-in-plan',
    });
    expect(await economy.announceLiquidity(NOW, { ...SALE, price: { cents: 0n, units: 1n } })).toMatchObject({
      code: 'liquidity-malformed',
    });
    expect(await economy.announceLiquidity(NOW, SALE)).toMatchObject({
      ok: true,
      value: { state: 'announced' },
    });
    expect(await economy.announceLiquidity(NOW, { ...SALE, approvedBy: 'x' })).toMatchObject({
      code: 'liquidity-differs',
    });
    expect(await economy.convertLiquidity(NOW, 'sale-2')).toMatchObject({ code: 'unknown-liquidity-event' });
    const from = NOW + 30n * DAY_US;
    expect(await economy.convertLiquidity(from - 1n, 'sale-1')).toMatchObject({ code: 'liquidity-not-yet' });
    stopAt = posts + 3;
    await expect(economy.convertLiquidity(from, 'sale-1')).rejects.toThrow();
    const done = await economy.convertLiquidity(from, 'sale-1');
    expect(await economy.convertLiquidity(from, 'sale-1')).toEqual(done);
    let [units, cents] = [0n, 0n];
    for (const [payee, microJam] of held) {
      const wallet = await economy.wallet(from, payee);
      expect(wallet.balanceMicroJam + wallet.escrowMicroJam).toBe(0n);
      expect(wallet.payableCents + wallet.escrowCents).toBe((microJam * 7n) / 3_000_000n);
      units += microJam;
      cents += (microJam * 7n) / 3_000_000n;
    }
    expect(done).toMatchObject({ value: { state: 'converted', convertedMicroJam: units, paidCents: cents } });
    // Paid by the buyer: the reserve and the studio's units are as before, and all units are in the pool again.
    expect(await ledger.balance(ACCOUNTS.reserveUsd)).toBe(reserve);
    expect(await ledger.balance(ACCOUNTS.poolJam)).toBe(pool + units);
  });
});
