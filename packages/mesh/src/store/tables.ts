import type { Kysely } from 'kysely';

/** Rows as the database holds them: integers as bigint, lists as JSON text, flags as 0 and 1. */
export interface Tables {
  mesh_node: {
    id: string;
    public_key: string;
    name: string;
    owner_group: string;
    payee: string;
    trusted: bigint;
    state: string;
    precision_class: string;
    revealed: bigint;
    consecutive_valid: bigint;
    proven_fakes: bigint;
    held_units: bigint;
    released_units: bigint;
    forfeited_units: bigint;
    seen_at_us: bigint;
    kind_keys: string | null;
    network: string | null;
  };
  mesh_task: {
    id: string;
    task_group: string;
    replicas: bigint;
    kind: string;
    version: bigint;
    kind_key: string;
    input_hash: string;
    work_units: bigint;
    priority: bigint;
    subject: string;
    audience: string;
    candidates: string | null;
    preferred: string | null;
    preferred_until_us: bigint;
    state: string;
    node: string | null;
    owner_group: string | null;
    lease: bigint;
    deadline_us: bigint;
    result_hash: string | null;
    chunk_hashes: string | null;
  };
  mesh_exclusion: { task_group: string; owner_group: string };
  mesh_refusal: { task: string; node: string };
  mesh_wasted_lease: { task: string; node: string; leases: bigint };
  mesh_check: {
    id: string;
    task: string;
    node: string;
    kind: string;
    version: bigint;
    input_hash: string;
    result_hash: string;
    chunks: string;
    purpose: string;
    done: bigint;
    /** A trusted host is at it until then. */
    claimed_until_us: bigint;
  };
  mesh_work: {
    id: string;
    task: string;
    node: string;
    kind: string;
    meter: string;
    work_units: bigint;
    payee: string;
    owner_group: string;
    subject: string;
    evidence: string;
    result_hash: string;
    accepted_at_us: bigint;
    verified: bigint;
    state: string;
    /** 1 once the economy has it. */
    credited: bigint;
  };
  mesh_evidence: { node: string; task: string | null; at_us: bigint; code: string; sentence: string };
  mesh_blob: { key: string; bytes: Uint8Array };
  /** Files of blobs, to the length that is good. */
  mesh_segment: { id: bigint; bytes: bigint };
}

/** Tables as selects see them: each has the order in which its rows came. */
export type Ordered<Row> = Row & { sequence: bigint };

export type MeshKysely = Kysely<Tables>;
