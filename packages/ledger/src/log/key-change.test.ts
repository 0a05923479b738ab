import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeUtf8, encodeUtf8 } from '@jamnet/base';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { verifyCheckpoint } from '../core/checkpoint.ts';
import {
  earlierKeys,
  followKeys,
  formatKeyChanges,
  KEY_CHANGES_MAX,
  KEYS_BYTES_MAX,
  KEYS_PATH,
  signKeyChange,
} from '../core/key-chain.ts';
import { formatSignatureLine, parseNote } from '../core/signed-note.ts';
import { cosign, type Signer, signerFromSeed, vkeyOf } from '../core/signer.ts';
import { verifyDirectory } from '../core/verify-directory.ts';
import { openLedger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
import { openLog } from './open-log.ts';

const NOW = 1_790_000_000_000_000n;
const ORIGIN = 'studio.example/log';
const [first, second, third, thief] = [1, 2, 3, 9].map((seed) =>
  signerFromSeed(ORIGIN, new Uint8Array(32).fill(seed)),
) as [Signer, Signer, Signer, Signer];
const witness = signerFromSeed('witness.example', new Uint8Array(32).fill(8));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function fixture() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-keys-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  const record = (key: string) =>
    ledger.post(NOW, [{ key, record: { kind: 'test', sha256: 'ab'.repeat(32) } }]);
  await record('before');
  const open = (signer: Signer, besides: readonly Signer[] = [], keyChanges: readonly string[] = []) =>
    openLog({ directory, ledger, origin: ORIGIN, signer, besides, keyChanges });
  const verify = (signer: Signer) =>
    verifyDirectory(directoryFiles(directory).read, { vkey: vkeyOf(signer) });
  return { directory, ledger, record, open, verify };
}

test('a log under a new key is verified by the old one beside it, and by the old one alone after that has stopped signing', async () => {
  const { open, verify, record } = await fixture();
  await open(first);
  const changes = [signKeyChange(first, second, 1n, NOW)];
  await open(second, [first], changes);
  expect(await verify(first)).toMatchObject({ ok: true, value: { vkey: vkeyOf(first) } });
  expect(await verify(second)).toMatchObject({ ok: true, value: { vkey: vkeyOf(second) } });
  const log = await open(second, [], changes);
  await record('after');
  await log.publish(NOW);
  expect(await verify(first)).toMatchObject({ ok: true, value: { vkey: vkeyOf(second) } });
  expect(await verify(thief)).toMatchObject({ ok: false, code: 'signature-missing' });
});

test('the new key signs what is published already, and the cosignatures of witnesses stay', async () => {
  const { open, directory } = await fixture();
  const old = await open(first);
  const note = parseNote(await old.checkpoint());
  if (!note.ok) throw new Error(note.message);
  const line = formatSignatureLine(cosign(note.value.text, 1_790_000_000n, witness));
  expect(await old.addCosignature(line, vkeyOf(witness, 'cosignature'))).toMatchObject({ ok: true });
  await open(second, [first], [signKeyChange(first, second, 1n, NOW)]);
  const published = readFileSync(join(directory, 'checkpoint'));
  for (const signer of [first, second]) {
    expect(verifyCheckpoint(published, vkeyOf(signer), [vkeyOf(witness, 'cosignature')])).toMatchObject({
      ok: true,
      value: { size: 1n, witnesses: ['witness.example'] },
    });
  }
});

test('a log is not opened under a key that nothing published was signed with', async () => {
  const { open } = await fixture();
  await open(first);
  await expect(open(second)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});

test('keys are followed over several changes, from whichever a reader knows', () => {
  const file = formatKeyChanges([
    signKeyChange(first, second, 1n, NOW),
    signKeyChange(second, third, 5n, NOW),
  ]);
  const [a, b, c] = [first, second, third].map((signer) => vkeyOf(signer));
  expect(followKeys(file, vkeyOf(first))).toEqual({ ok: true, value: [a, b, c] });
  expect(followKeys(file, vkeyOf(second))).toEqual({ ok: true, value: [b, c] });
  expect(followKeys(file, vkeyOf(third))).toEqual({ ok: true, value: [c] });
  expect(followKeys(file, vkeyOf(thief))).toEqual({ ok: true, value: [vkeyOf(thief)] });
  expect(earlierKeys(file, vkeyOf(third))).toEqual([a, b]);
  expect(earlierKeys(file, vkeyOf(first))).toEqual([]);
});

test('a change counts only when both keys signed it, for the same log, and leaves do not grow fewer', () => {
  const good = signKeyChange(first, second, 5n, NOW);
  const stolen = signKeyChange(first, thief, 5n, NOW);
  const [text = ''] = stolen.split('\n\n');
  const lines = good.slice(good.indexOf('\n\n') + 2);
  const other = signerFromSeed('elsewhere.example/log', new Uint8Array(32).fill(2));
  const refused: readonly (readonly string[])[] = [
    [`${text}\n\n${lines}`],
    [good.replace('size 5', 'size 6')],
    [good.split('\n').slice(0, -2).join('\n').concat('\n')],
    [signKeyChange(first, other, 5n, NOW)],
    [good, signKeyChange(second, third, 4n, NOW)],
  ];
  for (const notes of refused) {
    expect(followKeys(formatKeyChanges(notes), vkeyOf(first))).toMatchObject({
      ok: false,
      code: 'key-change-unsigned',
    });
  }
});

test('a file that is no list of changes, or longer than its limit, is refused', () => {
  const note = signKeyChange(first, second, 1n, NOW);
  for (const bytes of [
    encodeUtf8('{}'),
    encodeUtf8('not JSON'),
    encodeUtf8('["x"]'),
    formatKeyChanges(Array(KEY_CHANGES_MAX + 1).fill(note)),
    encodeUtf8(`[]${' '.repeat(KEYS_BYTES_MAX)}`),
  ]) {
    expect(followKeys(bytes, vkeyOf(first))).toMatchObject({ ok: false, code: 'keys-malformed' });
  }
  expect(followKeys(formatKeyChanges(Array(KEY_CHANGES_MAX).fill(note)), vkeyOf(first)).ok).toBe(true);
});

test('a verifier refuses a log whose list of keys was tampered with', async () => {
  const { open, verify, directory } = await fixture();
  await open(first);
  const change = signKeyChange(first, second, 1n, NOW);
  await open(second, [first], [change]);
  const log = await open(second, [], [change]);
  await log.publish(NOW);
  const file = join(directory, KEYS_PATH);
  expect(decodeUtf8(readFileSync(file))).toContain(vkeyOf(second));
  const onlySecond = readFileSync(join(directory, 'checkpoint'), 'utf8').split('\n').slice(0, 5).join('\n');
  writeFileSync(join(directory, 'checkpoint'), `${onlySecond}\n`);
  expect(await verify(first)).toMatchObject({ ok: true, value: { vkey: vkeyOf(second) } });
  writeFileSync(file, readFileSync(file, 'utf8').replace('size 1', 'size 0'));
  expect(await verify(first)).toMatchObject({ ok: false, code: 'key-change-unsigned' });
});
