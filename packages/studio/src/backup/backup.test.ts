import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { Encrypter } from 'age-encryption';
import { packTar } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OpenedStudio, openParts } from '../composition/open-studio.ts';
import { parseStudioConfig } from '../config/studio-config.ts';
import { retireKeys, rotateKey } from '../identity/change-keys.ts';
import { fillBooks } from '../testing/lived-books.ts';
import { type BackupKey, decrypterOf, newBackupKey } from './backup-key.ts';
import { makeBackup } from './make-backup.ts';
import { type RestoreOptions, restoreBackup } from './restore-backup.ts';
import { unpackBackup } from './unpack.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const NOW_US = 1_795_348_800_000_000n;
const RECEIPTS_BEFORE = 40;
/** Banks name their files as they like. */
const BANK_FILE = 'payouts/ach/in/Überweisung 3:4 (1).xml';
const NOW_MS = Number(NOW_US / 1000n);

let root = '';
let data = '';
let file = '';
let key: BackupKey;
let keyFile = '';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'jamnet-backup-'));
  data = join(root, 'data');
  file = join(root, 'backups', 'one.age');
  keyFile = join(root, 'key.txt');
  const { fileText, recipient } = await newBackupKey();
  writeFileSync(keyFile, fileText);
  key = { kind: 'recipients', recipients: [recipient] };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const make = (options: Partial<Parameters<typeof makeBackup>[0]> = {}) =>
  makeBackup({ dataDirectory: data, out: file, key, nowMs: Date.now, ...options });

const restore = (options: Partial<RestoreOptions> = {}) =>
  restoreBackup({
    file,
    dataDirectory: join(root, 'restored'),
    decrypter: decrypterOf({ keyFiles: [keyFile], passphrases: [] }),
    checkout: CHECKOUT,
    ...options,
  });

async function openHere(dataDirectory: string, create = true): Promise<OpenedStudio> {
  const config = parseStudioConfig({ data: dataDirectory, port: '0' });
  if (!config.ok) throw new Error(config.message);
  const opened = await openParts(config.value, { checkout: CHECKOUT, create });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

/** A studio's directory with an epoch that was lived, its log published. */
async function livedStudio(): Promise<void> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  await fillBooks(data, NOW_US);
  const studio = await openHere(data);
  await studio.close();
}

/** A backup sealed for our key, of whatever files and manifest. */
async function sealed(entries: readonly { name: string; body: string; type?: 'symlink' }[]): Promise<void> {
  const tar = await packTar(
    entries.map(({ name, body, type }) => ({
      header: { name, size: type ? 0 : body.length, ...(type ? { type, linkname: body } : {}) },
      ...(type ? {} : { body }),
    })),
  );
  const encrypter = new Encrypter();
  if (key.kind === 'recipients') for (const recipient of key.recipients) encrypter.addRecipient(recipient);
  mkdirSync(join(root, 'backups'), { recursive: true });
  writeFileSync(file, await encrypter.encrypt(zstdCompressSync(tar)));
}

describe('a backup', () => {
  test('taken while the studio takes receipts restores to books that audit, with every receipt answered before its moment', async () => {
    await livedStudio();
    // Takes time to pack: the studio publishes new entries meanwhile.
    writeFileSync(join(data, 'performances'), randomBytes(24_000_000));
    const studio = await openHere(data);
    const answered: { readonly entries: number; readonly atMs: number }[] = [];
    let enough = (): void => undefined;
    const isUnderWay = new Promise<void>((resolve) => {
      enough = resolve;
    });
    let isOver = false;
    const load = (async () => {
      for (let n = 0; !isOver; n++) {
        const receipt = {
          id: `load-${n}`,
          principal: 'payer-1',
          stream: 'storage' as const,
          amountCents: 101n,
        };
        const rest = { currency: 'USD' as const, reference: `r${n}`, refundOf: null, receivedAtUs: NOW_US };
        const added = await studio.parts.economy.addReceipts(NOW_US, [{ ...receipt, ...rest }]);
        if (!added.ok) throw new Error(added.message);
        answered.push({ entries: Number(await studio.parts.ledger.size()), atMs: Date.now() });
        await studio.parts.publishBooks();
        if (n === RECEIPTS_BEFORE) enough();
      }
    })();
    await isUnderWay;
    const { manifest } = await make();
    isOver = true;
    await load;
    await studio.close();
    const before = answered.filter(({ atMs }) => atMs < manifest.snapshotAtMs);
    expect(before.length).toBeGreaterThan(RECEIPTS_BEFORE);
    expect(manifest.leaves).toBeGreaterThanOrEqual(before.at(-1)?.entries ?? 0);
    const report = await restore();
    // The log that was copied was behind the journal: it goes on from the journal.
    expect([report.audit.verdict, report.entries]).toEqual(['ok', manifest.leaves]);
    const again = await openHere(join(root, 'restored'), false);
    const { economy } = again.parts;
    const more = { id: 'after', principal: 'payer-1', stream: 'storage' as const, amountCents: 7n };
    const rest = { currency: 'USD' as const, reference: 'r', refundOf: null, receivedAtUs: NOW_US };
    expect(await economy.addReceipts(NOW_US, [{ ...more, ...rest }])).toMatchObject({ ok: true });
    await again.close();
  });

  test('holds the files beside the books as they were, and nothing of the running machine or of other work', async () => {
    await livedStudio();
    const sound = randomBytes(3_000_000);
    mkdirSync(join(data, 'takes', 'archive', 'chunks'), { recursive: true });
    writeFileSync(join(data, 'takes', 'archive', 'chunks', 'abc'), sound);
    mkdirSync(join(data, 'cache'), { recursive: true });
    writeFileSync(join(data, 'cache', 'made-anew'), 'x');
    mkdirSync(join(data, 'payouts', 'ach', 'in'), { recursive: true });
    writeFileSync(join(data, BANK_FILE), 'answer');
    writeFileSync(join(data, 'studio.url'), 'http://127.0.0.1:1\n');
    await make();
    await restore();
    const restored = join(root, 'restored');
    expect(readFileSync(join(restored, 'takes', 'archive', 'chunks', 'abc')).equals(sound)).toBe(true);
    expect(readFileSync(join(restored, 'keys', 'root.secret'))).toEqual(
      readFileSync(join(data, 'keys', 'root.secret')),
    );
    expect(statSync(join(restored, 'keys', 'root.secret')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(restored, BANK_FILE), 'utf8')).toBe('answer');
    expect(existsSync(join(restored, 'cache'))).toBe(false);
    expect(existsSync(join(restored, 'studio.url'))).toBe(false);
    expect(readdirSync(data).filter((name) => name.startsWith('backup'))).toEqual([]);
    expect(
      readdirSync(root)
        .filter((name) => name.includes('restor'))
        .sort(),
    ).toEqual(['restored']);
  });

  test('can be looked at without being restored', async () => {
    await livedStudio();
    await make({ nowMs: () => NOW_MS });
    const report = await restore({ checkOnly: true });
    expect([report.audit.verdict, report.manifest.snapshotAtMs]).toEqual(['ok', NOW_MS]);
    expect(readdirSync(root).sort()).toEqual(['backups', 'data', 'key.txt']);
  });

  test('opens by a passphrase of sixteen characters, and shorter ones are refused', async () => {
    await livedStudio();
    const passphrase = 'a long evening of drums';
    await expect(make({ key: { kind: 'passphrase', passphrase: 'short' } })).rejects.toMatchObject({
      code: 'passphrase-too-short',
    });
    await make({ key: { kind: 'passphrase', passphrase } });
    const decrypter = decrypterOf({ keyFiles: [], passphrases: [passphrase] });
    expect((await restore({ decrypter })).audit.verdict).toBe('ok');
  });

  test('is refused where it would write over something, or there is no studio', async () => {
    await expect(make()).rejects.toMatchObject({ code: 'data-directory-missing' });
    await livedStudio();
    await make();
    await expect(make()).rejects.toMatchObject({ code: 'backup-exists' });
    await expect(make({ out: join(data, 'own.age') })).rejects.toMatchObject({ code: 'backup-inside' });
    writeFileSync(join(data, 'two\nlines'), 'x');
    await expect(make({ out: join(root, 'two') })).rejects.toMatchObject({ code: 'file-name-unfit' });
    expect(readdirSync(root).filter((name) => name.startsWith('two'))).toEqual([]);
    rmSync(join(data, 'two\nlines'));
    await expect(restore({ dataDirectory: data })).rejects.toMatchObject({ code: 'data-directory-in-use' });
    await expect(
      make({ out: join(root, 'two'), key: { kind: 'recipients', recipients: ['age1nobody'] } }),
    ).rejects.toMatchObject({
      code: 'recipient-malformed',
    });
  });
});

describe('a restore', () => {
  test('moves into an empty directory that is there, and takes a path with a slash at its end', async () => {
    await livedStudio();
    await make();
    const there = join(root, 'disk');
    mkdirSync(there);
    expect((await restore({ dataDirectory: `${there}/` })).audit.verdict).toBe('ok');
    expect(readdirSync(there)).toContain('keys');
    expect(readdirSync(there).filter((name) => name.startsWith('restoring'))).toEqual([]);
  });

  test('refuses a backup whose entries fall behind what the log was seen to have, unless the loss is accepted', async () => {
    await livedStudio();
    await make();
    const studio = await openHere(data);
    const receipt = {
      id: 'later',
      principal: 'payer-1',
      stream: 'storage' as const,
      amountCents: 5n,
      currency: 'USD' as const,
    };
    await studio.parts.economy.addReceipts(NOW_US, [
      { ...receipt, reference: 'r', refundOf: null, receivedAtUs: NOW_US },
    ]);
    await studio.parts.publishBooks();
    const seen = await studio.parts.log.checkpoint();
    await studio.close();
    await expect(restore({ seen })).rejects.toMatchObject({ code: 'restore-rolls-back' });
    expect(existsSync(join(root, 'restored'))).toBe(false);
    const { entries, seenEntries } = await restore({ seen, acceptLoss: true });
    expect(seenEntries).toBeGreaterThan(entries);
  });

  test('takes a checkpoint seen earlier as proof that it is the same log, and refuses another log’s', async () => {
    await livedStudio();
    const early = readFileSync(join(data, 'public', 'log', 'checkpoint'));
    await make();
    expect((await restore({ seen: early })).seenEntries).toBeGreaterThan(0);
    const other = await openHere(join(root, 'other'));
    const foreign = await other.parts.log.checkpoint();
    await other.close();
    rmSync(join(root, 'restored'), { recursive: true });
    await expect(restore({ seen: foreign })).rejects.toMatchObject({ code: 'checkpoint-not-ours' });
  });

  test('takes a checkpoint that the log signed before its key was changed', async () => {
    await livedStudio();
    const early = readFileSync(join(data, 'public', 'log', 'checkpoint'));
    expect(rotateKey(data, 'log', NOW_US).ok).toBe(true);
    await (await openHere(data)).close();
    expect(retireKeys(data, 'log').ok).toBe(true);
    await make();
    const { audit, seenEntries } = await restore({ seen: early });
    expect(audit.verdict).toBe('ok');
    expect(seenEntries).toBeGreaterThan(0);
  });

  test('says which of key, file and content is wrong, and leaves nothing behind', async () => {
    await livedStudio();
    await make();
    const other = join(root, 'other-key.txt');
    writeFileSync(other, (await newBackupKey()).fileText);
    await expect(
      restore({ decrypter: decrypterOf({ keyFiles: [other], passphrases: [] }) }),
    ).rejects.toMatchObject({ code: 'backup-key-wrong' });
    await expect(restore({ file: join(root, 'none') })).rejects.toMatchObject({ code: 'backup-missing' });
    await expect(restore({ file: keyFile })).rejects.toMatchObject({ code: 'backup-damaged' });
    const bytes = readFileSync(file);
    for (const at of [400, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(join(root, 'changed'), changed);
      await expect(restore({ file: join(root, 'changed') })).rejects.toMatchObject({
        code: 'backup-damaged',
      });
    }
    writeFileSync(join(root, 'short'), bytes.subarray(0, bytes.length - 70_000));
    await expect(restore({ file: join(root, 'short') })).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(readdirSync(root).filter((name) => name.startsWith('restored'))).toEqual([]);
    expect(() => decrypterOf({ keyFiles: [file], passphrases: [] })).toThrow(
      expect.objectContaining({ code: 'key-unreadable' }),
    );
  });

  test('unpacks so many files and not one more, whatever its manifest says', async () => {
    const manifest = { format: 1, jamnet: '1', snapshotAtMs: 1, leaves: 1, schemas: [] };
    const ofA = { path: 'a', bytes: 1, sha256: createHash('sha256').update('x').digest('hex') };
    const last = { name: 'manifest.json', body: JSON.stringify({ ...manifest, files: [ofA] }) };
    const unpack = (into: string) =>
      unpackBackup(
        file,
        join(root, into),
        decrypterOf({ keyFiles: [keyFile], passphrases: [] }),
        undefined,
        1,
      );
    await sealed([{ name: 'a', body: 'x' }, last]);
    expect(await unpack('one')).toMatchObject({ files: [ofA] });
    await sealed([{ name: 'a', body: 'x' }, { name: 'b', body: 'y' }, last]);
    await expect(unpack('two')).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(existsSync(join(root, 'two', 'b'))).toBe(false);
  });

  test.each([
    ['a path that leaves the directory', [{ name: '../outside', body: 'x' }]],
    ['a path from the root on', [{ name: '/tmp/outside', body: 'x' }]],
    ['a dot in between', [{ name: 'keys/./x', body: 'x' }]],
    ['a link', [{ name: 'keys', body: '/tmp', type: 'symlink' as const }]],
    [
      'one name twice',
      [
        { name: 'a', body: 'x' },
        { name: 'a', body: 'y' },
      ],
    ],
    ['no manifest', [{ name: 'a', body: 'x' }]],
    ['a manifest of another shape', [{ name: 'manifest.json', body: '{"format":1}' }]],
    [
      'a manifest that is not the end',
      [
        {
          name: 'manifest.json',
          body: '{"format":1,"jamnet":"1","snapshotAtMs":1,"leaves":1,"schemas":[],"files":[]}',
        },
        { name: 'a', body: 'x' },
      ],
    ],
    [
      'a file that the manifest does not name',
      [
        { name: 'a', body: 'x' },
        {
          name: 'manifest.json',
          body: '{"format":1,"jamnet":"1","snapshotAtMs":1,"leaves":1,"schemas":[],"files":[]}',
        },
      ],
    ],
  ])('refuses a backup with %s, though it is sealed for our key', async (_what, entries) => {
    await sealed(entries);
    await expect(restore()).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(existsSync(join(root, 'outside'))).toBe(false);
    expect(readdirSync(root).filter((name) => name.startsWith('restored'))).toEqual([]);
  });

  test('names the version that a backup in a newer format needs', async () => {
    await sealed([
      {
        name: 'manifest.json',
        body: '{"format":2,"jamnet":"7.1","snapshotAtMs":1,"leaves":1,"schemas":[],"files":[]}',
      },
    ]);
    await expect(restore()).rejects.toMatchObject({
      code: 'backup-too-new',
      message: expect.stringContaining('7.1'),
    });
  });
});
