import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@jamnet/base';
import { directoryFiles, type Ledger, openLedger, verifyDirectory, vkeyOf } from '@jamnet/ledger';
import { isHandedOver } from '@jamnet/mesh';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { openStudioLog } from '../composition/open-studio-log.ts';
import { openSecrets } from '../composition/secrets.ts';
import { lockDirectory } from '../config/directory-lock.ts';
import { listKeys, retireKeys, rotateKey } from './change-keys.ts';
import { KEYS_BESIDE_MAX, RING_FILE } from './key-ring.ts';
import { logSigner } from './log-signer.ts';

const NOW = 1_790_000_000_000_000n;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function studio() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-ring-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  const log = join(directory, 'public', 'log');
  const start = () => openStudioLog(log, ledger, openSecrets(directory), NOW);
  const verify = (vkey: string) => verifyDirectory(directoryFiles(log).read, { vkey });
  await start();
  return { directory, ledger, start, verify, vkey: vkeyOf(logSigner(openSecrets(directory).log)) };
}

async function post(ledger: Ledger): Promise<void> {
  await ledger.post(NOW, [{ key: 'later', record: { kind: 'test', sha256: 'ab'.repeat(32) } }]);
}

test('a changed log key signs from the next start on, beside the old one until that is retired; readers of the old one follow', async () => {
  const { directory, ledger, start, verify, vkey } = await studio();
  const rotated = rotateKey(directory, 'log', NOW);
  if (!rotated.ok) throw new Error(rotated.message);
  expect(rotated.value).toMatchObject({ generation: 2, besides: [vkey] });
  await start();
  expect(await verify(vkey)).toMatchObject({ ok: true, value: { vkey } });
  expect(await verify(rotated.value.publicKey)).toMatchObject({ ok: true });

  expect(retireKeys(directory, 'log')).toMatchObject({ ok: true, value: { generation: 2, besides: [] } });
  const log = await start();
  await post(ledger);
  await log.publish(NOW);
  expect(await verify(vkey)).toMatchObject({ ok: true, value: { vkey: rotated.value.publicKey } });
});

test('each change stands once in the log itself, however often the studio starts', async () => {
  const { directory, ledger, start } = await studio();
  rotateKey(directory, 'log', NOW);
  await start();
  await start();
  const leaves = (await ledger.entries(0n, 10)).map(({ leaf }) => leaf);
  expect(leaves).toMatchObject([{ type: 'record', kind: 'log-key' }]);
});

test('a seed is readable by its owner only, and is destroyed with its key', async () => {
  const { directory, start } = await studio();
  rotateKey(directory, 'log', NOW);
  await start();
  rotateKey(directory, 'log', NOW);
  await start();
  const second = join(directory, 'keys', 'log-2.secret');
  expect(statSync(second).mode & 0o077).toBe(0);
  expect(retireKeys(directory, 'log').ok).toBe(true);
  expect(existsSync(second)).toBe(false);
  expect(existsSync(join(directory, 'keys', 'log-3.secret'))).toBe(true);
});

test('a key that has signed nothing yet neither hands on nor is left alone', async () => {
  const { directory, start } = await studio();
  expect(rotateKey(directory, 'log', NOW).ok).toBe(true);
  expect(rotateKey(directory, 'log', NOW)).toMatchObject({ ok: false, code: 'log-key-unused' });
  expect(retireKeys(directory, 'log')).toMatchObject({ ok: false, code: 'log-key-unused' });
  await start();
  expect(retireKeys(directory, 'log').ok).toBe(true);
});

test('as many earlier keys sign as the limit says; one more must wait until they are retired', async () => {
  const { directory, start } = await studio();
  for (let more = 0; more < KEYS_BESIDE_MAX; more++) {
    expect(rotateKey(directory, 'log', NOW).ok).toBe(true);
    await start();
  }
  expect(rotateKey(directory, 'log', NOW)).toMatchObject({ ok: false, code: 'keys-unretired' });
  expect(retireKeys(directory, 'log').ok).toBe(true);
  expect(rotateKey(directory, 'log', NOW).ok).toBe(true);
});

test('the catalogue takes a new key at once, and nothing of it is left to retire', async () => {
  const { directory } = await studio();
  const before = openSecrets(directory).catalogue.publicKey;
  expect(rotateKey(directory, 'catalogue', NOW)).toMatchObject({ ok: true, value: { generation: 2 } });
  expect(openSecrets(directory).catalogue.publicKey).not.toEqual(before);
  const { catalogue, catalogueHandOvers } = openSecrets(directory);
  expect(isHandedOver(catalogueHandOvers, toHex(before), toHex(catalogue.publicKey))).toBe(true);
  rotateKey(directory, 'catalogue', NOW);
  expect(readdirSync(join(directory, 'keys')).filter((name) => name.startsWith('catalogue'))).toEqual([
    'catalogue-3.secret',
  ]);
  expect(retireKeys(directory, 'catalogue')).toMatchObject({ ok: false, code: 'nothing-to-retire' });
});

test('keys are not changed under a running studio, nor where there is none', async () => {
  const { directory } = await studio();
  const lock = lockDirectory(directory);
  if (!lock.ok) throw new Error(lock.message);
  expect(rotateKey(directory, 'log', NOW)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
  lock.value.release();
  expect(listKeys(join(directory, 'elsewhere'))).toMatchObject({ ok: false, code: 'data-directory-missing' });
  expect(readdirSync(directory)).not.toContain('elsewhere');
});

test('a damaged ring or a lost seed is told, and nothing is made in its place', async () => {
  const { directory } = await studio();
  rotateKey(directory, 'log', NOW);
  rmSync(join(directory, 'keys', 'log-2.secret'));
  expect(() => openSecrets(directory)).toThrow('restore it from a backup');
  writeFileSync(join(directory, 'keys', RING_FILE), '{"log":{"generation":0}}');
  expect(() => openSecrets(directory)).toThrow('restore it from a backup');
});
