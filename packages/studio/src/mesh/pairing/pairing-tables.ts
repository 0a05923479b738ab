import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

export interface PairingTables {
  mesh_pair_code: PairCodeRow;
  mesh_pair_node: PairNodeRow;
}

/** One code, by its hash. */
export interface PairCodeRow {
  code_sha256: string;
  owner_group: string;
  payee: string;
  /** Machines that may still use it. */
  nodes_left: bigint;
  expires_at_us: bigint;
}

/** One machine of an owner. */
export interface PairNodeRow {
  /** Ed25519, hex. */
  public_key: string;
  owner_group: string;
  payee: string;
  paired_at_us: bigint;
}

/** Forward only; fields are added, never changed. */
export const PAIRING_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-pairing': async (kysely) => {
    for (const statement of [
      `CREATE TABLE mesh_pair_code (
        code_sha256 TEXT PRIMARY KEY, owner_group TEXT NOT NULL, payee TEXT NOT NULL,
        nodes_left BIGINT NOT NULL CHECK (nodes_left >= 0), expires_at_us BIGINT NOT NULL)`,
      `CREATE TABLE mesh_pair_node (
        public_key TEXT PRIMARY KEY, owner_group TEXT NOT NULL, payee TEXT NOT NULL, paired_at_us BIGINT NOT NULL)`,
      'CREATE INDEX mesh_pair_node_owner ON mesh_pair_node (owner_group)',
      'CREATE INDEX mesh_pair_code_owner ON mesh_pair_code (owner_group)',
    ])
      await sql.raw(statement).execute(kysely);
  },
};
