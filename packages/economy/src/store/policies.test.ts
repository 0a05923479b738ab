import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { samplePolicy, templatePolicy } from '../core/policy/sample-policy.ts';
import { monthOf } from '../core/records/calendar.ts';
import { VALUATION } from '../testing/sample-input.ts';
import { openEconomy } from './open-economy.ts';

const DAY_US = 86_400_000_000n;
/** 2026-10-10, and the same day of the months after it. */
const OCTOBER = 1_791_590_400_000_000n;
const [NOVEMBER, DECEMBER, JANUARY] = [31n, 61n, 92n].map((days) => OCTOBER + days * DAY_US) as [
  bigint,
  bigint,
  bigint,
];
const pool = (microJam: bigint) => ({ pool: { authorisedMicroJam: microJam.toString() } });

describeOnEveryEngine('the pool', (openFresh) => {
  async function open() {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    const held = () => ledger.balance(ACCOUNTS.poolJam);
    return { economy, held };
  }

  test('is topped up one whole epoch after its policy, on a valuation dated after that; the month between opens as ever', async () => {
    const { economy, held } = await open();
    expect(await economy.publishPolicy(OCTOBER, { ...templatePolicy(), ...pool(1_000n) })).toMatchObject({
      ok: true,
    });
    expect(await economy.openEpoch(OCTOBER)).toMatchObject({ code: 'policy-after-epoch-began' });
    expect(await economy.openEpoch(NOVEMBER)).toMatchObject({ ok: true });
    expect(await held()).toBe(1_000n);

    const larger = { ...templatePolicy(), version: 2, ...pool(1_500n) };
    expect(await economy.publishPolicy(NOVEMBER, larger)).toMatchObject({ ok: true });
    expect(await economy.openEpoch(DECEMBER)).toMatchObject({
      ok: true,
      value: { id: monthOf(DECEMBER).id },
    });
    expect(await held()).toBe(1_000n);

    expect(await economy.openEpoch(JANUARY)).toMatchObject({ code: 'top-up-needs-valuation' });
    const valuation = { ...VALUATION, datedAtUs: JANUARY };
    expect(await economy.addValuation(JANUARY, valuation)).toMatchObject({ ok: true });
    expect(await economy.openEpoch(JANUARY)).toMatchObject({ ok: true, value: { id: monthOf(JANUARY).id } });
    expect(await economy.openEpoch(JANUARY)).toMatchObject({ ok: true });
    expect(await held()).toBe(1_500n);
  });

  test('is topped up after its first announcement, however often the rules are published again meanwhile', async () => {
    const { economy, held } = await open();
    await economy.publishPolicy(OCTOBER, { ...templatePolicy(), ...pool(1_000n) });
    await economy.openEpoch(NOVEMBER);
    await economy.publishPolicy(NOVEMBER, { ...templatePolicy(), version: 2, ...pool(1_500n) });
    await economy.openEpoch(DECEMBER);
    await economy.publishPolicy(DECEMBER, { ...templatePolicy(), version: 3, ...pool(1_500n) });
    await economy.addValuation(DECEMBER, { ...VALUATION, datedAtUs: DECEMBER });
    expect(await economy.openEpoch(JANUARY)).toMatchObject({ ok: true, value: { id: monthOf(JANUARY).id } });
    expect(await held()).toBe(1_500n);
  });

  test('never shrinks, and a sample keeps the one it began with', async () => {
    const { economy, held } = await open();
    const sample = (epochId: string, microJam: bigint) => ({
      ...samplePolicy({ epochId }),
      ...pool(microJam),
    });
    await economy.publishPolicy(OCTOBER, sample('sample-1', 1_000n));
    expect(await economy.openEpoch(OCTOBER)).toMatchObject({ ok: true });
    await economy.publishPolicy(OCTOBER + 1n, sample('sample-2', 999n));
    expect(await economy.openEpoch(OCTOBER + 1n)).toMatchObject({ code: 'pool-below-authorised' });
    await economy.publishPolicy(OCTOBER + 2n, sample('sample-3', 1_001n));
    expect(await economy.openEpoch(OCTOBER + 2n)).toMatchObject({ code: 'top-up-needs-notice' });
    expect(await held()).toBe(1_000n);
  });
});
