import { assert, equalBytes, Failure } from '@jamnet/base';
import { type Duty, type PostgresHandle, takeLead } from '@jamnet/sql';
import { type QueryExecutorProvider, sql } from 'kysely';
import { parseCheckpointText } from '../core/checkpoint.ts';
import { formatNote, parseNote, SIGNATURES_MAX, type SignedNote } from '../core/signed-note.ts';
import { CHECKPOINT_PATH } from '../core/tile-path.ts';
import type { LogFiles } from './log-files.ts';

const PUBLISHING: Duty = {
  store: 'ledger',
  name: 'log',
  busy: 'Another process has been publishing the log for ten seconds: ask again.',
};
const LOCK_WAIT_MS = 10_000;

/**
 * One log of several processes on one PostgreSQL. Tiles are files of each process's own, for they follow from the journal;
 * the newest signed checkpoint is a row that all share, and `local` has a copy of it. Who publishes leads, and a leader
 * that was replaced, or that comes to another root at a size that was signed, writes nothing.
 */
export function sharedLogFiles(local: LogFiles, database: PostgresHandle): LogFiles {
  let lead: Awaited<ReturnType<typeof leadNow>> | null = null;
  const leadNow = async () => {
    const taken = await takeLead(database, PUBLISHING, { waitMs: LOCK_WAIT_MS });
    if (!taken.ok) throw new Failure('log-locked', taken.message);
    return taken.value;
  };
  return {
    ...local,
    async read(path) {
      if (path !== CHECKPOINT_PATH) return local.read(path);
      const [shared, own] = [await headOf(database.kysely), await local.read(path)];
      if (shared === null || own === null) return shared ?? own;
      // Witnesses may have signed the copy here, and others the one of another process.
      return textOf(own) === textOf(shared) ? withCosignatures(own, shared) : shared;
    },
    async write(path, bytes) {
      if (path !== CHECKPOINT_PATH) return local.write(path, bytes);
      const { fence } = lead ?? { fence: () => assert(false, 'a checkpoint is written under the lock') };
      const written = await database.kysely.transaction().execute(async (transaction) => {
        await fence(transaction);
        return replaceHead(transaction, bytes);
      });
      await local.write(path, written);
    },
    readOwnCheckpoint: () => local.read(CHECKPOINT_PATH),
    async show(checkpoint) {
      await local.write(CHECKPOINT_PATH, checkpoint);
      await local.flush();
    },
    async lock() {
      const taken = await leadNow();
      const unlock = await local.lock().catch(async (cause: unknown) => {
        await taken.release();
        throw cause;
      });
      lead = taken;
      return async () => {
        lead = null;
        await unlock();
        await taken.release();
      };
    },
  };
}

async function headOf(connection: QueryExecutorProvider): Promise<Uint8Array | null> {
  const { rows } = await sql<{ note: Uint8Array }>`SELECT note FROM ledger_log_head`.execute(connection);
  return rows[0]?.note ?? null;
}

/** Answers what stands there now: the note, and of the same text the cosignatures that others brought. */
async function replaceHead(transaction: QueryExecutorProvider, note: Uint8Array): Promise<Uint8Array> {
  const before = await headOf(transaction);
  if (before !== null) {
    const [signed, next] = [placeOf(before), placeOf(note)];
    const isForked =
      next.size < signed.size || (next.size === signed.size && textOf(before) !== textOf(note));
    if (isForked)
      throw new Failure(
        'log-forked',
        `Size ${signed.size} was signed already, with another root or by a journal that had more: nothing was published here. Restore the journal.`,
      );
  }
  const whole = before !== null && textOf(before) === textOf(note) ? withCosignatures(note, before) : note;
  await sql`INSERT INTO ledger_log_head (id, note) VALUES (1, ${whole})
    ON CONFLICT (id) DO UPDATE SET note = excluded.note`.execute(transaction);
  return whole;
}

/**
 * A note with the cosignatures that another of the same text has and it lacks. The log's own signatures stay as they are: a key that no longer
 * signs is not to come back.
 */
function withCosignatures(note: Uint8Array, other: Uint8Array): Uint8Array {
  const { text, signatures } = noteOf(note);
  const [origin] = text.split('\n', 1);
  const more = noteOf(other).signatures.filter(
    ({ name, keyId }) =>
      name !== origin && !signatures.some((own) => own.name === name && equalBytes(own.keyId, keyId)),
  );
  if (more.length === 0) return note;
  return formatNote({ text, signatures: [...signatures, ...more].slice(0, SIGNATURES_MAX) });
}

/** What is signed: the note's text without signatures. */
function textOf(note: Uint8Array): string {
  return noteOf(note).text;
}

function noteOf(note: Uint8Array): SignedNote {
  const parsed = parseNote(note);
  assert(parsed.ok, 'a checkpoint that this program wrote is a note');
  return parsed.value;
}

function placeOf(note: Uint8Array): { readonly size: bigint } {
  const parsed = parseCheckpointText(textOf(note));
  assert(parsed.ok, 'a checkpoint that this program wrote is one');
  return parsed.value;
}
