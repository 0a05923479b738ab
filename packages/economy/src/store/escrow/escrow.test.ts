import { type Ledger, openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { DAY_US, monthNamed } from '../../core/records/calendar.ts';
import { contribution, payeeId, receipt } from '../../testing/sample-input.ts';
import { type Economy, openEconomy } from '../open-economy.ts';

const [OWNER, NOBODY, LATE] = [payeeId(1), payeeId(2), payeeId(3)];
const PROOF = '44'.repeat(32);

/** Months under a policy that holds unclaimed pay for 30 days and pays half of each share in cash. */
async function openHouse(
  openFresh: () => Promise<{ database: Parameters<typeof openLedger>[0] }>,
): Promise<{ economy: Economy; ledger: Ledger }> {
  const { database } = await openFresh();
  const ledger = await openLedger(database);
  const economy = await openEconomy(database, ledger);
  const published = await economy.publishPolicy(monthOf('2031-03').startUs, {
    ...samplePolicy({ epochId: 'unused' }),
    sample: false,
    epochs: { kind: 'calendar-month' },
    pricing: { kind: 'fixed', centsPerUnit: { numerator: 100, denominator: 1 } },
    issueShare: { numerator: 1, denominator: 2 },
    unclaimed: { expiryDays: 30 },
  });
  expect(published).toMatchObject({ ok: true });
  return { economy, ledger };
}

function monthOf(id: string) {
  const month = monthNamed(id);
  if (!month) throw new Error(id);
  return month;
}

/** One month in which each of these payees, unregistered, earns by code. */
async function closeMonth(economy: Economy, id: string, payees: readonly string[]): Promise<void> {
  const { startUs, endUs } = monthOf(id);
  await economy.openEpoch(startUs);
  const number = Number(startUs / DAY_US);
  await economy.addReceipt(startUs, receipt(number, { receivedAtUs: startUs, amountCents: 9_999n }));
  await economy.addContributions(
    startUs,
    payees.map((payee, n) =>
      contribution(number * 10 + n, {
        kind: 'code',
        payees: [{ payee, weight: 1n }],
        acceptedAtUs: startUs,
        ownerGroup: payee,
      }),
    ),
  );
  expect(await economy.close(endUs, id)).toMatchObject({ ok: true });
}

/** Units and cash outside the studio's own accounts. */
async function heldByPeople(ledger: Ledger) {
  let [microJam, cents] = [0n, 0n];
  for (const payee of [OWNER, NOBODY, LATE]) {
    for (const account of [ACCOUNTS.payeeJam(payee), ACCOUNTS.escrowJam(payee)])
      microJam += (await ledger.balance(account)) ?? 0n;
    for (const account of [ACCOUNTS.payableUsd(payee), ACCOUNTS.escrowUsd(payee)])
      cents += (await ledger.balance(account)) ?? 0n;
  }
  return { microJam, cents };
}

describeOnEveryEngine('pay that nobody has claimed', (openFresh) => {
  test('is held for the days of its policy, then returns to the pool and the reserve to the unit', async () => {
    const { economy, ledger } = await openHouse(openFresh);
    await closeMonth(economy, '2031-04', [NOBODY]);
    const first = await economy.wallet(0n, NOBODY);
    expect(first.escrowMicroJam).toBeGreaterThan(0n);
    expect(first.escrowCents).toBeGreaterThan(0n);
    await closeMonth(economy, '2031-05', [NOBODY, LATE]);
    const second = await economy.wallet(0n, NOBODY);
    const before = await heldByPeople(ledger);
    const pool = (await ledger.balance(ACCOUNTS.poolJam)) ?? 0n;
    const reserve = (await ledger.balance(ACCOUNTS.reserveUsd)) ?? 0n;

    const expiresAtUs = monthOf('2031-04').endUs + 30n * DAY_US;
    expect(await economy.expireEscrow(expiresAtUs - 1n)).toEqual([]);
    const gone = { microJam: first.escrowMicroJam, cents: first.escrowCents };
    expect(await economy.expireEscrow(expiresAtUs)).toEqual([{ payee: NOBODY, ...gone }]);
    expect(await economy.expireEscrow(expiresAtUs)).toEqual([]);
    expect(await economy.wallet(0n, NOBODY)).toMatchObject({
      escrowMicroJam: second.escrowMicroJam - gone.microJam,
      escrowCents: second.escrowCents - gone.cents,
    });
    expect(await ledger.balance(ACCOUNTS.poolJam)).toBe(pool + gone.microJam);
    expect(await ledger.balance(ACCOUNTS.reserveUsd)).toBe(reserve + gone.cents);
    expect(await heldByPeople(ledger)).toEqual({
      microJam: before.microJam - gone.microJam,
      cents: before.cents - gone.cents,
    });
  });

  test('goes to the verified payee who proves to be behind it, once, and never to an unverified one', async () => {
    const { economy, ledger } = await openHouse(openFresh);
    await closeMonth(economy, '2031-04', [NOBODY]);
    const { escrowMicroJam: microJam, escrowCents: cents } = await economy.wallet(0n, NOBODY);
    const before = await heldByPeople(ledger);
    const handOver = { from: NOBODY, to: OWNER, evidenceSha256: PROOF };
    expect(await economy.handOverEscrow(1n, handOver)).toMatchObject({ code: 'payee-unverified' });
    expect(await economy.handOverEscrow(1n, { ...handOver, to: NOBODY })).toMatchObject({
      code: 'payee-malformed',
    });
    await economy.registerPayee(1n, { payee: OWNER, ownerGroup: 'owner', evidenceSha256: PROOF });
    expect(await economy.ownerGroupOf(OWNER)).toBe('owner');
    expect(await economy.handOverEscrow(1n, handOver)).toEqual({ ok: true, value: { microJam, cents } });
    expect(await economy.handOverEscrow(1n, handOver)).toEqual({
      ok: true,
      value: { microJam: 0n, cents: 0n },
    });
    expect(await economy.wallet(1n, OWNER)).toMatchObject({ balanceMicroJam: microJam, payableCents: cents });
    expect(await heldByPeople(ledger)).toEqual(before);
    // What was handed over is no longer there to expire.
    expect(await economy.expireEscrow(monthOf('2031-04').endUs + 31n * DAY_US)).toEqual([]);
  });
});
