import { describe, expect, test } from 'vitest';
import { contribution, epochInput, payeeId, receipt, use, VALUATION } from '../../testing/sample-input.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { byKind } from '../records/kinds.ts';
import { closeEpoch, type EpochInput, type EpochStatement } from './close-epoch.ts';

function close(fields: Partial<EpochInput> = {}): EpochStatement {
  const closed = closeEpoch(epochInput(fields));
  if (!closed.ok) throw new Error(`${closed.code}: ${closed.message}`);
  return closed.value;
}

const paidTo = (statement: EpochStatement, n: number): bigint =>
  statement.payments.find(({ payee }) => payee === payeeId(n))?.microJam ?? 0n;

describe('closing an epoch', () => {
  test('returns half of $10 as 2.5 JAM of $2, divided by the subscription split', () => {
    const statement = close();
    expect(statement.publicEpoch).toMatchObject({
      revenueCents: 1_000n,
      contributorShareCents: 500n,
      issuedMicroJam: 2_500_000n,
    });
    expect([1, 2, 3, 4].map((n) => paidTo(statement, n))).toEqual([1_125_000n, 500_000n, 625_000n, 250_000n]);
  });

  test('rounds the share up: of one cent, one cent goes back', () => {
    const statement = close({ receipts: [receipt(1, { amountCents: 1n })] });
    expect(statement.publicEpoch.contributorShareCents).toBe(1n);
  });

  test('divides what a principal paid by what this principal used', () => {
    const statement = close({
      contributions: [
        contribution(1, { kind: 'music', merit: 1n }),
        contribution(2, { kind: 'music', merit: 999n }),
      ],
      receipts: [receipt(1, { amountCents: 1_000n }), receipt(2, { amountCents: 3_000n })],
      uses: [use(1, { principal: 'payer-1', contribution: contribution(1, { kind: 'music' }).id })],
    });
    // Payer 1's music money (45 % of $10) all goes to payee 1; payer 2 used nothing, so merit 1 : 999 decides.
    // 4.50 / 2 = 2.25 $ = 1,125,000 µJAM; 13.50 / 2 = 6.75 $ = 3,375,000 µJAM, of which 1/1000 to payee 1.
    expect(paidTo(statement, 1)).toBe(1_125_000n + 3_375n);
    expect(paidTo(statement, 2)).toBe(3_371_625n);
  });

  test('carries the share of a kind nobody contributed to, and pays it to that kind in the next epoch', () => {
    const first = close({ contributions: [contribution(1, { kind: 'music' })] });
    expect(first.publicEpoch.carriedOutCents).toEqual({
      music: 0n,
      code: 100n,
      compute: 125n,
      curation: 50n,
    });
    expect(first.publicEpoch.issuedMicroJam).toBe(1_125_000n);
    const second = close({ receipts: [], carriedInCents: first.publicEpoch.carriedOutCents });
    expect(second.publicEpoch).toMatchObject({ contributorShareCents: 0n, issuedMicroJam: 1_375_000n });
    expect([1, 2, 3, 4].map((n) => paidTo(second, n))).toEqual([0n, 500_000n, 625_000n, 250_000n]);
  });

  test('charges a refund to the same principal first and the excess to the epoch, and carries a deficit', () => {
    const late = receipt(2, { principal: 'payer-1', refundOf: 'receipt-0', amountCents: 1_500n });
    const statement = close({
      receipts: [receipt(1, {}), late, receipt(3, { principal: 'other', amountCents: 200n })],
    });
    expect(statement.publicEpoch).toMatchObject({
      shortfallCents: 500n,
      revenueCents: 0n,
      deficitOutCents: 300n,
    });
    expect(statement.payments).toEqual([]);
    const next = close({ deficitInCents: 300n });
    expect(next.publicEpoch.revenueCents).toBe(700n);
  });

  test('leaves a payment pending until its refund window has ended', () => {
    const policy = samplePolicy({ epochId: 'unused' });
    const monthly = {
      ...policy,
      sample: false,
      epochs: { kind: 'calendar-month' as const },
      pricing: { kind: 'fixed' as const, centsPerUnit: { numerator: 200, denominator: 1 } },
      streams: { ...policy.streams, subscription: { ...policy.streams.subscription, refundWindowDays: 120 } },
    };
    const dayUs = 86_400_000_000n;
    const window = { id: '1970-05', startUs: 120n * dayUs, endUs: 151n * dayUs };
    const receipts = [receipt(1, { receivedAtUs: 30n * dayUs }), receipt(2, { receivedAtUs: 31n * dayUs })];
    const statement = close({ policy: monthly, window, receipts, valuation: null });
    expect(statement.countedReceipts).toEqual(['receipt-1']);
    expect(statement.pendingReceipts).toEqual(['receipt-2']);
    expect(statement.publicEpoch.issuedMicroJam).toBe(2_500_000n);
  });

  test('holds an owner group at the cap and divides the excess among the others', () => {
    const policy = { ...samplePolicy({ epochId: 'sample-1' }), ownerGroupCapPpm: 300_000 };
    const statement = close({ policy });
    expect(paidTo(statement, 1)).toBe(750_000n);
    // 1,750,000 is left for weights 20 : 25 : 10; compute would get 795,454 and is capped too; 1,000,000 for 20 : 10.
    expect([2, 3, 4].map((n) => paidTo(statement, n))).toEqual([666_667n, 750_000n, 333_333n]);
    expect(statement.publicEpoch.capped).toEqual([[payeeId(1)], [payeeId(3)]]);
  });

  test('carries what no group may have when every group is at the cap', () => {
    const policy = { ...samplePolicy({ epochId: 'sample-1' }), ownerGroupCapPpm: 200_000 };
    const { publicEpoch } = close({ policy });
    expect(publicEpoch.issuedMicroJam).toBe(2_000_000n);
    expect(Object.values(publicEpoch.carriedOutCents).reduce((a, b) => a + b)).toBe(100n);
  });

  test('owes in cash what an empty pool cannot issue', () => {
    const statement = close({ poolMicroJam: 1_000_000n });
    expect(statement.publicEpoch).toMatchObject({
      entitledMicroJam: 2_500_000n,
      issuedMicroJam: 1_000_000n,
      cashCents: 300n,
    });
    expect(statement.payments.map(({ cents }) => cents)).toEqual([135n, 60n, 75n, 30n]);
  });

  test('issues φ of the share in units and owes the rest in cash: anchor figures, 5,000 units of $100,000', () => {
    const policy = { ...samplePolicy({ epochId: 'sample-1' }), issueShare: { numerator: 1, denominator: 5 } };
    const { publicEpoch } = close({ policy, receipts: [receipt(1, { amountCents: 10_000_000n })] });
    expect(publicEpoch).toMatchObject({ issuedMicroJam: 5_000_000_000n, cashCents: 4_000_000n });
  });

  test('sends the pay of an unverified key to escrow', () => {
    const statement = close({ verifiedPayees: new Set([payeeId(1)]) });
    expect(statement.payments.map(({ escrowed }) => escrowed)).toEqual([false, true, true, true]);
    expect(statement.publicEpoch.escrowed).toEqual([2, 3, 4].map(payeeId));
  });

  test('explains every payment by lines that sum to it', () => {
    const shared = contribution(5, {
      kind: 'music',
      merit: 11n,
      payees: [1, 2, 3].map((n) => ({ payee: payeeId(n), weight: 1n })),
    });
    const contributions = [...epochInput().contributions, shared];
    const statement = close({
      contributions,
      uses: [use(1, { principal: 'payer-1', contribution: shared.id, quantity: 3n })],
    });
    for (const { microJam, lines } of statement.payments) {
      expect(lines.reduce((sum, line) => sum + line.microJam, 0n)).toBe(microJam);
    }
    expect(statement.payments[0]?.lines.map(({ rule, contribution: id }) => [rule, id])).toEqual([
      ['use', shared.id],
    ]);
    expect([...statement.rowReceipts.values()]).toEqual([['receipt-1']]);
  });

  test('pays the same whatever key names the public rows', () => {
    const [a, b] = [close(), close({ rowKey: new Uint8Array(32).fill(9) })];
    expect(a.payments.map(({ microJam }) => microJam)).toEqual(b.payments.map(({ microJam }) => microJam));
    expect(a.publicEpoch.rows.map(({ rowId }) => rowId)).not.toEqual(
      b.publicEpoch.rows.map(({ rowId }) => rowId),
    );
  });

  test('issues nothing and carries nothing when nobody paid', () => {
    const { publicEpoch } = close({ receipts: [] });
    expect(publicEpoch).toMatchObject({ issuedMicroJam: 0n, carriedOutCents: byKind(() => 0n) });
  });
});

describe('closing an epoch refuses', () => {
  const rows: readonly [string, Partial<EpochInput>][] = [
    ['valuation-missing', { valuation: null }],
    ['valuation-malformed', { valuation: { ...VALUATION, valueCents: 0n } }],
    [
      'valuation-after-epoch',
      {
        window: { id: 'x', startUs: 0n, endUs: 2_000_000n },
        valuation: { ...VALUATION, datedAtUs: 2_000_000n },
      },
    ],
    ['wrong-currency', { receipts: [receipt(1, { currency: 'EUR' })] }],
    ['receipt-malformed', { receipts: [receipt(1, { amountCents: -5n })] }],
    ['receipt-malformed', { receipts: [receipt(1, { principal: '' })] }],
    ['duplicate-receipt', { receipts: [receipt(1, {}), receipt(1, {})] }],
    ['refund-of-other-payer', { receipts: [receipt(1, {}), receipt(2, { refundOf: 'receipt-1' })] }],
    ['contribution-malformed', { contributions: [contribution(1, { kind: 'music', payees: [] })] }],
    ['contribution-malformed', { contributions: [contribution(1, { kind: 'music', merit: -1n })] }],
    ['contribution-malformed', { contributions: [contribution(1, { kind: 'music', evidence: 'none' })] }],
    [
      'contribution-malformed',
      { contributions: [contribution(1, { kind: 'music', payees: [{ payee: 'someone', weight: 1n }] })] },
    ],
    [
      'duplicate-contribution',
      { contributions: [contribution(1, { kind: 'music' }), contribution(1, { kind: 'code' })] },
    ],
    ['unknown-meter', { contributions: [contribution(1, { kind: 'music', meter: 'music/none' })] }],
    ['meter-of-other-kind', { contributions: [contribution(1, { kind: 'music', meter: 'code/usage' })] }],
    ['contribution-after-epoch', { window: { id: 'x', startUs: 0n, endUs: 1_000_000n } }],
    ['use-of-unknown-contribution', { uses: [use(1, { principal: 'payer-1', contribution: 'none' })] }],
    [
      'use-malformed',
      {
        uses: [
          use(1, { principal: 'payer-1', contribution: contribution(1, { kind: 'music' }).id, quantity: 0n }),
        ],
      },
    ],
    [
      'meter-of-other-kind',
      { uses: [use(1, { principal: 'payer-1', contribution: contribution(2, { kind: 'code' }).id })] },
    ],
    ['row-key-malformed', { rowKey: new Uint8Array(31) }],
  ];
  test.each(rows)('%s', (code, fields) => {
    expect(closeEpoch(epochInput(fields))).toMatchObject({ ok: false, code });
  });
});
