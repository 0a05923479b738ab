import { createHash } from 'node:crypto';
import { type Ledger, openLedger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { ocfFiles } from '../../core/cap-table/ocf-export.ts';
import { ocfId } from '../../core/cap-table/ocf-values.ts';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { contribution, payeeId, receipt, use, VALUATION } from '../../testing/sample-input.ts';
import { type Economy, openEconomy } from '../open-economy.ts';

const NOW = 1_795_348_800_000_000n;
const SECOND_US = 1_000_000n;
const PEOPLE = [1, 2, 3, 4];

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

/** A closed epoch, one redemption priced by a second valuation, one perk; payee 4 is not verified. */
async function livedEconomy(database: Database): Promise<{ economy: Economy; ledger: Ledger }> {
  const ledger = await openLedger(database);
  const economy = await openEconomy(database, ledger);
  await must(economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' })));
  await must(economy.openEpoch(NOW));
  await must(economy.addValuation(NOW, { ...VALUATION, datedAtUs: NOW }));
  for (const n of [1, 2, 3])
    await must(
      economy.registerPayee(NOW, {
        payee: payeeId(n),
        ownerGroup: `group-${n}`,
        evidenceSha256: '22'.repeat(32),
      }),
    );
  const kinds = ['music', 'music', 'compute', 'code'] as const;
  const contributions = kinds.map((kind, n) =>
    contribution(n + 1, { kind, merit: BigInt(n + 1), acceptedAtUs: NOW }),
  );
  await must(economy.addContributions(NOW, contributions));
  await must(
    economy.addReceipts(NOW, [
      receipt(1, { amountCents: 50_000n, receivedAtUs: NOW }),
      receipt(2, { amountCents: 30_000n, receivedAtUs: NOW }),
    ]),
  );
  await must(economy.addUses([use(1, { principal: 'payer-1', contribution: contributions[0]?.id ?? '' })]));
  await must(economy.close(NOW + SECOND_US, 'sample-1'));
  const asked = NOW + 2n * SECOND_US;
  await must(economy.requestRedemption(asked, { payee: payeeId(1), amountMicroJam: 1_500_000n, key: 'r' }));
  await must(economy.perks.request(asked, { payee: payeeId(3), item: 'ai-hour', quantity: 5n, key: 'p' }));
  const dated = { ...VALUATION, id: 'valuation-2', valueCents: 3_000_000_000n, datedAtUs: asked + 1n };
  await must(economy.addValuation(asked + 1n, dated));
  await must(economy.processRedemptions(asked + 2n));
  return { economy, ledger };
}

describeOnEveryEngine('reports', (openFresh) => {
  test('read one history: figures, statement, prices, tax year and cap table agree with the ledger', async () => {
    const { database } = await openFresh();
    const { economy, ledger } = await livedEconomy(database);
    const { reports } = economy;

    const [epoch] = await reports.epochs(10);
    expect(epoch).toMatchObject({
      epochId: 'sample-1',
      revenueCents: 80_000n,
      shareCents: 40_000n,
      participants: 4,
      operators: 1,
    });
    const leaf = await ledger.entryByKey('epoch:sample-1:statement');
    expect(epoch?.statementLeaf).toBe(leaf?.index);

    const statement = await must(reports.statement(NOW, payeeId(1), 'sample-1'));
    expect(statement.lines.reduce((sum, { microJam }) => sum + microJam, 0n)).toBe(statement.paid.microJam);
    expect(statement.wallet.redemptions).toHaveLength(1);
    expect(await reports.statement(NOW, payeeId(9), 'sample-1')).toMatchObject({ code: 'payee-unknown' });
    expect(await reports.statement(NOW, payeeId(1), 'x')).toMatchObject({ code: 'epoch-not-closed' });

    const { points, days } = await reports.prices();
    expect(points.map(({ id, priceTenThousandths }) => [id, priceTenThousandths])).toEqual([
      ['valuation-1', 20_000n],
      ['valuation-2', 25_000n],
    ]);
    expect(days).toHaveLength(1);
    expect(days[0]).toMatchObject({
      poolMicroJam: await ledger.balance(ACCOUNTS.poolJam),
      reserveCents: await ledger.balance(ACCOUNTS.reserveUsd),
      authorisedMicroJam: 1_000_000_000_000n,
    });
    expect(await reports.prices(), 'a second look counts no leaf twice').toEqual({ points, days });

    const year = await must(reports.taxYear(2026, 'issue'));
    const first = year.lines.find(({ payee }) => payee === payeeId(1));
    expect(first).toMatchObject({
      issuedMicroJam: statement.paid.microJam,
      issuedValueCents: (statement.paid.microJam * 200n) / 1_000_000n,
      redeemedMicroJam: 1_500_000n,
      redeemedCents: 375n,
    });
    expect(year.lines.find(({ payee }) => payee === payeeId(3))).toMatchObject({
      perkCents: 200n,
      redeemedMicroJam: 800_000n,
    });
    expect(await reports.taxYear(1999, 'issue')).toMatchObject({ code: 'tax-year-unknown' });

    const files = ocfFiles(await reports.capTable(), {
      issuer: {},
      md5: (text) => createHash('md5').update(text).digest('hex'),
    });
    const transactions = files.find(({ name }) => name.startsWith('Transactions'))?.content ?? '';
    for (const n of PEOPLE)
      expect(exported(transactions, payeeId(n))).toBe(await balanceOf(ledger, payeeId(n)));
  });

  test('a name is shown while its owner wants it', async () => {
    const { database } = await openFresh();
    const { reports } = await openEconomy(database, await openLedger(database));
    const payee = payeeId(1);
    expect(await reports.names([payee])).toEqual(new Map());
    await must(reports.agreeToName(NOW, { payee, name: ' Zoë  ' }));
    expect(await reports.names([payee, payeeId(2)])).toEqual(new Map([[payee, 'Zoë']]));
    expect(await reports.agreeToName(NOW, { payee, name: 'x\u202e' })).toMatchObject({
      code: 'name-malformed',
    });
    await reports.withdrawName(NOW + 1n, payee);
    await reports.withdrawName(NOW + 2n, payee);
    expect(await reports.names([payee])).toEqual(new Map());
    await must(reports.agreeToName(NOW + 3n, { payee, name: 'Zoë again' }));
    expect((await reports.names([payee])).get(payee)).toBe('Zoë again');
  });
});

/** What the export says a payee holds, µJAM. */
function exported(transactions: string, payee: string): bigint {
  // Written by the export; the schemas check its form elsewhere.
  const { items } = JSON.parse(transactions) as {
    items: { security_id?: string; stakeholder_id?: string; quantity?: string }[];
  };
  const own = new Set(
    items
      .filter(({ stakeholder_id }) => stakeholder_id === ocfId('stakeholder', payee))
      .map(({ security_id }) => security_id),
  );
  let sum = 0n;
  for (const { security_id, stakeholder_id, quantity = '0' } of items) {
    if (security_id === undefined || !own.has(security_id)) continue;
    sum += (stakeholder_id === undefined ? -1n : 1n) * BigInt(quantity.replace('.', ''));
  }
  return sum;
}

async function balanceOf(ledger: Ledger, payee: string): Promise<bigint> {
  let sum = 0n;
  for (const account of [ACCOUNTS.payeeJam, ACCOUNTS.escrowJam, ACCOUNTS.redeemingJam])
    sum += (await ledger.balance(account(payee))) ?? 0n;
  return sum;
}
