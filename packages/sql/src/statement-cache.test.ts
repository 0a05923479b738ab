import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { STATEMENTS_MAX, StatementCache } from './statement-cache.ts';

test('a statement is prepared once, and the one not used for longest goes when the cache is full', () => {
  const cache = new StatementCache(new DatabaseSync(':memory:'));
  const first = cache.get('select 0');
  const second = cache.get('select 1');
  for (let n = 2; n < STATEMENTS_MAX; n++) cache.get(`select ${n}`);
  expect(cache.get('select 0')).toBe(first);
  cache.get('select 256');
  expect(cache.size).toBe(STATEMENTS_MAX);
  expect(cache.get('select 0')).toBe(first);
  expect(cache.get('select 1')).not.toBe(second);
});

test('a kept statement sees a column that was added after it was prepared, and answers integers as bigint', () => {
  const connection = new DatabaseSync(':memory:');
  connection.exec('create table t (a integer); insert into t values (1)');
  const cache = new StatementCache(connection);
  expect(cache.get('select * from t').all()).toMatchObject([{ a: 1n }]);
  connection.exec('alter table t add column b integer default 2');
  expect(cache.get('select * from t').all()).toMatchObject([{ a: 1n, b: 2n }]);
});

test('rows that are still being read are not disturbed by the same query asked again', () => {
  const connection = new DatabaseSync(':memory:');
  connection.exec('create table t (a integer); insert into t values (1), (2), (3)');
  const cache = new StatementCache(connection);
  const seen: unknown[] = [];
  for (const row of cache.fresh('select a from t order by a').iterate())
    seen.push(row, ...cache.get('select a from t order by a').all());
  expect(seen).toHaveLength(12);
});
