import { type Database, GroupCommit, migrate, type SqliteHandle, scrubbed, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import type { MeshStore, MeshTables } from '../core/store.ts';
import { makeBatches } from './batches.ts';
import { type BlobTables, blobsInFiles, blobsInTable, forgetInTable } from './blobs.ts';
import { checkTables, nodeTables, paperTables, workTables } from './book-tables.ts';
import { CommitmentLog } from './commitment-log.ts';
import { MIGRATIONS } from './migrations.ts';
import { OpenTasks } from './open-tasks.ts';
import { makeQuestions } from './questions.ts';
import { SeenNodes } from './seen-nodes.ts';
import { SegmentFiles } from './segment-files.ts';
import type { MeshKysely, Tables } from './tables.ts';
import { taskTables } from './task-tables.ts';
import { writeBehind } from './write-behind.ts';

/** Times a transaction is begun anew after a deadlock or a race that the database refused. */
const TRIES_MAX = 5;

/** PostgreSQL: serialization_failure, deadlock_detected, unique_violation (two coordinators leased replicas to one owner). */
const RETRIED_CODES: ReadonlySet<unknown> = new Set(['40001', '40P01', '23505']);

/** A store that is closed before its database is. */
export interface OpenedMeshStore extends MeshStore {
  /** Takes the bytes of inputs and results away for good: somebody took the consent back. A task that needs them again is given up. */
  forget(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The coordinator's store on either engine. Creates its tables when they are missing. Beside the embedded database
 * inputs and results go into files of `blobDirectory`; without one, and on PostgreSQL, into a table.
 */
export async function openMeshStore(
  database: Database,
  options: { readonly blobDirectory?: string } = {},
): Promise<OpenedMeshStore> {
  await migrate(database, 'mesh', MIGRATIONS);
  return database.engine === 'sqlite' ? embedded(database, options.blobDirectory) : shared(database);
}

/** One writer: requests that wait for it share a commit. */
async function embedded(database: SqliteHandle, blobDirectory: string | undefined): Promise<OpenedMeshStore> {
  const ready = makeReady(database);
  const files = blobDirectory === undefined ? null : await openFiles(database, blobDirectory);
  const blobsOf = (kysely: MeshKysely): BlobTables =>
    files ? blobsInFiles(files, kysely) : blobsInTable(kysely, 'sqlite');
  // The one process that may have been at checks is gone.
  await tablesOf<Tables>(database)
    .updateTable('mesh_check')
    .set({ claimed_until_us: 0n })
    .where('done', '=', 0n)
    .execute();
  const open = new OpenTasks(new CommitmentLog(database));
  const seen = new SeenNodes();
  const group = new GroupCommit(database, {
    beforeCommit: async (transaction) => {
      const ends = (await files?.flush()) ?? [];
      const rows = ends.map(({ segment, bytes }) => ({ id: BigInt(segment), bytes: BigInt(bytes) }));
      await ready.batches.segments.insert(transaction, rows, 'replace');
    },
    undone: () => {
      open.forget();
      seen.forget();
    },
  });
  // Works run one after the other, all on the one connection: the tables are made once.
  const kysely = meshTablesOf(database.held);
  const direct = tables(kysely, ready, blobsOf(kysely));
  const behind = writeBehind(seen.over(open.over(direct)));
  return {
    transaction: (work) =>
      group.transaction(async () => {
        await open.catchUp(direct);
        return behind.run(work);
      }),
    blob: (key) => blobsOf(tablesOf<Tables>(database)).blob(key),
    forget: async (keys) => {
      await files?.forget(keys);
      await scrubbed(database, () =>
        group.transaction((transaction) => forgetInTable(meshTablesOf(transaction), keys)),
      );
    },
    close: async () => {
      try {
        await group.transaction(() => seen.write(direct));
      } finally {
        await group.close();
        await files?.close();
      }
    },
  };
}

async function openFiles(database: SqliteHandle, directory: string): Promise<SegmentFiles> {
  const rows = await tablesOf<Tables>(database).selectFrom('mesh_segment').selectAll().execute();
  const ends = rows.map(({ id, bytes }) => ({ segment: Number(id), bytes: Number(bytes) }));
  return new SegmentFiles(directory, ends);
}

/** Several coordinators may work on one PostgreSQL. */
function shared(database: Extract<Database, { engine: 'postgres' }>): OpenedMeshStore {
  const ready = makeReady(database);
  const kysely = tablesOf<Tables>(database);
  return {
    blob: (key) => blobsInTable(kysely, 'postgres').blob(key),
    forget: (keys) => forgetInTable(kysely, keys),
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          return await kysely
            .transaction()
            .execute((transaction) =>
              writeBehind(tables(transaction, ready, blobsInTable(transaction, 'postgres'))).run(work),
            );
        } catch (error) {
          if (
            tries === TRIES_MAX ||
            !(error instanceof Error && 'code' in error && RETRIED_CODES.has(error.code))
          )
            throw error;
        }
      }
    },
    close: async () => {},
  };
}

/** The connection of the whole database, typed with our tables: migrations have created them. */
function meshTablesOf(transaction: Kysely<unknown>): MeshKysely {
  return transaction as unknown as MeshKysely;
}

/** What is prepared once for each database. */
function makeReady(database: Database) {
  const { engine } = database;
  return { engine, batches: makeBatches(database), questions: makeQuestions(database) };
}

function tables(kysely: MeshKysely, ready: ReturnType<typeof makeReady>, blobs: BlobTables): MeshTables {
  return {
    ...taskTables(kysely, ready.engine, ready),
    ...nodeTables(kysely, ready.engine, ready),
    ...checkTables(kysely, ready),
    ...workTables(kysely, ready),
    ...paperTables(kysely, ready.questions),
    ...blobs,
  };
}
