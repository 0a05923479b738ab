import type { StatementSync } from 'node:sqlite';
import { type Database, openSqlite } from '@jamnet/sql';
import { SimulatedCrash } from './crashing-files.ts';

export type DatabaseBug = 'lost-update' | 'flipped-leaf' | 'forgotten-keys' | 'forgotten-holds';

/** SQLite in a file, whose process dies at a chosen statement of a transaction; what was not committed is gone. */
export class CrashingDatabase {
  readonly #file: string;
  readonly #bug: string | null;
  #runsLeft = Number.POSITIVE_INFINITY;
  #updates = 0;
  #open: Database | null = null;

  constructor(file: string, bug: string | null) {
    this.#file = file;
    this.#bug = bug;
  }

  crashAfter(statements: number): void {
    this.#runsLeft = statements;
  }

  /** A new process: the old connection is closed, the file opened again. */
  async restart(): Promise<Database> {
    this.#runsLeft = Number.POSITIVE_INFINITY;
    await this.#open?.close();
    const real = openSqlite({ file: this.#file });
    if (real.engine !== 'sqlite') throw new Error('openSqlite opens SQLite');
    // The simulated crash is of the process, not of the machine, so nothing needs to reach the disk.
    real.sqlite.exec('PRAGMA synchronous=OFF');
    const sqlite = new Proxy(real.sqlite, {
      get: (target, name) => {
        if (name === 'prepare') return (sql: string) => this.#statement(sql, target.prepare(sql));
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    this.#open = { ...real, sqlite };
    return this.#open;
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }

  #statement(sql: string, real: StatementSync): StatementSync {
    return new Proxy(real, {
      get: (target, name) => {
        if (name === 'run')
          return (...values: Parameters<StatementSync['run']>) => this.#run(sql, target, values);
        if (name === 'all' && this.#forgets(sql)) return () => [];
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  #run(sql: string, statement: StatementSync, values: Parameters<StatementSync['run']>) {
    if (--this.#runsLeft === 0) throw new SimulatedCrash();
    if (this.#bug === 'lost-update' && sql.startsWith('UPDATE ledger_account') && ++this.#updates === 12) {
      return { changes: 0, lastInsertRowid: 0 };
    }
    if (this.#bug === 'flipped-leaf' && sql.startsWith('INSERT INTO ledger_leaf') && ++this.#updates === 12) {
      const leaf = values[2];
      // The last byte of a leaf is the end of an amount, an outcome or a hash.
      if (leaf instanceof Uint8Array) leaf[leaf.length - 1] = (leaf[leaf.length - 1] ?? 0) ^ 1;
    }
    return statement.run(...values);
  }

  #forgets(sql: string): boolean {
    if (this.#bug === 'forgotten-keys') return sql.includes('FROM ledger_leaf WHERE key');
    return this.#bug === 'forgotten-holds' && sql.includes('settled_by IS NULL AND expires_at_us');
  }
}
