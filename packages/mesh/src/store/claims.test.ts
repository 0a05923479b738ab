import { type Database, openSqlite } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import type { CheckRow } from '../core/rows.ts';
import { openMeshStore } from './sql-store.ts';

function check(number: number): CheckRow {
  return {
    id: `c${number}`,
    task: `t${number}`,
    node: 'n',
    kind: 'test.scale',
    version: 1,
    inputHash: '',
    resultHash: '',
    chunks: [number],
    purpose: 'gate',
    done: false,
  };
}

const numbers = (checks: readonly CheckRow[]) => checks.map(({ id }) => Number(id.slice(1)));

describeOnEveryEngine('checks that trusted hosts take', (openFresh) => {
  async function open(database: Database) {
    const store = await openMeshStore(database);
    const claim = (nowUs: bigint, limit: number) =>
      store.transaction((tables) => tables.claimChecks(nowUs, nowUs + 100n, limit));
    return { store, claim };
  }

  test('go to one host at a time, oldest first, and to another when the first was silent for too long', async () => {
    const { store, claim } = await open((await openFresh()).database);
    await store.transaction((tables) => tables.insertChecks([1, 2, 3, 4, 5].map(check)));
    const both = await Promise.all([claim(1000n, 2), claim(1000n, 2)]);
    expect(both.flatMap(numbers).sort()).toEqual([1, 2, 3, 4]);
    expect(numbers(await claim(1000n, 9))).toEqual([5]);
    expect(await claim(1099n, 9)).toEqual([]);
    await store.transaction((tables) => tables.saveCheck({ ...check(2), done: true }));
    expect(await claim(1100n, 9)).toEqual([1, 3, 4, 5].map(check));
  });
});

test('an embedded coordinator that starts again takes at once what its process was at', async () => {
  const database = openSqlite({ file: ':memory:' });
  const first = await openMeshStore(database);
  await first.transaction((tables) => tables.insertChecks([check(1)]));
  await first.transaction((tables) => tables.claimChecks(0n, 10n ** 15n, 9));
  const again = await openMeshStore(database);
  expect(numbers(await again.transaction((tables) => tables.claimChecks(0n, 1n, 9)))).toEqual([1]);
  await database.close();
});
