import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '@jamnet/base';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { verifyCheckpoint } from '../core/checkpoint.ts';
import { verifyPromise, verifyReceipt } from '../core/receipt.ts';
import { cosign, signerFromSeed, vkeyOf } from '../core/signer.ts';
import { verifyDirectory } from '../core/verify-directory.ts';
import { verifyConsistency, verifyInclusion } from '../core/verify-proof.ts';
import { type Ledger, openLedger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
import { openLog } from './open-log.ts';

const NOW = 1_790_000_000_000_000n;
const ORIGIN = 'studio.example/log';
const signer = signerFromSeed(ORIGIN, new Uint8Array(32).fill(7));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function fixture() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-log-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  await ledger.openAccounts(NOW, [
    { code: 'studio:authorised:JAM', owner: 'studio', asset: 'JAM', kind: 'external', floor: null },
    { code: 'pool:JAM', owner: 'studio', asset: 'JAM', kind: 'pool', floor: 0n },
  ]);
  return { directory, ledger };
}

let serial = 0;
async function postSome(ledger: Ledger, count: number): Promise<void> {
  const legs = [
    { account: 'studio:authorised:JAM', amount: -1n },
    { account: 'pool:JAM', amount: 1n },
  ];
  await ledger.post(
    NOW,
    Array.from({ length: count }, () => ({ key: `k${serial++}`, kind: 'test', legs })),
  );
}

function open(directory: string, ledger: Ledger) {
  return openLog({ directory, ledger, origin: ORIGIN, signer });
}

function verify(directory: string) {
  return verifyDirectory(directoryFiles(directory).read, { vkey: vkeyOf(signer) });
}

test('publishes a directory that verifies from its files alone, at every kind of size', async () => {
  const { directory, ledger } = await fixture();
  const log = await open(directory, ledger);
  for (const more of [0, 1, 252, 1, 1, 700, 4_000]) {
    await postSome(ledger, more);
    const { size } = await log.publish(NOW);
    const verified = await verify(directory);
    expect(verified).toMatchObject({ ok: true, value: { checkpoint: { size, origin: ORIGIN } } });
    if (verified.ok) expect(verified.value.books.account('pool:JAM')?.balance).toBe(size - 2n);
  }
  expect(readdirSync(join(directory, 'tile/0')).filter((name) => name.endsWith('.p'))).toHaveLength(1);
});

test('proves inclusion of each leaf and consistency between any two published sizes', async () => {
  const { directory, ledger } = await fixture();
  const log = await open(directory, ledger);
  const published = [];
  for (const more of [3, 4, 300, 259]) {
    await postSome(ledger, more);
    published.push(await log.publish(NOW));
  }
  const last = published.at(-1);
  for (let index = 0n; index < (last?.size ?? 0n); index += 7n) {
    const proof = await log.inclusionProof(index);
    if (!proof.ok) throw new Error(proof.message);
    expect(verifyInclusion(proof.value)).toEqual({ ok: true, value: true });
    expect(verifyInclusion({ ...proof.value, index: index + 1n }).ok).toBe(false);
  }
  for (const old of published) {
    for (const now of published.filter(({ size }) => size >= old.size)) {
      const proof = await log.consistencyProof(old.size, now.size);
      if (!proof.ok) throw new Error(proof.message);
      const claim = {
        oldSize: old.size,
        oldRoot: old.root,
        size: now.size,
        root: now.root,
        proof: proof.value,
      };
      expect(verifyConsistency(claim)).toEqual({ ok: true, value: true });
      if (old !== now) expect(verifyConsistency({ ...claim, oldRoot: now.root }).ok).toBe(false);
    }
  }
  expect(await log.inclusionProof(10_000n)).toMatchObject({ ok: false, code: 'not-published' });
  expect(await log.consistencyProof(5n, 10_000n)).toMatchObject({ ok: false, code: 'sizes-malformed' });
});

test('publishes at start what a crash left in the journal only', async () => {
  const { directory, ledger } = await fixture();
  await open(directory, ledger);
  await postSome(ledger, 400);
  await open(directory, ledger);
  expect(await verify(directory)).toMatchObject({ ok: true, value: { checkpoint: { size: 402n } } });
});

test('rebuilds tiles that were lost or damaged at the right edge', async () => {
  const { directory, ledger } = await fixture();
  await postSome(ledger, 600);
  await open(directory, ledger);
  rmSync(join(directory, 'tile'), { recursive: true });
  await open(directory, ledger);
  expect((await verify(directory)).ok).toBe(true);
  writeFileSync(join(directory, 'tile/0/002.p/90'), new Uint8Array(90 * 32));
  await open(directory, ledger);
  expect((await verify(directory)).ok).toBe(true);
});

test('refuses to go on from a checkpoint that the journal does not lead to', async () => {
  const one = await fixture();
  const other = await fixture();
  await postSome(one.ledger, 10);
  await postSome(other.ledger, 10);
  await open(one.directory, one.ledger);
  await expect(open(one.directory, other.ledger)).rejects.toMatchObject({ code: 'log-forked' });
  const behind = await fixture();
  await expect(open(one.directory, behind.ledger)).rejects.toMatchObject({ code: 'log-ahead-of-journal' });
  writeFileSync(join(one.directory, 'checkpoint'), 'nonsense');
  await expect(open(one.directory, one.ledger)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});

test('two publishers on one directory never set the checkpoint back', async () => {
  const { directory, ledger } = await fixture();
  const [a, b] = [await open(directory, ledger), await open(directory, ledger)];
  const sizes: bigint[] = [];
  for (let round = 0; round < 5; round++) {
    await postSome(ledger, 60);
    const [first] = await Promise.all([a.publish(NOW), b.publish(NOW)]);
    sizes.push(first.size);
  }
  expect(sizes).toEqual([62n, 122n, 182n, 242n, 302n]);
  expect(await verify(directory)).toMatchObject({ ok: true, value: { checkpoint: { size: 302n } } });
});

test('gives a signed promise at once and a receipt with its proof after publication', async () => {
  const { directory, ledger } = await fixture();
  const log = await open(directory, ledger);
  await postSome(ledger, 5);
  const promised = await log.promise(6n);
  if (!promised.ok) throw new Error(promised.message);
  const promise = verifyPromise(promised.value, log.vkey);
  expect(promise).toMatchObject({
    ok: true,
    value: { index: 6n, acceptedAtUs: NOW, publishedByUs: NOW + 86_400_000_000n },
  });
  expect(verifyCheckpoint(promised.value, log.vkey).ok).toBe(false);
  expect(await log.receipt(6n)).toMatchObject({ ok: false, code: 'not-published' });
  expect(await log.promise(7n)).toMatchObject({ ok: false, code: 'not-accepted' });
  await log.publish(NOW);
  const receipt = await log.receipt(6n);
  if (!receipt.ok) throw new Error(receipt.message);
  const [entry] = await ledger.entries(6n, 1);
  const leaf = entry?.bytes ?? new Uint8Array(0);
  expect(verifyReceipt(receipt.value, leaf, log.vkey)).toMatchObject({ ok: true, value: { size: 7n } });
  expect(verifyReceipt(receipt.value, leaf.slice(1), log.vkey)).toMatchObject({
    ok: false,
    code: 'proof-invalid',
  });
});

test('publishes cosignatures of witnesses, one per witness, and counts only those that hold', async () => {
  const { directory, ledger } = await fixture();
  const log = await open(directory, ledger);
  const witness = signerFromSeed('witness.example', new Uint8Array(32).fill(9));
  const vkey = vkeyOf(witness, 'cosignature');
  const text = new TextDecoder().decode(await log.checkpoint()).split('\n\n')[0] ?? '';
  const line = (time: bigint, signed: string) => {
    const { name, keyId, signature } = cosign(signed, time, witness);
    return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
  };
  expect(await log.addCosignature(line(5n, 'other\n'), vkey)).toMatchObject({
    ok: false,
    code: 'cosignature-invalid',
  });
  expect((await log.addCosignature(line(5n, `${text}\n`), vkey)).ok).toBe(true);
  expect((await log.addCosignature(line(6n, `${text}\n`), vkey)).ok).toBe(true);
  const note = readFileSync(join(directory, 'checkpoint'));
  expect(verifyCheckpoint(note, log.vkey, [vkey])).toMatchObject({
    ok: true,
    value: { witnesses: ['witness.example'], signatures: [{ timeSeconds: null }, { timeSeconds: 6n }] },
  });
  const forged = encodeUtf8(note.toString().replace(/\d\n/, (size) => size.replace(/\d/, '9')));
  expect(verifyCheckpoint(forged, log.vkey, [vkey])).toMatchObject({ ok: false, code: 'signature-invalid' });
});

test('each kind of damage to a published file is found, with its code', async () => {
  const { directory, ledger } = await fixture();
  await postSome(ledger, 600);
  await open(directory, ledger);
  const damages: readonly [string, (bytes: Buffer) => Buffer | null, string][] = [
    ['checkpoint', () => null, 'checkpoint-absent'],
    ['checkpoint', (bytes) => Buffer.from(bytes.toString().replace('602', '601')), 'signature-invalid'],
    [
      'checkpoint',
      (bytes) => Buffer.from(bytes.toString().replace('\u2014 studio', '\u2014 other')),
      'signature-missing',
    ],
    ['checkpoint', (bytes) => bytes.subarray(0, 40), 'note-malformed'],
    ['tile/entries/001', () => null, 'bundle-absent'],
    ['tile/entries/001', (bytes) => bytes.subarray(0, -1), 'bundle-malformed'],
    ['tile/entries/001', (bytes) => Buffer.concat([bytes, Buffer.of(0)]), 'bundle-malformed'],
    ['tile/entries/000', (bytes) => flip(bytes, 3), 'leaf-malformed'],
    ['tile/entries/000', (bytes) => flip(bytes, 2), 'leaf-version-unknown'],
    ['tile/entries/002.p/90', (bytes) => flip(bytes, bytes.length - 1), 'unbalanced'],
    ['tile/entries/001', (bytes) => flip(bytes, 14), 'tile-mismatch'],
    ['tile/0/000', (bytes) => flip(bytes, 8_000), 'tile-mismatch'],
    ['tile/0/001', () => null, 'tile-absent'],
    ['tile/1/000.p/2', (bytes) => flip(bytes, 40), 'tile-mismatch'],
    ['tile/1/000.p/2', (bytes) => bytes.subarray(0, 32), 'tile-absent'],
  ];
  for (const [path, damage, code] of damages) {
    const files = directoryFiles(directory);
    const reader = async (asked: string) => {
      const bytes = await files.read(asked);
      return asked === path && bytes ? damage(Buffer.from(bytes)) : bytes;
    };
    const verified = await verifyDirectory(reader, { vkey: vkeyOf(signer) });
    expect([path, verified.ok ? 'ok' : verified.code]).toEqual([path, code]);
  }
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 2;
  return bytes;
}
