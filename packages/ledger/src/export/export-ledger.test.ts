import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '@jamnet/sql';
import { afterEach, describe, expect, test } from 'vitest';
import { type Ledger, openLedger } from '../store/ledger.ts';
import { type ExportOptions, exportLedger } from './export-ledger.ts';

const NOW = 1_790_000_000_000_000n;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function sampleLedger(): Promise<Ledger> {
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  await ledger.openAccounts(NOW, [
    { code: 'outside:USD', owner: 'x', asset: 'USD', kind: 'external', floor: null },
    { code: 'reserve:USD', owner: 'x', asset: 'USD', kind: 'reserve', floor: 0n },
    { code: 'studio:authorised:JAM', owner: 'x', asset: 'JAM', kind: 'external', floor: null },
    { code: 'payee:p1:JAM', owner: 'x', asset: 'JAM', kind: 'person', floor: 0n },
    { code: 'redeeming:p1:JAM', owner: 'x', asset: 'JAM', kind: 'person', floor: 0n },
  ]);
  const move = (key: string, from: string, to: string, amount: bigint, pending = false) => ({
    key,
    kind: 'test.move',
    legs: [
      { account: from, amount: -amount },
      { account: to, amount },
    ],
    ...(pending ? ({ state: 'pending' } as const) : {}),
  });
  await ledger.post(NOW, [
    { ...move('receipt:1', 'outside:USD', 'reserve:USD', 12_345n), evidence: 'ab'.repeat(32) },
    move('issue:(1),;"2"', 'studio:authorised:JAM', 'payee:p1:JAM', 99_128_144n),
    move('redeem:1', 'payee:p1:JAM', 'redeeming:p1:JAM', 12_000_000n, true),
    move('redeem:2', 'payee:p1:JAM', 'redeeming:p1:JAM', 1n, true),
    { key: 'settle:1', settle: 'redeem:1', as: 'posted' },
    { key: 'settle:2', settle: 'redeem:2', as: 'voided' },
    { key: 'policy:1', record: { kind: 'policy', sha256: 'cd'.repeat(32) } },
  ]);
  await ledger.post(NOW + 86_400_000_000n, [move('issue:2', 'studio:authorised:JAM', 'payee:p1:JAM', 5n)]);
  return ledger;
}

async function textOf(ledger: Ledger, options: ExportOptions): Promise<string> {
  let text = '';
  for await (const piece of exportLedger(ledger, options)) text += piece;
  return text;
}

test('hledger text shows each effective movement once, with its leaf, and closes with assertions', async () => {
  const text = await textOf(await sampleLedger(), { format: 'hledger', comment: ['studio.example/log'] });
  expect(text).toContain('; studio.example/log\n');
  expect(text).toContain('  payee:p1:JAM  99.128144 JAM\n');
  expect(text).toContain(`(receipt:1) test.move  ; leaf:5, evidence:${'ab'.repeat(32)}`);
  expect(text.match(/redeeming:p1:JAM {2}12\.000000 JAM/g)).toHaveLength(1);
  expect(text).not.toContain('0.000001 JAM');
  expect(text).toContain('  payee:p1:JAM  0 JAM = 87.128149 JAM\n');
});

test('csv and jsonl keep every digit as text', async () => {
  const ledger = await sampleLedger();
  const csv = await textOf(ledger, { format: 'csv' });
  expect(csv.split('\r\n')).toContain(`6,${NOW},"issue:(1),;""2""",test.move,,payee:p1:JAM,JAM,99128144`);
  const lines = (await textOf(ledger, { format: 'jsonl' }))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[1]).toMatchObject({ leaf: '6', legs: [{}, { account: 'payee:p1:JAM', amount: '99128144' }] });
  expect(lines.at(-1)).toEqual({
    closing: { account: 'redeeming:p1:JAM', asset: 'JAM', amount: '12000000' },
  });
});

test('a part of the journal begins with the balances before it', async () => {
  const text = await textOf(await sampleLedger(), { format: 'hledger', from: 9n, to: 10n });
  expect(text).toContain('* opening balances\n');
  expect(text).toContain('  payee:p1:JAM  99.128144 JAM\n');
  expect(text).not.toContain('issue:2');
});

const hledger = spawnSync('hledger', ['--version']).status === 0;
describe(hledger ? 'hledger itself' : 'hledger itself (not run: hledger not installed)', () => {
  const check = (text: string, ...more: string[]) => {
    const directory = mkdtempSync(join(tmpdir(), 'jamnet-hledger-'));
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'books.journal');
    writeFileSync(file, text);
    return execFileSync('hledger', ['-f', file, ...more], { encoding: 'utf8', stdio: 'pipe' });
  };

  test.skipIf(!hledger)(
    'accepts the whole and any part in strict mode and agrees on the balances',
    async () => {
      const ledger = await sampleLedger();
      for (const from of [0n, 5n, 8n, 12n])
        check(await textOf(ledger, { format: 'hledger', from }), 'check', '-s');
      const balances = check(
        await textOf(ledger, { format: 'hledger' }),
        'balance',
        '--flat',
        '-N',
        '-O',
        'csv',
      );
      expect(balances).toContain('"payee:p1:JAM","87.128149 JAM"');
      expect(balances).toContain('"reserve:USD","123.45 USD"');
    },
  );

  test.skipIf(!hledger)(
    'refuses a leg that was changed by 0.000001 and a movement that was taken out',
    async () => {
      const text = await textOf(await sampleLedger(), { format: 'hledger' });
      expect(() => check(text.replace('JAM  99.128144', 'JAM  99.128145'), 'check', '-s')).toThrow();
      const movement = /\n[^\n]*\(issue:2\)[^\n]*\n(?: {2}[^\n]*\n)+/;
      expect(text).toMatch(movement);
      expect(() => check(text.replace(movement, ''), 'check', '-s')).toThrow();
    },
  );
});
