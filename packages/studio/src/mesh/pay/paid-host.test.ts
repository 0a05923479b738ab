import { join } from 'node:path';
import { type Economy, openEconomy, samplePolicy } from '@jamnet/economy';
import { encodeRingerInput, kernelOf, runNode, standardCatalogue } from '@jamnet/jamnode';
import { openLedger } from '@jamnet/ledger';
import { Catalogue, Coordinator, type NewTask } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { partsFor } from '@jamnet/mesh/testing';
import { type Database, openDatabase } from '@jamnet/sql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudioWithMembers, type StudioWithMembers } from '../../http/testing/studio-with-members.ts';

const EPOCH = 'paid';
const PAYEE = `p${'3f'.repeat(16)}`;
const TASKS = 6;

let house: StudioWithMembers;
const stop = new AbortController();
let running: Promise<unknown> = Promise.resolve();

/** Books with an epoch that earned a thousand dollars, somebody who may be paid, and work that waits for hosts. */
async function prepare(directory: string): Promise<void> {
  const database = openDatabase({ directory, databaseUrl: undefined });
  const economy = await openEconomy(database, await openLedger(database));
  await fill(economy, BigInt(Date.now() - 86_400_000) * 1000n);
  await queueWork(database, join(directory, 'mesh-blobs'));
  await database.close();
}

async function fill(economy: Economy, atUs: bigint): Promise<void> {
  await economy.publishPolicy(atUs, samplePolicy({ epochId: EPOCH }));
  await economy.openEpoch(atUs);
  const worth = { id: 'v', valueCents: 2_000_000_000n, fullyDilutedUnits: 10_000_000n, datedAtUs: atUs };
  await economy.addValuation(atUs, { ...worth, approvedBy: 'board', documentSha256: 'dd'.repeat(32) });
  const evidenceSha256 = '22'.repeat(32);
  await economy.registerPayee(atUs, { payee: PAYEE, ownerGroup: 'ada-s-machines', evidenceSha256 });
  const sale = { id: 'r', principal: 'payer', stream: 'compute' as const, amountCents: 100_000n };
  const paid = { currency: 'USD', reference: 'invoice', refundOf: null, receivedAtUs: atUs };
  await economy.addReceipts(atUs, [{ ...sale, ...paid }]);
}

async function queueWork(database: Database, blobDirectory: string): Promise<void> {
  const store = await openMeshStore(database, { blobDirectory });
  const parts = { ...partsFor({ seed: 'before' }), catalogue: new Catalogue(standardCatalogue()) };
  const { answer } = await new Coordinator(parts, store).apply(0n, { type: 'create', tasks: ringers() });
  if (!answer.ok) throw new Error(answer.message);
  await store.close();
}

function ringers(): NewTask[] {
  return Array.from({ length: TASKS }, (_, seed) => {
    const input = encodeRingerInput({ seed, size: 32, rounds: 2 });
    const operations = kernelOf('bench.ringer', 1)?.operations(input);
    if (!operations?.ok) throw new Error('no operations');
    const who = { subject: 'ringer', audience: 'strangers' as const };
    return { kind: 'bench.ringer', version: 1, input, operations: operations.value, ...who };
  });
}

beforeAll(async () => {
  house = await openStudioWithMembers({ prepare });
  running = runNode({
    url: `${house.origin.replace(/^http/, 'ws')}/mesh`,
    seedHex: 'ad'.repeat(32),
    ...{ name: 'ada', ownerGroup: 'ada-s-machines', payee: PAYEE },
    signal: stop.signal,
    onEvent: () => {},
  }).catch((error: unknown) => error);
}, 60_000);
afterAll(async () => {
  stop.abort();
  await running;
  await house.close();
});

async function ask(method: 'GET' | 'POST', path: string) {
  const headers = { authorization: `Bearer ${house.token}` };
  const answer = await fetch(`${house.origin}${path}`, { method, headers });
  return { status: answer.status, body: await answer.json() };
}

test('a machine that did what a running studio asked for is paid with the epoch, as its preview said, and sees for what', async () => {
  const { meshDesk } = house.studio.services;
  const accepted = async () => (await meshDesk.status()).queue.accepted;
  await expect.poll(accepted, { timeout: 30_000, interval: 50 }).toBe(TASKS);
  const preview = await ask('GET', `/api/epochs/${EPOCH}/preview`);
  const { payments } = preview.body as { payments: readonly { payee: string; microJam: string }[] };
  expect(payments.map(({ payee }) => payee)).toEqual([PAYEE]);
  expect((await ask('POST', `/api/epochs/${EPOCH}/close`)).status).toBe(200);
  const wallet = (await ask('GET', `/api/wallets/${PAYEE}/explained`)).body as {
    epochs: readonly { microJam: string; lines: readonly { kind: string; subject: string }[] }[];
  };
  expect(wallet.epochs.map(({ microJam }) => microJam)).toEqual([payments[0]?.microJam]);
  const lines = wallet.epochs.flatMap((epoch) => epoch.lines);
  expect(lines.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
    Array.from({ length: TASKS }, () => 'compute ringer'),
  );
}, 60_000);
