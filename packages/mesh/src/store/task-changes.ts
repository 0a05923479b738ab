import type { TaskRow } from '../core/rows.ts';
import type { TaskChange } from '../core/store.ts';
import type { Batches } from './batches.ts';
import { chunkHashesText, taskColumns } from './rows-of.ts';
import type { MeshKysely } from './tables.ts';

/**
 * Writes the columns of one change of tasks and no other. SQLite takes a row out of every index over a column that a statement
 * sets and puts it back, whether the value differs or not; the one over groups and owners lies all over its pages.
 */
export function writeChange(
  kysely: MeshKysely,
  { tasks: batch }: Pick<Batches, 'tasks'>,
  rows: readonly TaskRow[],
  change: TaskChange,
): Promise<number> {
  switch (change) {
    case 'lease':
      return batch.update(kysely, rows.map(leaseColumns), LEASE);
    case 'commitment':
      return batch.update(kysely, rows.map(commitmentColumns), COMMITMENT);
    case 'result':
      return batch.update(kysely, rows.map(resultColumns), RESULT);
    case 'state':
      return batch.update(kysely, rows.map(stateColumns), ['state']);
    default:
      return batch.update(kysely, rows.map(taskColumns), ANY);
  }
}

const LEASE = ['state', 'node', 'owner_group', 'lease', 'deadline_us'] as const;
const COMMITMENT = ['state', 'result_hash', 'chunk_hashes'] as const;
const RESULT = ['state', 'chunk_hashes'] as const;
const ANY = ['preferred', 'preferred_until_us', ...LEASE, 'result_hash', 'chunk_hashes'] as const;

function leaseColumns({ id, state, node, ownerGroup, lease, deadlineUs }: TaskRow) {
  return { id, state, node, owner_group: ownerGroup, lease: BigInt(lease), deadline_us: deadlineUs };
}

function commitmentColumns({ id, state, resultHash, chunkHashes }: TaskRow) {
  return { id, state, result_hash: resultHash, chunk_hashes: chunkHashesText(chunkHashes) };
}

function resultColumns({ id, state, chunkHashes }: TaskRow) {
  return { id, state, chunk_hashes: chunkHashesText(chunkHashes) };
}

function stateColumns({ id, state }: TaskRow) {
  return { id, state };
}
