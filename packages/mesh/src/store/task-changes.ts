import type { TaskChange } from '../core/store.ts';
import type { Tables } from './tables.ts';

/**
 * The columns of each change of a task. SQLite takes a row out of every index over a column that a statement sets and puts
 * it back, whether the value differs or not; the one over groups and owners lies all over its pages.
 */
export const CHANGED_COLUMNS: Readonly<Record<TaskChange, readonly (string & keyof Tables['mesh_task'])[]>> =
  {
    lease: ['state', 'node', 'owner_group', 'lease', 'deadline_us'],
    commitment: ['state', 'result_hash', 'chunk_hashes'],
    state: ['state'],
    any: [
      'preferred',
      'preferred_until_us',
      'state',
      'node',
      'owner_group',
      'lease',
      'deadline_us',
      'result_hash',
      'chunk_hashes',
    ],
  };
