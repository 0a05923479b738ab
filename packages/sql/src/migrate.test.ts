import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { planSchemas, ROWS_ONLINE_MAX } from './plan/plan-schemas.ts';
import type { MigrationStep } from './schema.ts';
import { journalledSteps } from './schema-journal.ts';
import { describeOnEveryEngine } from './testing/every-engine.ts';

const FIRST: Readonly<Record<string, MigrationStep>> = {
  '001-song': async (kysely) => {
    await sql`CREATE TABLE shelf_song (id BIGINT PRIMARY KEY, title TEXT NOT NULL)`.execute(kysely);
  },
};
const BOTH: Readonly<Record<string, MigrationStep>> = {
  ...FIRST,
  '002-length': async (kysely) => {
    await sql`ALTER TABLE shelf_song ADD COLUMN length_ms BIGINT NOT NULL DEFAULT 0`.execute(kysely);
    const songs = await sql<{ id: bigint }>`SELECT id FROM shelf_song`.execute(kysely);
    for (const { id } of songs.rows)
      await sql`UPDATE shelf_song SET length_ms = 7 WHERE id = ${id}`.execute(kysely);
  },
};
const DROPPED: Readonly<Record<string, MigrationStep>> = {
  ...FIRST,
  '002-gone': async (kysely) => {
    await sql`DROP TABLE shelf_song`.execute(kysely);
  },
};
const BROKEN: Readonly<Record<string, MigrationStep>> = {
  ...FIRST,
  '002-half': async (kysely) => {
    await sql`CREATE TABLE shelf_half (id BIGINT PRIMARY KEY)`.execute(kysely);
    await sql`UPDATE shelf_song SET title = 'lost'`.execute(kysely);
    throw new Error('planted');
  },
};

async function fill({ kysely }: Database, songs: number): Promise<void> {
  await sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${sql.lit(songs)})
    INSERT INTO shelf_song (id, title) SELECT i, 'a' FROM n`.execute(kysely);
}

const titles = async ({ kysely }: Database): Promise<unknown[]> =>
  (await sql`SELECT DISTINCT title FROM shelf_song`.execute(kysely)).rows;

describeOnEveryEngine('steps of a schema', (openFresh, engine) => {
  test('are done once each, whoever else comes at the same time, and stand in the journal', async () => {
    const { database } = await openFresh();
    const both = await Promise.all([migrate(database, 'shelf', BOTH), migrate(database, 'shelf', BOTH)]);
    expect(both.flat().sort()).toEqual(['001-song', '002-length']);
    expect(await journalledSteps(database)).toMatchObject([
      { store: 'shelf', step: '001-song' },
      { store: 'shelf', step: '002-length' },
    ]);
    expect(await migrate(database, 'shelf', BOTH)).toEqual([]);
  });

  test('leave nothing behind when they break in the middle, and run when they are mended', async () => {
    const { database } = await openFresh();
    await migrate(database, 'shelf', FIRST);
    await fill(database, 3);
    await expect(migrate(database, 'shelf', BROKEN)).rejects.toMatchObject({ code: 'migration-failed' });
    expect(await titles(database)).toEqual([{ title: 'a' }]);
    expect(await journalledSteps(database)).toHaveLength(1);
    const mended = { ...FIRST, '002-half': async () => undefined };
    expect(await migrate(database, 'shelf', mended)).toEqual(['002-half']);
  });

  test('of a newer release are refused by name, and nothing is done', async () => {
    const { database } = await openFresh();
    await migrate(database, 'shelf', BOTH);
    const older = { ...FIRST, '000-never': async () => Promise.reject(new Error('was run')) };
    await expect(migrate(database, 'shelf', older)).rejects.toMatchObject({
      code: 'schema-too-new',
      message: expect.stringContaining('shelf 002-length'),
    });
    const others = [{ store: 'other', steps: FIRST }];
    await expect(planSchemas(database, others)).rejects.toMatchObject({ code: 'schema-too-new' });
  });

  test('are planned with the rows they touch, without writing', async () => {
    const { database } = await openFresh();
    await migrate(database, 'shelf', FIRST);
    await fill(database, 5);
    const [step, ...others] = await planSchemas(database, [{ store: 'shelf', steps: BOTH }]);
    expect(others).toEqual([]);
    expect(step).toEqual({
      ...{ store: 'shelf', step: '002-length', isOnline: true },
      changes: [
        { kind: 'add-column', table: 'shelf_song', statements: 1, rows: 0 },
        { kind: 'update', table: 'shelf_song', statements: 5, rows: 5 },
      ],
    });
    expect(await migrate(database, 'shelf', BOTH)).toEqual(['002-length']);
  });

  test('that take away what an older process reads, or rewrite a large table, are not for beside it', async () => {
    const { database } = await openFresh();
    await migrate(database, 'shelf', FIRST);
    await fill(database, engine === 'sqlite' ? ROWS_ONLINE_MAX : ROWS_ONLINE_MAX + 1);
    const indexed: Readonly<Record<string, MigrationStep>> = {
      ...FIRST,
      '002-index': async (kysely) => {
        await sql`CREATE INDEX shelf_song_title ON shelf_song (title)`.execute(kysely);
      },
    };
    const online = async (steps: Readonly<Record<string, MigrationStep>>) =>
      (await planSchemas(database, [{ store: 'shelf', steps }])).map(({ isOnline }) => isOnline);
    expect(await online(DROPPED)).toEqual([false]);
    expect(await online(indexed)).toEqual([engine === 'sqlite']);
  });
});
