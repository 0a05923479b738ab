import { type Database, RowBatch } from '@jamnet/sql';
import type { Tables } from './tables.ts';

/** The tables that whole messages are written to. */
export interface Batches {
  readonly tasks: RowBatch<Tables['mesh_task']>;
  readonly nodes: RowBatch<Tables['mesh_node']>;
  readonly checks: RowBatch<Omit<Tables['mesh_check'], 'claimed_until_us'>>;
  readonly work: RowBatch<Omit<Tables['mesh_work'], 'credited'>>;
  readonly segments: RowBatch<Tables['mesh_segment']>;
}

/** For one database, once: prepared statements stay with them. */
export function makeBatches(database: Database): Batches {
  return {
    tasks: new RowBatch(database, { table: 'mesh_task', key: 'id', columns: TASK }),
    nodes: new RowBatch(database, { table: 'mesh_node', key: 'id', columns: NODE }),
    checks: new RowBatch(database, { table: 'mesh_check', key: 'id', columns: CHECK }),
    work: new RowBatch(database, { table: 'mesh_work', key: 'id', columns: WORK }),
    segments: new RowBatch(database, {
      table: 'mesh_segment',
      key: 'id',
      columns: { id: 'bigint', bytes: 'bigint' },
    }),
  };
}

const TASK = {
  id: 'text',
  task_group: 'text',
  replicas: 'bigint',
  kind: 'text',
  version: 'bigint',
  kind_key: 'text',
  input_hash: 'text',
  work_units: 'bigint',
  priority: 'bigint',
  subject: 'text',
  audience: 'text',
  candidates: 'text',
  preferred: 'text',
  preferred_until_us: 'bigint',
  state: 'text',
  node: 'text',
  owner_group: 'text',
  lease: 'bigint',
  deadline_us: 'bigint',
  result_hash: 'text',
  chunk_hashes: 'text',
} as const;

const NODE = {
  id: 'text',
  public_key: 'text',
  name: 'text',
  owner_group: 'text',
  payee: 'text',
  trusted: 'bigint',
  state: 'text',
  precision_class: 'text',
  revealed: 'bigint',
  consecutive_valid: 'bigint',
  proven_fakes: 'bigint',
  held_units: 'bigint',
  released_units: 'bigint',
  forfeited_units: 'bigint',
  seen_at_us: 'bigint',
  kind_keys: 'text',
  network: 'text',
} as const;

const CHECK = {
  id: 'text',
  task: 'text',
  node: 'text',
  kind: 'text',
  version: 'bigint',
  input_hash: 'text',
  result_hash: 'text',
  chunks: 'text',
  purpose: 'text',
  done: 'bigint',
} as const;

const WORK = {
  id: 'text',
  task: 'text',
  node: 'text',
  kind: 'text',
  meter: 'text',
  work_units: 'bigint',
  payee: 'text',
  owner_group: 'text',
  subject: 'text',
  evidence: 'text',
  result_hash: 'text',
  accepted_at_us: 'bigint',
  verified: 'bigint',
  state: 'text',
} as const;
