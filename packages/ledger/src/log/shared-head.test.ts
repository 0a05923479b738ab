import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import { signerFromSeed } from '../core/signer.ts';
import { CHECKPOINT_PATH } from '../core/tile-path.ts';
import { openLedger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
import type { LogFiles } from './log-files.ts';
import { TransparencyLog } from './transparency-log.ts';

const NOW = 1_790_000_000_000_000n;
const ORIGIN = 'studio.example/log';
const signer = signerFromSeed(ORIGIN, new Uint8Array(32).fill(7));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A journal with some records; `name` tells two histories apart. */
async function journal(...names: readonly string[]) {
  const database = openSqlite({ file: ':memory:' });
  cleanups.push(() => database.close());
  const ledger = await openLedger(database);
  for (const key of names)
    await ledger.post(NOW, [{ key, record: { kind: 'test', sha256: 'ab'.repeat(32) } }]);
  return ledger;
}

/** Files of one publisher whose newest checkpoint lies where all have it. */
function sharing(local: LogFiles, shared: { head: Uint8Array | null }): LogFiles {
  return {
    ...local,
    read: async (path) => (path === CHECKPOINT_PATH ? shared.head : local.read(path)),
    write: async (path, bytes) => {
      if (path === CHECKPOINT_PATH) shared.head = bytes;
      await local.write(path, bytes);
    },
    readOwnCheckpoint: () => local.read(CHECKPOINT_PATH),
    show: (checkpoint) => local.write(CHECKPOINT_PATH, checkpoint),
  };
}

test('when the journal and the shared head go back together, whoever saw more signs nothing, also after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-head-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const shared: { head: Uint8Array | null } = { head: null };
  const files = sharing(directoryFiles(directory), shared);
  const open = (ledger: Awaited<ReturnType<typeof journal>>) =>
    new TransparencyLog({ ledger, origin: ORIGIN, signer, files });

  const short = open(await journal('a', 'b'));
  await short.publish(NOW);
  const older = shared.head;
  const log = open(await journal('a', 'b', 'c'));
  await log.publish(NOW);
  const newest = shared.head;

  shared.head = older;
  await expect(log.publish(NOW)).rejects.toMatchObject({ code: 'log-forked' });
  await expect(log.publish(NOW)).rejects.toMatchObject({ code: 'log-forked' });
  const restarted = open(await journal('a', 'b', 'another'));
  // Its own checkpoint does not fit the journal that came back.
  await expect(restarted.publish(NOW)).rejects.toMatchObject({ code: 'log-forked' });
  shared.head = newest;
  expect((await log.publish(NOW)).size).toBe(3n);
});
