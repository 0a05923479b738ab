import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, inject } from 'vitest';
import type { Database } from '../database.ts';
import { openPostgres } from '../postgres.ts';
import { openSqlite } from '../sqlite.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the PostgreSQL server that the test run started, with the right to create databases. */
    postgresUrl: string;
  }
}

/** Opens a new, empty database; `reopen` opens the same one again, as after a restart. */
export interface FreshDatabase {
  readonly database: Database;
  reopen(): Promise<Database>;
}

/** Runs one contract suite on every engine. What the suite opens is closed and removed after each test. */
export function describeOnEveryEngine(
  name: string,
  suite: (openFresh: () => Promise<FreshDatabase>, engine: Database['engine']) => void,
): void {
  for (const engine of ['sqlite', 'postgres'] as const) {
    describe(`${name} on ${engine}`, () => {
      const cleanups: (() => Promise<void>)[] = [];
      afterEach(async () => {
        for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
      });
      suite(() => (engine === 'sqlite' ? freshSqlite(cleanups) : freshPostgres(cleanups)), engine);
    });
  }
}

async function freshSqlite(cleanups: (() => Promise<void>)[]): Promise<FreshDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-sqlite-'));
  cleanups.push(async () => rmSync(directory, { recursive: true, force: true }));
  return reopenable(cleanups, () => openSqlite({ file: join(directory, 'test.sqlite') }));
}

async function freshPostgres(cleanups: (() => Promise<void>)[]): Promise<FreshDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  // By copying files: a small part of the time that writing every page to the log takes.
  await onServer(server, `CREATE DATABASE ${name} STRATEGY FILE_COPY`);
  cleanups.push(() => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return reopenable(cleanups, () => openPostgres({ url: url.href }));
}

async function reopenable(cleanups: (() => Promise<void>)[], open: () => Database): Promise<FreshDatabase> {
  let current = open();
  cleanups.push(() => current.close());
  return {
    database: current,
    async reopen() {
      await current.close();
      current = open();
      return current;
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
