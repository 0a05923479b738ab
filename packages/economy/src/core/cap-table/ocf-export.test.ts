import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ocfValidator } from '../../testing/ocf-schemas.ts';
import { payeeId, VALUATION } from '../../testing/sample-input.ts';
import { type CapTable, CapTableBuilder } from './cap-table.ts';
import { type OcfFile, type OcfOptions, ocfFiles } from './ocf-export.ts';
import { ocfId, ocfPrice, ocfQuantity } from './ocf-values.ts';

const AT = 1_795_348_800_000_000n;
const DAY_US = 86_400_000_000n;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const OPTIONS: OcfOptions = { issuer: {}, md5 };

/** Two payees, one top-up, a redemption over two grants and a perk. */
function table(): CapTable {
  const builder = new CapTableBuilder();
  builder.addPool('pool:a', 1_000_000_000_000n, AT);
  const move = (key: string, kind: string, n: number, microJam: bigint, days: bigint): void =>
    builder.addMovement({
      payee: payeeId(n),
      microJam,
      claimCents: 0n,
      paidCents: 0n,
      withheldCents: 0n,
      key,
      kind,
      atUs: AT + days * DAY_US,
    });
  move('epoch:2026-10:issue:0', 'epoch-issue', 1, 5_000_000n, 1n);
  move('epoch:2026-10:issue:0', 'epoch-issue', 2, 1n, 1n);
  move('epoch:2026-11:issue:0', 'epoch-issue', 1, 2_500_000n, 31n);
  builder.addPool('pool:b', 500_000_000_000n, AT + 40n * DAY_US);
  move('redeem:x:0', 'redemption', 1, -6_000_000n, 50n);
  move('perk:y:grant', 'perk', 1, -250_001n, 51n);
  return builder.table(AT + 60n * DAY_US, [VALUATION]);
}

interface Item {
  readonly object_type: string;
  readonly id: string;
  readonly security_id?: string;
  readonly stakeholder_id?: string;
  readonly quantity?: string;
}

function itemsOf(files: readonly OcfFile[], name: string): readonly Item[] {
  const file = files.find((known) => known.name === `${name}.ocf.json`);
  // Written by the export under test, which the schemas check below.
  return (JSON.parse(file?.content ?? '{"items":[]}') as { items: Item[] }).items;
}

/** What is left of each grant, by stakeholder, read back from the export's own strings. */
function held(files: readonly OcfFile[]): {
  byStakeholder: Map<string, bigint>;
  bySecurity: Map<string, bigint>;
} {
  const bySecurity = new Map<string, bigint>();
  const ownerOf = new Map<string, string>();
  for (const item of itemsOf(files, 'Transactions')) {
    if (item.quantity === undefined || item.security_id === undefined) continue;
    const microJam = BigInt(item.quantity.replace('.', ''));
    const sign = item.object_type === 'TX_EQUITY_COMPENSATION_ISSUANCE' ? 1n : -1n;
    if (item.stakeholder_id) ownerOf.set(item.security_id, item.stakeholder_id);
    bySecurity.set(item.security_id, (bySecurity.get(item.security_id) ?? 0n) + sign * microJam);
  }
  const byStakeholder = new Map<string, bigint>();
  for (const [security, left] of bySecurity) {
    const owner = ownerOf.get(security) ?? '';
    byStakeholder.set(owner, (byStakeholder.get(owner) ?? 0n) + left);
  }
  return { byStakeholder, bySecurity };
}

test('a redemption is taken from the oldest grants, piece by piece', () => {
  const exercises = table().exercises.map(({ issue, microJam }) => [issue.key, microJam]);
  expect(exercises).toEqual([
    ['epoch:2026-10:issue:0', 5_000_000n],
    ['epoch:2026-11:issue:0', 1_000_000n],
    ['epoch:2026-11:issue:0', 250_001n],
  ]);
});

test('the same books give the same bytes; the manifest lists each file with its hash', () => {
  const files = ocfFiles(table(), OPTIONS);
  expect(ocfFiles(table(), OPTIONS)).toEqual(files);
  expect(files.map(({ name }) => name)).toEqual([
    'Manifest.ocf.json',
    'StockClasses.ocf.json',
    'StockPlans.ocf.json',
    'Stakeholders.ocf.json',
    'Valuations.ocf.json',
    'Transactions.ocf.json',
  ]);
  for (const { name, content } of files.slice(1))
    expect(files[0]?.content).toContain(`"${name}",\n      "md5": "${md5(content)}"`);
});

test('real names appear only when the operator gives them', () => {
  const names = new Map([[payeeId(1), { legalName: 'Ada "The" Example', type: 'INDIVIDUAL' as const }]]);
  const plain = ocfFiles(table(), OPTIONS)
    .map(({ content }) => content)
    .join('');
  const named = ocfFiles(table(), { ...OPTIONS, names })
    .map(({ content }) => content)
    .join('');
  expect(plain).not.toContain('Ada');
  expect(named).toContain('Ada \\"The\\" Example');
  expect(named).toContain(`"legal_name": "${payeeId(2)}"`);
});

test('ids, quantities and prices are strings the format takes', () => {
  expect(ocfId('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ocfId('a', 'b')).not.toBe(ocfId('a', 'c'));
  expect(ocfQuantity(1n)).toBe('0.000001');
  expect(ocfQuantity(12_345_678n)).toBe('12.345678');
  expect(ocfPrice({ cents: 2_400_000_000n, units: 12_000_000n })).toEqual({
    amount: '2.0000000000',
    currency: 'USD',
  });
  expect(ocfPrice({ cents: 100n, units: 3n })).toEqual({ amount: '0.3333333333', currency: 'USD' });
});

test('in 300 random histories no grant falls below zero and each stakeholder holds what the moves left', () => {
  const move = fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    amount: fc.bigInt({ min: -9_000_000n, max: 9_000_000n }),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const builder = new CapTableBuilder();
      builder.addPool('pool', 10n ** 12n, 0n);
      const balances = new Map<string, bigint>();
      moves.forEach(({ n, amount }, index) => {
        const payee = payeeId(n);
        const before = balances.get(payee) ?? 0n;
        const microJam = before + amount < 0n ? -before : amount;
        balances.set(payee, before + microJam);
        const key = `entry-${index}`;
        builder.addMovement({
          payee,
          microJam,
          claimCents: 0n,
          paidCents: 0n,
          withheldCents: 0n,
          key,
          kind: 'k',
          atUs: BigInt(index),
        });
      });
      const files = ocfFiles(builder.table(100n, []), OPTIONS);
      const { byStakeholder, bySecurity } = held(files);
      for (const left of bySecurity.values()) expect(left >= 0n).toBe(true);
      for (const [payee, balance] of balances)
        expect(byStakeholder.get(ocfId('stakeholder', payee)) ?? 0n).toBe(balance);
      const ids = files
        .slice(1)
        .flatMap(({ name }) => itemsOf(files, name.replace('.ocf.json', '')).map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 300 },
  );
});

const validatorOf = ocfValidator();
describe.runIf(validatorOf)('Open Cap Format v1.2.0, by its own schemas', () => {
  const FILES = [
    ['Manifest', 'files/OCFManifestFile'],
    ['StockClasses', 'files/StockClassesFile'],
    ['StockPlans', 'files/StockPlansFile'],
    ['Stakeholders', 'files/StakeholdersFile'],
    ['Valuations', 'files/ValuationsFile'],
    ['Transactions', 'files/TransactionsFile'],
  ] as const;
  const given = { legalName: 'Example LLC', formedOn: '2024-02-29', country: 'DE' };
  test.each(FILES)('%s is valid, with an assumed and a given issuer, and empty', (name, schema) => {
    const validate = validatorOf?.(schema);
    const empty = new CapTableBuilder().table(0n, []);
    for (const files of [
      ocfFiles(table(), OPTIONS),
      ocfFiles(table(), { ...OPTIONS, issuer: given }),
      ocfFiles(empty, OPTIONS),
    ]) {
      const content = files.find((file) => file.name === `${name}.ocf.json`)?.content ?? '';
      validate?.(JSON.parse(content));
      expect(validate?.errors ?? []).toEqual([]);
    }
  });

  test('the schemas do refuse: a number for a string, a price missing, an unknown member', () => {
    const validate = validatorOf?.('files/TransactionsFile');
    const content = ocfFiles(table(), OPTIONS).at(-1)?.content ?? '';
    for (const spoilt of [
      content.replace('"quantity": "5.000000"', '"quantity": 5'),
      content.replace(/"base_price": \{[^}]*\},/, ''),
      content.replace('"resulting_security_ids": [],', '"resulting_security_ids": [], "tip": 1,'),
    ]) {
      expect(spoilt).not.toBe(content);
      expect(validate?.(JSON.parse(spoilt))).toBe(false);
    }
  });
});
test.skipIf(validatorOf)(
  'the Open Cap Format schemas are not beside this repository: validity was not checked',
  () => {},
);
