import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';

/** Forward only; fields are added, never changed. */
export const MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-mesh': async (kysely, engine) => {
    const sequence =
      engine === 'sqlite'
        ? 'INTEGER PRIMARY KEY AUTOINCREMENT'
        : 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
    const bytes = engine === 'sqlite' ? 'BLOB' : 'BYTEA';
    for (const statement of statements(sequence, bytes)) await sql.raw(statement).execute(kysely);
  },
  '002-node-kinds': async (kysely) => {
    await sql`ALTER TABLE mesh_node ADD COLUMN kind_keys TEXT`.execute(kysely);
  },
  '003-segments': async (kysely) => {
    await sql`CREATE TABLE mesh_segment (id BIGINT PRIMARY KEY, bytes BIGINT NOT NULL)`.execute(kysely);
  },
  '004-turns': async (kysely) => {
    await sql`CREATE INDEX mesh_task_turn ON mesh_task (preferred_until_us)
      WHERE state = 'queued' AND preferred IS NOT NULL`.execute(kysely);
  },
  '005-check-claims': async (kysely) => {
    await sql`ALTER TABLE mesh_check ADD COLUMN claimed_until_us BIGINT NOT NULL DEFAULT 0`.execute(kysely);
  },
  '006-wasted-leases': async (kysely) => {
    await sql`CREATE TABLE mesh_wasted_lease (
      task TEXT NOT NULL, node TEXT NOT NULL, leases BIGINT NOT NULL, PRIMARY KEY (task, node))`.execute(
      kysely,
    );
  },
  '007-newcomers': async (kysely) => {
    await sql`CREATE INDEX mesh_node_newcomer ON mesh_node (state, seen_at_us) WHERE revealed = 0`.execute(
      kysely,
    );
  },
  // What nodes committed to and is not in the tasks' rows yet. Where several coordinators share the tasks it stays empty.
  '008-commitments': async (kysely, engine) => {
    const sequence =
      engine === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
    await sql.raw(`CREATE TABLE mesh_commitment (sequence ${sequence}, items TEXT NOT NULL)`).execute(kysely);
  },
  // Every write of a random key is a page of the log: only what several owners compute needs to know who does.
  '009-narrow-indexes': async (kysely, engine) => {
    for (const statement of narrowIndexes(engine)) await sql.raw(statement).execute(kysely);
  },
  '010-finished-tasks': async (kysely) => {
    await sql`CREATE INDEX mesh_task_finished ON mesh_task (deadline_us) WHERE state IN ('accepted', 'failed')`.execute(
      kysely,
    );
  },
  '011-networks': async (kysely) => {
    await sql`ALTER TABLE mesh_node ADD COLUMN network TEXT`.execute(kysely);
  },
  // Beside that of held work: an owner reads both, and no result pays for it on its way in.
  '012-settled-work': async (kysely) => {
    await sql`CREATE INDEX mesh_work_settled ON mesh_work (node, sequence) WHERE state <> 'held'`.execute(
      kysely,
    );
  },
  // What was released before is offered once more: the economy knows what it has.
  '013-credited-work': async (kysely) => {
    await sql`ALTER TABLE mesh_work ADD COLUMN credited BIGINT NOT NULL DEFAULT 0`.execute(kysely);
    await sql`CREATE INDEX mesh_work_uncredited ON mesh_work (sequence) WHERE state = 'released' AND credited = 0`.execute(
      kysely,
    );
  },
};

function narrowIndexes(engine: 'sqlite' | 'postgres'): string[] {
  return [
    'ALTER TABLE mesh_task ADD COLUMN replicas BIGINT NOT NULL DEFAULT 1',
    `UPDATE mesh_task SET replicas = (SELECT count(*) FROM mesh_task other WHERE other.task_group = mesh_task.task_group)
      WHERE task_group IN (SELECT task_group FROM mesh_task WHERE id <> task_group)`,
    ...(engine === 'sqlite' ? TASK_ANEW : DROP_OWNERS),
    // One owner group never holds two replicas of a task: the database says so, whatever coordinators race.
    'CREATE UNIQUE INDEX mesh_task_owner ON mesh_task (task_group, owner_group) WHERE replicas > 1',
    `CREATE INDEX mesh_task_preferred ON mesh_task (preferred, preferred_until_us)
      WHERE state = 'queued' AND preferred IS NOT NULL`,
    'DROP INDEX mesh_work_task', // A row's id follows from its task and node.
  ];
}

const DROP_OWNERS = [
  'ALTER TABLE mesh_task DROP CONSTRAINT mesh_task_task_group_owner_group_key',
  'DROP INDEX mesh_task_preferred',
];

/** SQLite drops no constraint: the table is written anew, its other indexes as they were. */
const TASK_ANEW = [
  `CREATE TABLE mesh_task_anew (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task_group TEXT NOT NULL, kind TEXT NOT NULL,
    version BIGINT NOT NULL, kind_key TEXT NOT NULL, input_hash TEXT NOT NULL, work_units BIGINT NOT NULL, priority BIGINT NOT NULL,
    subject TEXT NOT NULL, audience TEXT NOT NULL, candidates TEXT, preferred TEXT, preferred_until_us BIGINT NOT NULL,
    state TEXT NOT NULL, node TEXT, owner_group TEXT, lease BIGINT NOT NULL, deadline_us BIGINT NOT NULL, result_hash TEXT,
    chunk_hashes TEXT, replicas BIGINT NOT NULL DEFAULT 1)`,
  'INSERT INTO mesh_task_anew SELECT * FROM mesh_task ORDER BY sequence',
  'DROP TABLE mesh_task',
  'ALTER TABLE mesh_task_anew RENAME TO mesh_task',
  "CREATE INDEX mesh_task_queue ON mesh_task (priority DESC, sequence) WHERE state = 'queued'",
  "CREATE INDEX mesh_task_deadline ON mesh_task (deadline_us) WHERE state IN ('leased', 'committed')",
  "CREATE INDEX mesh_task_node ON mesh_task (node) WHERE state IN ('leased', 'committed')",
  `CREATE INDEX mesh_task_turn ON mesh_task (preferred_until_us)
    WHERE state = 'queued' AND preferred IS NOT NULL`,
];

function statements(sequence: string, bytes: string): string[] {
  return [
    `CREATE TABLE mesh_node (
      sequence ${sequence}, id TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL, name TEXT NOT NULL, owner_group TEXT NOT NULL,
      payee TEXT NOT NULL, trusted BIGINT NOT NULL, state TEXT NOT NULL, precision_class TEXT NOT NULL, revealed BIGINT NOT NULL,
      consecutive_valid BIGINT NOT NULL, proven_fakes BIGINT NOT NULL, held_units BIGINT NOT NULL CHECK (held_units >= 0),
      released_units BIGINT NOT NULL, forfeited_units BIGINT NOT NULL, seen_at_us BIGINT NOT NULL)`,
    'CREATE INDEX mesh_node_seen ON mesh_node (state, seen_at_us)',
    // One owner group never holds two replicas of a task: the database says so, whatever coordinators race.
    `CREATE TABLE mesh_task (
      sequence ${sequence}, id TEXT NOT NULL UNIQUE, task_group TEXT NOT NULL, kind TEXT NOT NULL, version BIGINT NOT NULL,
      kind_key TEXT NOT NULL, input_hash TEXT NOT NULL, work_units BIGINT NOT NULL, priority BIGINT NOT NULL, subject TEXT NOT NULL,
      audience TEXT NOT NULL, candidates TEXT, preferred TEXT, preferred_until_us BIGINT NOT NULL, state TEXT NOT NULL, node TEXT,
      owner_group TEXT, lease BIGINT NOT NULL, deadline_us BIGINT NOT NULL, result_hash TEXT, chunk_hashes TEXT,
      UNIQUE (task_group, owner_group))`,
    "CREATE INDEX mesh_task_queue ON mesh_task (priority DESC, sequence) WHERE state = 'queued'",
    "CREATE INDEX mesh_task_deadline ON mesh_task (deadline_us) WHERE state IN ('leased', 'committed')",
    "CREATE INDEX mesh_task_node ON mesh_task (node) WHERE state IN ('leased', 'committed')",
    "CREATE INDEX mesh_task_preferred ON mesh_task (preferred, preferred_until_us) WHERE state = 'queued'",
    'CREATE TABLE mesh_exclusion (task_group TEXT NOT NULL, owner_group TEXT NOT NULL, PRIMARY KEY (task_group, owner_group))',
    'CREATE TABLE mesh_refusal (task TEXT NOT NULL, node TEXT NOT NULL, PRIMARY KEY (task, node))',
    `CREATE TABLE mesh_check (
      sequence ${sequence}, id TEXT NOT NULL UNIQUE, task TEXT NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL,
      version BIGINT NOT NULL, input_hash TEXT NOT NULL, result_hash TEXT NOT NULL, chunks TEXT NOT NULL, purpose TEXT NOT NULL,
      done BIGINT NOT NULL)`,
    'CREATE INDEX mesh_check_open ON mesh_check (sequence) WHERE done = 0',
    `CREATE TABLE mesh_work (
      sequence ${sequence}, id TEXT NOT NULL UNIQUE, task TEXT NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL, meter TEXT NOT NULL,
      work_units BIGINT NOT NULL, payee TEXT NOT NULL, owner_group TEXT NOT NULL, subject TEXT NOT NULL, evidence TEXT NOT NULL,
      result_hash TEXT NOT NULL, accepted_at_us BIGINT NOT NULL, verified BIGINT NOT NULL, state TEXT NOT NULL)`,
    "CREATE INDEX mesh_work_held ON mesh_work (node, sequence) WHERE state = 'held'",
    'CREATE INDEX mesh_work_task ON mesh_work (task)',
    `CREATE TABLE mesh_evidence (
      sequence ${sequence}, node TEXT NOT NULL, task TEXT, at_us BIGINT NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL)`,
    'CREATE INDEX mesh_evidence_node ON mesh_evidence (node, sequence)',
    `CREATE TABLE mesh_blob (key TEXT PRIMARY KEY, bytes ${bytes} NOT NULL)`,
  ];
}
