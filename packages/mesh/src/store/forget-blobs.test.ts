import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from './sql-store.ts';

const key = (n: number) => n.toString(16).padStart(64, '0');

describeOnEveryEngine('blobs whose bytes were taken back', (openFresh) => {
  test('are there without a byte, leave others alone, and may be put again', async () => {
    const store = await openMeshStore((await openFresh()).database);
    const put = (n: number) =>
      store.transaction((tables) => tables.putBlobs([{ key: key(n), bytes: Uint8Array.of(n, n, n) }]));
    await put(1);
    await put(2);
    await store.forget([key(1), key(9)]);
    expect(await store.blob(key(1))).toHaveLength(0);
    expect(await store.blob(key(2))).toEqual(Uint8Array.of(2, 2, 2));
    expect(await store.blob(key(9))).toBeNull();
    await put(2);
    await put(1);
    expect(await store.blob(key(1))).toEqual(Uint8Array.of(1, 1, 1));
    expect(await store.blob(key(2))).toEqual(Uint8Array.of(2, 2, 2));
  });
});

test('of bytes that were taken back the files of the embedded database hold nothing, also where no blob has a file of its own', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-forget-'));
  const database = openSqlite({ file: join(directory, 'jamnet.sqlite') });
  try {
    const store = await openMeshStore(database);
    const [gone, kept] = [Buffer.from('what ada played, for nobody else'), Buffer.from('what ben played')];
    const isOnDisk = (bytes: Buffer) =>
      readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes(bytes));
    await store.transaction((tables) =>
      tables.putBlobs([
        { key: key(1), bytes: gone },
        { key: key(2), bytes: kept },
      ]),
    );
    expect([isOnDisk(gone), isOnDisk(kept)]).toEqual([true, true]);
    await store.forget([key(1)]);
    expect([isOnDisk(gone), isOnDisk(kept)]).toEqual([false, true]);
    await store.close();
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
});
