import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { RowBatch } from './row-batch.ts';
import { describeOnEveryEngine } from './testing/every-engine.ts';

interface Item {
  readonly id: string;
  readonly amount: bigint;
  readonly remark: string | null;
}

describeOnEveryEngine('rows written together', (openFresh) => {
  async function open() {
    const { database } = await openFresh();
    await sql`CREATE TABLE item (id TEXT PRIMARY KEY, amount BIGINT NOT NULL, remark TEXT)`.execute(
      database.kysely,
    );
    const batch = new RowBatch<Item>(database, {
      table: 'item',
      key: 'id',
      columns: { id: 'text', amount: 'bigint', remark: 'text' },
    });
    const within = <T>(work: Parameters<ReturnType<typeof database.kysely.transaction>['execute']>[0]) =>
      database.kysely.transaction().execute(work) as Promise<T>;
    const rows = async () => (await sql`SELECT * FROM item ORDER BY id`.execute(database.kysely)).rows;
    return { batch, within, rows };
  }
  const item = (id: string, amount: bigint, remark: string | null = null): Item => ({ id, amount, remark });

  test('are added once; a known key keeps its row, or takes the last one given', async () => {
    const { batch, within, rows } = await open();
    const first = [item('a', 1n), item('b', 2n ** 62n, 'with "quotes", {braces} and \\')];
    expect(await within((t) => batch.insert(t, first, 'keep'))).toBe(2);
    expect(await within((t) => batch.insert(t, [item('a', 9n), item('c', 3n), item('c', 4n)], 'keep'))).toBe(
      1,
    );
    expect(await rows()).toEqual([first[0], first[1], item('c', 3n)]);
    await within((t) => batch.insert(t, [item('a', 5n), item('a', 6n, 'x')], 'replace'));
    expect(await rows()).toEqual([item('a', 6n, 'x'), first[1], item('c', 3n)]);
  });

  test('change in the columns named and no other', async () => {
    const { batch, within, rows } = await open();
    await within((t) => batch.insert(t, [item('a', 1n, 'x'), item('b', 2n, 'y')], 'keep'));
    const changed = [item('a', 7n, 'z'), item('gone', 1n), item('b', 8n), item('b', 9n)];
    await within((t) => batch.update(t, changed, ['amount']));
    expect(await rows()).toEqual([item('a', 7n, 'x'), item('b', 9n, 'y')]);
  });

  test('are none: nothing is asked of the database', async () => {
    const { batch, within } = await open();
    expect(await within((t) => batch.insert(t, [], 'keep'))).toBe(0);
    expect(await within((t) => batch.update(t, [], ['amount']))).toBe(0);
  });

  test('are undone with their transaction', async () => {
    const { batch, within, rows } = await open();
    const failing = within(async (t) => {
      await batch.insert(t, [item('a', 1n)], 'keep');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });
});
