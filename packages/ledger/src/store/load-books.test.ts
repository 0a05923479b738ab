import { migrate } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import type { AccountState } from '../core/books.ts';
import { ACCOUNTS_CACHED_MAX, loadBooks } from './load-books.ts';
import { sqliteJournal } from './sqlite-journal.ts';

function accounts(count: number): Map<string, AccountState> {
  const floor = null;
  return new Map(
    Array.from({ length: count }, (_, id) => {
      const code = `a${id}:JAM`;
      return [code, { id, code, asset: 'JAM', floor, balance: 0n, held: 0n }];
    }),
  );
}

describeOnEveryEngine('the accounts kept between transactions', (openFresh, engine) => {
  test.runIf(engine === 'sqlite')('are read anew once they are as many as their limit', async () => {
    const { database } = await openFresh();
    if (database.engine !== 'sqlite') throw new Error('asked for SQLite');
    const journal = sqliteJournal(database);
    await migrate(database, 'ledger', journal.steps);
    const loadedWith = (count: number) =>
      journal.transaction((session) =>
        loadBooks(session, { size: 0n, accounts: accounts(count) }, 1n, [], []),
      );
    expect((await loadedWith(ACCOUNTS_CACHED_MAX - 1)).accounts.size).toBe(ACCOUNTS_CACHED_MAX - 1);
    expect((await loadedWith(ACCOUNTS_CACHED_MAX)).accounts.size).toBe(0);
  });
});
