import type { SqliteHandle } from '@jamnet/sql';
import type { TaskRow } from '../core/rows.ts';

/** What a node committed to for one task under one lease. */
export interface LoggedCommitment {
  readonly task: string;
  readonly lease: number;
  readonly resultHash: string;
  readonly chunkHashes: readonly string[];
}

/** Each commitment by place: task, lease, hash of the result, hashes of the chunks. Written by this file alone. */
type Line = readonly [string, number, string, readonly string[]];

/**
 * Commitments as they came, one row a message: the tasks' own rows are written once, when the result is there. For the
 * embedded database, within its transactions.
 */
export class CommitmentLog {
  readonly #add;
  readonly #remove;
  readonly #all;
  readonly #clear;

  constructor({ sqlite }: SqliteHandle) {
    this.#add = sqlite.prepare('INSERT INTO mesh_commitment (items) VALUES (?)');
    this.#remove = sqlite.prepare('DELETE FROM mesh_commitment WHERE sequence = ?');
    this.#all = sqlite.prepare('SELECT items FROM mesh_commitment ORDER BY sequence');
    this.#clear = sqlite.prepare('DELETE FROM mesh_commitment');
  }

  /** The entry's number. */
  add(rows: readonly TaskRow[]): number {
    const lines = rows.map(({ id, lease, resultHash, chunkHashes }) => [id, lease, resultHash, chunkHashes]);
    return Number(this.#add.run(JSON.stringify(lines)).lastInsertRowid);
  }

  remove(entry: number): void {
    this.#remove.run(entry);
  }

  /** Of each task the last. */
  all(): Map<string, LoggedCommitment> {
    const last = new Map<string, LoggedCommitment>();
    for (const { items } of this.#all.all()) {
      for (const [task, lease, resultHash, chunkHashes] of JSON.parse(String(items)) as Line[])
        last.set(task, { task, lease, resultHash, chunkHashes });
    }
    return last;
  }

  clear(): void {
    this.#clear.run();
  }
}
