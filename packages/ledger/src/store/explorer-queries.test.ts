import { seededChance } from '@jamnet/base';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { drawQuestions, planOf } from '../bench/explorer-questions.ts';
import { explorerQueries } from './explorer-queries.ts';
import { openLedger } from './ledger.ts';

const NOW = 1_790_000_000_000_000n;
const PAYEES = ['payee:a:JAM', 'payee:b:JAM', 'payee:c:JAM'];

describeOnEveryEngine('looking through the books', (openFresh, engine) => {
  async function filled() {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const outside = { owner: 'x', asset: 'JAM', kind: 'external', floor: null } as const;
    await ledger.openAccounts(
      NOW,
      ['studio:JAM', ...PAYEES].map((code) => ({ code, ...outside })),
    );
    await ledger.post(
      NOW,
      [1n, 2n, 3n, 4n, 5n].map((amount) => ({
        key: `issue:${amount}`,
        kind: 'epoch.issue',
        legs: [
          { account: 'studio:JAM', amount: -amount },
          { account: 'payee:a:JAM', amount: amount - 1n === 0n ? amount : amount - 1n },
          ...(amount - 1n === 0n ? [] : [{ account: 'payee:b:JAM', amount: 1n }]),
        ],
      })),
    );
    return { database, ledger };
  }

  test('an account’s moves come newest first, page by page, each with the balance after it', async () => {
    const { ledger } = await filled();
    const first = await ledger.moves('payee:a:JAM', null, 2);
    expect(first).toEqual([
      { entryIndex: 8n, legNumber: 1n, amount: 4n, balance: 11n },
      { entryIndex: 7n, legNumber: 1n, amount: 3n, balance: 7n },
    ]);
    const second = await ledger.moves('payee:a:JAM', first?.[1] ?? null, 10);
    expect(second?.map(({ entryIndex, balance }) => [entryIndex, balance])).toEqual([
      [6n, 4n],
      [5n, 2n],
      [4n, 1n],
    ]);
    expect(await ledger.moves('payee:a:JAM', second?.at(-1) ?? null, 10)).toEqual([]);
    expect(await ledger.moves('payee:c:JAM', null, 10)).toEqual([]);
  });

  test('an account that is not open has no moves, not even none', async () => {
    const { ledger } = await filled();
    expect(await ledger.moves('payee:z:JAM', null, 10)).toBeNull();
  });

  test('accounts are listed by the beginning of their code, as many as asked for', async () => {
    const { ledger } = await filled();
    const codes = async (prefix: string, after?: string, limit?: number) =>
      (await ledger.balances(prefix, after, limit)).map(({ code }) => code);
    expect(await codes('payee:', '', 2)).toEqual(PAYEES.slice(0, 2));
    expect(await codes('payee:', PAYEES[1], 2)).toEqual(PAYEES.slice(2));
    expect(await codes('', '', 1)).toEqual(['payee:a:JAM']);
  });

  test('no query reads more of the books than it shows', async () => {
    const { database } = await filled();
    const ground = { accounts: [{ id: 1n, code: 'payee:a:JAM' }], keys: ['issue:3'], size: 9n };
    const questions = drawQuestions(database, ground, seededChance('plans'));
    expect(questions.map(({ name }) => name)).toEqual(Object.keys(explorerQueries));
    for (const { name, query } of questions) {
      const plan = await planOf(database, query, true);
      expect(plan, `${name}: ${plan}`).toMatch(engine === 'sqlite' ? /^SEARCH / : /Index/);
      expect(plan, `${name}: ${plan}`).not.toMatch(/\bSCAN\b|TEMP B-TREE|Seq Scan|Sort\b/);
    }
  });
});
