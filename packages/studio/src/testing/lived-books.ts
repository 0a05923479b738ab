import { openEconomy, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';

export const EPOCH = 'sample-pages';
/** A name and a subject that would run in a page or a spreadsheet if anything failed to escape them. */
export const HOSTILE_NAME = '<img src=x onerror=alert(1)> & "Zoë"';
export const HOSTILE_SUBJECT = '=HYPERLINK("http://x";"</td><script>alert(1)</script>")';
export const PAYEES = ['3f', '9a', '17', 'c4', '58', 'e0'].map((pair) => `p${pair.repeat(16)}`);
const KINDS = ['music', 'music', 'code', 'compute', 'compute', 'curation'] as const;
const METERS = {
  music: 'music/played-ms',
  code: 'code/usage',
  compute: 'compute/work-units',
  curation: 'curation/votes',
} as const;
const DAY_US = 86_400_000_000n;

/** Fills a new data directory's books with an epoch that has been lived: six people, three payers, five valuations, a redemption, a perk, a name. */
export async function fillBooks(directory: string, nowUs: bigint, databaseUrl?: string): Promise<void> {
  const database = openDatabase({ directory, databaseUrl });
  try {
    const economy = await openEconomy(database, await openLedger(database));
    const start = nowUs - 400n * DAY_US;
    await must(economy.publishPolicy(start, samplePolicy({ epochId: EPOCH })));
    await must(economy.openEpoch(start));
    for (const [n, dollars] of [20_000_000n, 22_500_000n, 21_000_000n].entries())
      await must(economy.addValuation(start + BigInt(n) * 91n * DAY_US, valuation(n, dollars, start)));
    for (const [n, payee] of PAYEES.entries())
      if (n !== 3)
        await must(
          economy.registerPayee(start, {
            payee,
            ownerGroup: `group-${n}`,
            evidenceSha256: '22'.repeat(32),
          }),
        );
    const at = start + 200n * DAY_US;
    const contributions = KINDS.map((kind, n) => ({
      id: (n + 1).toString(16).padStart(32, '0'),
      schema: 'jamnet/contribution/v1' as const,
      kind,
      meter: METERS[kind],
      payees: [{ payee: PAYEES[n] ?? '', weight: 1n }],
      merit: BigInt(n * n + 3),
      subject: n === 0 ? HOSTILE_SUBJECT : `subject ${n}`,
      acceptedAtUs: start,
      evidence: (n + 1).toString(16).padStart(64, '0'),
      ownerGroup: `group-${n}`,
    }));
    await must(economy.addContributions(at, contributions));
    await must(economy.addReceipts(at, receipts(start)));
    await must(
      economy.addUses(
        contributions.slice(0, 4).map(({ id, meter }, n) => ({
          row: `use-${n}`,
          contribution: id,
          meter,
          quantity: BigInt(5 - n),
          principal: 'payer-1',
        })),
      ),
    );
    await must(economy.close(at, EPOCH));
    const [first = '', second = ''] = PAYEES;
    await must(economy.reports.agreeToName(at, { payee: first, name: HOSTILE_NAME }));
    await must(economy.requestRedemption(at, { payee: first, amountMicroJam: 500_000n, key: 'r' }));
    await must(economy.perks.request(at, { payee: second, item: 'ai-hour', quantity: 2n, key: 'p' }));
    for (const [n, dollars] of [
      [3, 26_000_000n],
      [4, 31_250_000n],
    ] as const)
      await must(economy.addValuation(start + BigInt(n) * 91n * DAY_US, valuation(n, dollars, start)));
    await must(economy.processRedemptions(start + 365n * DAY_US));
  } finally {
    await database.close();
  }
}

function valuation(n: number, dollars: bigint, start: bigint) {
  return {
    id: `valuation-${n}`,
    valueCents: dollars * 100n,
    fullyDilutedUnits: 10_000_000n,
    datedAtUs: start + BigInt(n) * 91n * DAY_US,
    approvedBy: n === 2 ? 'board <b>& audit</b>' : 'board',
    documentSha256: n.toString(16).padStart(64, 'd'),
  };
}

function receipts(receivedAtUs: bigint) {
  const sales = [
    ['subscription', 120_000n],
    ['subscription', 48_050n],
    ['hardware', 99_00n],
    ['storage', 20_001n],
  ] as const;
  return sales.map(([stream, amountCents], n) => ({
    id: `receipt-${n + 1}`,
    principal: `payer-${n + 1}`,
    stream,
    amountCents,
    currency: 'USD',
    reference: `invoice <${n}>`,
    refundOf: null,
    receivedAtUs,
  }));
}

async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; code: string; message: string }>,
): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}
