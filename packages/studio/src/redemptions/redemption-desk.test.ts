import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64 } from '@jamnet/base';
import { openEconomy, samplePolicy } from '@jamnet/economy';
import { nativeSigner, openLedger, openLog } from '@jamnet/ledger';
import { verifyReceipt } from '@jamnet/ledger/verifier';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { LabelBook } from '../composition/label-book.ts';
import { redemptionDesk } from './redemption-desk.ts';

const NOW = 5_000_000n;
const [ONE, OTHER] = [`p${'0'.repeat(31)}1`, `p${'0'.repeat(31)}2`];
const directory = mkdtempSync(join(tmpdir(), 'jamnet-redemptions-'));
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(directory, { recursive: true, force: true });
});

const contribution = (digit: string, kind: 'music' | 'code', payee: string) => ({
  id: digit.repeat(32),
  schema: 'jamnet/contribution/v1' as const,
  kind,
  meter: kind === 'music' ? 'music/played-ms' : 'code/usage',
  payees: [{ payee, weight: 1n }],
  merit: 5n,
  subject: `work ${digit}`,
  acceptedAtUs: 1n,
  evidence: digit.repeat(64),
  ownerGroup: payee,
});
const receipt = (n: number) => ({
  id: `receipt-${n}`,
  principal: `payer-${n}`,
  stream: 'subscription' as const,
  amountCents: 1_000n,
  currency: 'USD',
  reference: '',
  refundOf: null,
  receivedAtUs: 1n,
});

test('a wallet is explained by row, rule, evidence, own receipts and a proof that verifies; a redemption is followed to its end', async () => {
  const database = openSqlite({ file: join(directory, 'books.sqlite') });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  const seed = new Uint8Array(32).fill(9);
  const origin = 'studio.example/log';
  const log = await openLog({
    directory: join(directory, 'log'),
    ledger,
    origin,
    signer: nativeSigner(origin, seed),
  });
  const economy = await openEconomy(database, ledger);
  let nowUs = NOW;
  const desk = redemptionDesk({
    economy,
    labels: new LabelBook(join(directory, 'labels.json')),
    nowUs: () => nowUs,
    publishBooks: () => log.publish(nowUs).then(() => undefined),
    receiptOf: (leaf) => log.receipt(leaf),
    reasonsOf: async (contributions) =>
      new Map(contributions.slice(0, 1).map((each) => [each, 'for a reason'])),
  });
  await economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' }));
  await economy.openEpoch(NOW);
  const valuation = {
    ...{ id: 'first', valueCents: 2_400_000_000n, fullyDilutedUnits: 12_000_000n, datedAtUs: 0n },
    ...{ approvedBy: 'board', documentSha256: '11'.repeat(32) },
  };
  await economy.addValuation(NOW, valuation);
  for (const payee of [ONE, OTHER])
    await economy.registerPayee(NOW, { payee, ownerGroup: payee, evidenceSha256: '22'.repeat(32) });
  await economy.addReceipts(NOW, [receipt(1), receipt(2)]);
  await economy.addContributions(NOW, [contribution('a', 'music', ONE), contribution('b', 'code', OTHER)]);
  const use = { row: 'use-1', meter: 'music/listened-ms', quantity: 3n, principal: 'payer-1' };
  await economy.addUses([{ ...use, contribution: 'a'.repeat(32) }]);
  expect(await economy.close(NOW, 'sample-1')).toMatchObject({ ok: true });
  await log.publish(NOW);

  const explained = await desk.explain(ONE);
  const other = await desk.explain(OTHER);
  if (!explained.ok || !other.ok) throw new Error('not explained');
  const [epoch] = (explained.value as { epochs: Record<string, unknown>[] }).epochs;
  const lines = epoch?.lines as { rule: string; receipts: string[]; microJam: string; rowId: string }[];
  expect(lines.map(({ rule, receipts }) => [rule, receipts]).sort()).toEqual([
    ['merit', []],
    ['use', ['receipt-1']],
  ]);
  expect(lines.reduce((sum, line) => sum + BigInt(line.microJam), 0n)).toBe(BigInt(String(epoch?.microJam)));
  // The row is public, the receipt is not: nobody else is told of it, not even by an answer of his own.
  const [file] = await economy.publicEpochs();
  for (const { rowId } of lines) expect(file?.content).toContain(rowId);
  expect(file?.content).not.toMatch(/receipt-|payer-/);
  expect(JSON.stringify(other.value)).not.toMatch(/receipt-|payer-/);
  expect(JSON.stringify(explained.value)).not.toContain('payer-');
  const leaf = BigInt(String(epoch?.unitsLeaf));
  const [entry] = await ledger.entries(leaf, 1);
  const proof = fromBase64(String(epoch?.unitsProof));
  if (!entry || proof === null) throw new Error('no proof');
  expect(verifyReceipt(proof, entry.bytes, log.vkey)).toMatchObject({ ok: true });
  expect(await desk.explain(`p${'f'.repeat(32)}`)).toMatchObject({ code: 'payee-unknown' });

  await economy.requestRedemption(NOW, { payee: ONE, amountMicroJam: 10_000n, key: 'k' });
  expect(await desk.list(ONE)).toMatchObject({ value: [{ status: 'suspended', askedMicroJam: '10000' }] });
  expect(await desk.list(OTHER)).toMatchObject({ value: [] });
  expect(await desk.run()).toMatchObject({ value: { paidCents: '0', suspended: 1 } });
  nowUs += 1n;
  await economy.addValuation(nowUs, { ...valuation, id: 'second', datedAtUs: nowUs });
  expect(await desk.run()).toMatchObject({ value: { paidCents: '2', redeemedMicroJam: '10000' } });
  const listed = await desk.list();
  expect(listed).toMatchObject({ value: [{ status: 'paid', paidCents: '2' }] });
  const [{ id }] = (listed as { value: [{ id: string }] }).value;
  expect(await desk.cancel({ id, payee: OTHER })).toMatchObject({ code: 'unknown-redemption' });
  expect(await desk.cancel({ id, payee: ONE })).toMatchObject({ code: 'redemption-state' });
});
