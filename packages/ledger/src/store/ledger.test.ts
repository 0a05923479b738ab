import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  type AccountRequest,
  type Answer,
  BATCH_REQUESTS_MAX,
  type EntryRequest,
  type Request,
} from '../core/requests.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { QUEUED_REQUESTS_MAX } from './poster.ts';

const NOW = 1_790_000_000_000_000n;
const ACCOUNTS: readonly AccountRequest[] = [
  { code: 'outside:USD', owner: 'world', asset: 'USD', kind: 'external', floor: null },
  { code: 'reserve:USD', owner: 'studio', asset: 'USD', kind: 'reserve', floor: 0n },
  { code: 'studio:authorised:JAM', owner: 'studio', asset: 'JAM', kind: 'external', floor: null },
  { code: 'pool:JAM', owner: 'studio', asset: 'JAM', kind: 'pool', floor: 0n },
  { code: 'payee:a:JAM', owner: 'a', asset: 'JAM', kind: 'person', floor: 0n },
  { code: 'payee:b:JAM', owner: 'b', asset: 'JAM', kind: 'person', floor: -10n },
];

function move(
  key: string,
  from: string,
  to: string,
  amount: bigint,
  more: Partial<EntryRequest> = {},
): EntryRequest {
  const legs = [
    { account: from, amount: -amount },
    { account: to, amount },
  ];
  return { key, kind: 'test.move', legs, ...more };
}

function fund(key: string, amount: bigint): EntryRequest {
  return move(key, 'studio:authorised:JAM', 'payee:a:JAM', amount);
}

function codes(answers: readonly Answer[]): string[] {
  return answers.map((answer) => (answer.ok ? (answer.repeated ? 'repeated' : 'ok') : answer.code));
}

describeOnEveryEngine('the ledger', (openFresh, engine) => {
  async function opened(): Promise<{ ledger: Ledger; fresh: Awaited<ReturnType<typeof openFresh>> }> {
    const fresh = await openFresh();
    const ledger = await openLedger(fresh.database);
    expect(codes(await ledger.openAccounts(NOW, ACCOUNTS))).toEqual(ACCOUNTS.map(() => 'ok'));
    return { ledger, fresh };
  }

  test('moves balances, numbers leaves without gaps and answers balances at any past entry', async () => {
    const { ledger } = await opened();
    const answers = await ledger.post(NOW, [fund('f1', 100n), move('m1', 'payee:a:JAM', 'payee:b:JAM', 30n)]);
    expect(answers).toEqual([
      { ok: true, index: 6n, acceptedAtUs: NOW, repeated: false },
      { ok: true, index: 7n, acceptedAtUs: NOW, repeated: false },
    ]);
    expect(await ledger.balance('payee:a:JAM')).toBe(70n);
    expect(await ledger.balanceAt('payee:a:JAM', 6n)).toBe(100n);
    expect(await ledger.balanceAt('payee:a:JAM', 5n)).toBe(0n);
    expect(await ledger.balanceAt('payee:a:JAM', 3n)).toBeNull();
    expect(await ledger.balanceAt('payee:a:JAM', 8n)).toBeNull();
    expect(await ledger.size()).toBe(8n);
    expect((await ledger.balances('payee:')).map(({ code, balance }) => [code, balance])).toEqual([
      ['payee:a:JAM', 70n],
      ['payee:b:JAM', 30n],
    ]);
  });

  test('answers a repeated key as the first time, in the same batch, later and after a restart', async () => {
    const { ledger, fresh } = await opened();
    const [first, again] = await ledger.post(NOW, [fund('f1', 5n), fund('f1', 5n)]);
    const once = { ok: true, index: 6n, acceptedAtUs: NOW };
    expect([first, again]).toEqual([
      { ...once, repeated: false },
      { ...once, repeated: true },
    ]);
    expect(await ledger.post(NOW + 9n, [fund('f1', 5n)])).toEqual([{ ...once, repeated: true }]);
    const reopened = await openLedger(await fresh.reopen());
    expect(await reopened.post(NOW + 99n, [fund('f1', 5n)])).toEqual([{ ...once, repeated: true }]);
    expect(await reopened.balance('payee:a:JAM')).toBe(5n);
  });

  test('refuses a known key with any other body', async () => {
    const { ledger } = await opened();
    await ledger.post(NOW, [fund('k', 5n)]);
    const others: Request[] = [
      fund('k', 6n),
      { ...fund('k', 5n), kind: 'other' },
      { ...fund('k', 5n), evidence: 'ab'.repeat(32) },
      { ...fund('k', 5n), state: 'pending' },
      { key: 'k', record: { kind: 'policy', sha256: '00'.repeat(32) } },
      { key: 'k', settle: 'k', as: 'voided' },
    ];
    expect(codes(await ledger.post(NOW, others))).toEqual(others.map(() => 'key-reused'));
    expect(await ledger.size()).toBe(7n);
  });

  test('posts as many entries in one call as a call holds', async () => {
    const { ledger } = await opened();
    const answers = await ledger.post(
      NOW,
      Array.from({ length: BATCH_REQUESTS_MAX }, (_, i) => fund(`k${i}`, 1n)),
    );
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(await ledger.balance('payee:a:JAM')).toBe(BigInt(BATCH_REQUESTS_MAX));
    expect(await ledger.balanceAt('payee:a:JAM', 6n + 4_999n)).toBe(5_000n);
  });

  test('lets a chained group stand or fall together', async () => {
    const { ledger } = await opened();
    const answers = await ledger.post(NOW, [
      { ...fund('c1', 10n), chainedToNext: true },
      { ...fund('c2', 10n), state: 'pending', chainedToNext: true },
      move('c3', 'payee:a:JAM', 'pool:JAM', 99n),
      { ...fund('d1', 7n), chainedToNext: true },
      move('d2', 'payee:a:JAM', 'pool:JAM', 7n),
    ]);
    expect(codes(answers)).toEqual(['chain-broken', 'chain-broken', 'below-floor', 'ok', 'ok']);
    expect(answers[3]).toMatchObject({ index: 6n });
    expect(await ledger.balance('pool:JAM')).toBe(7n);
    expect(await ledger.account('studio:authorised:JAM')).toMatchObject({ balance: -7n, held: 0n });
    expect(codes(await ledger.post(NOW, [fund('c1', 11n)]))).toEqual(['ok']);
  });

  test('holds reserve debits, then post or void once', async () => {
    const { ledger } = await opened();
    await ledger.post(NOW, [fund('f', 100n)]);
    const hold = (key: string, amount: bigint) =>
      move(key, 'payee:a:JAM', 'pool:JAM', amount, { state: 'pending' });
    expect(codes(await ledger.post(NOW, [hold('h1', 60n), hold('h2', 60n), hold('h3', 40n)]))).toEqual([
      'ok',
      'below-floor',
      'ok',
    ]);
    expect(await ledger.account('payee:a:JAM')).toMatchObject({ balance: 100n, held: 100n });
    const settled = await ledger.post(NOW, [
      { key: 's1', settle: 'h1', as: 'posted' },
      { key: 's3', settle: 'h3', as: 'voided' },
      { key: 's1b', settle: 'h1', as: 'voided' },
      { key: 's1', settle: 'h1', as: 'posted' },
      { key: 's1', settle: 'h3', as: 'posted' },
    ]);
    expect(codes(settled)).toEqual(['ok', 'ok', 'pending-settled', 'repeated', 'key-reused']);
    expect(await ledger.account('payee:a:JAM')).toMatchObject({ balance: 40n, held: 0n });
    expect(await ledger.balance('pool:JAM')).toBe(60n);
  });

  test('a hold that expires is void from that moment and frees what it reserved', async () => {
    const { ledger } = await opened();
    await ledger.post(NOW, [fund('f', 100n)]);
    const hold = move('h', 'payee:a:JAM', 'pool:JAM', 100n, { state: 'pending', expiresAtUs: NOW + 10n });
    await ledger.post(NOW, [hold]);
    expect(codes(await ledger.post(NOW + 9n, [move('m', 'payee:a:JAM', 'pool:JAM', 1n)]))).toEqual([
      'below-floor',
    ]);
    const later = await ledger.post(NOW + 10n, [
      { key: 's', settle: 'h', as: 'posted' },
      move('m', 'payee:a:JAM', 'pool:JAM', 1n),
    ]);
    expect(codes(later)).toEqual(['pending-settled', 'ok']);
    const expiry = (await ledger.entries(8n, 1))[0]?.leaf;
    expect(expiry).toMatchObject({ type: 'settlement', key: '', pendingIndex: 7n, outcome: 'expired' });
    expect(await ledger.account('payee:a:JAM')).toMatchObject({ balance: 99n, held: 0n });
  });

  test('expires more holds than one transaction sweeps', async () => {
    const { ledger } = await opened();
    await ledger.post(NOW, [fund('f', 2_000n)]);
    const more = { state: 'pending', expiresAtUs: NOW + 10n } as const;
    const holds = Array.from({ length: 1_500 }, (_, i) => move(`h${i}`, 'payee:a:JAM', 'pool:JAM', 1n, more));
    await ledger.post(NOW, holds);
    expect(codes(await ledger.post(NOW + 20n, [{ key: 's', settle: 'h1400', as: 'posted' }]))).toEqual([
      'pending-settled',
    ]);
    await ledger.post(NOW + 20n, []);
    expect(await ledger.account('payee:a:JAM')).toMatchObject({ balance: 2_000n, held: 0n });
  });

  test('fixes a document by a leaf without legs', async () => {
    const { ledger } = await opened();
    const record = { kind: 'policy', sha256: 'ab'.repeat(32) };
    expect(codes(await ledger.post(NOW, [{ key: 'policy:1', record }]))).toEqual(['ok']);
    expect((await ledger.entryByKey('policy:1'))?.leaf).toMatchObject({ type: 'record', ...record });
    expect(await ledger.entryByKey('policy:2')).toBeNull();
  });

  test('never lets the time of a leaf run backwards', async () => {
    const { ledger } = await opened();
    await ledger.post(NOW + 50n, [fund('a', 1n)]);
    expect(await ledger.post(NOW, [fund('b', 1n)])).toMatchObject([{ ok: true, acceptedAtUs: NOW + 50n }]);
  });

  test('opens an account once: the same request again is answered as the first time', async () => {
    const { ledger } = await opened();
    const again = await ledger.openAccounts(NOW + 5n, ACCOUNTS);
    expect(again).toEqual(
      ACCOUNTS.map((_, i) => ({ ok: true, index: BigInt(i), acceptedAtUs: NOW, repeated: true })),
    );
    expect(await ledger.size()).toBe(6n);
  });

  test('answers calls that arrive together as if they had come one after the other', async () => {
    const { ledger } = await opened();
    const calls = Array.from({ length: 40 }, (_, i) =>
      ledger.post(NOW + BigInt(i), [fund(`k${i % 20}`, 3n)]),
    );
    const outcomes = (await Promise.all(calls)).flatMap(codes);
    expect(outcomes).toEqual([...Array(20).fill('ok'), ...Array(20).fill('repeated')]);
    expect(await ledger.balance('payee:a:JAM')).toBe(60n);
  });

  test('queues as many requests as its limit behind the call under way, and not one more', async () => {
    const { ledger } = await opened();
    const batch = Array.from({ length: BATCH_REQUESTS_MAX }, () => ({
      key: 'same key',
      kind: 'x',
      legs: [],
    }));
    const waiting = QUEUED_REQUESTS_MAX / BATCH_REQUESTS_MAX;
    const calls = Array.from({ length: 1 + waiting }, () => ledger.post(NOW, batch));
    const tooMuch = await ledger.post(NOW, [fund('later', 1n)]);
    expect(codes(tooMuch)).toEqual(['ledger-busy']);
    const outcomes = (await Promise.all(calls)).map((answers) => new Set(codes(answers)));
    expect(outcomes).toEqual(calls.map(() => new Set(['key-malformed'])));
    expect(codes(await ledger.post(NOW, [fund('later', 1n)]))).toEqual(['ok']);
  });

  test('the journal refuses UPDATE and DELETE, and TRUNCATE where it exists', async () => {
    const { ledger, fresh } = await opened();
    await ledger.post(NOW, [fund('f', 5n), move('h', 'payee:a:JAM', 'pool:JAM', 1n, { state: 'pending' })]);
    await ledger.post(NOW, [{ key: 's', settle: 'h', as: 'voided' }]);
    const attempts = [
      'UPDATE ledger_leaf SET key = NULL',
      'DELETE FROM ledger_leaf',
      'UPDATE ledger_leg SET amount = 1',
      'DELETE FROM ledger_leg',
      'DELETE FROM ledger_account',
      "UPDATE ledger_account SET floor = NULL WHERE code = 'pool:JAM'",
      "UPDATE ledger_account SET code = 'x:JAM' WHERE code = 'pool:JAM'",
      'UPDATE ledger_hold SET settled_by = NULL',
      'DELETE FROM ledger_hold',
      'UPDATE ledger_head SET size = 1',
    ];
    if (engine === 'postgres')
      attempts.push('TRUNCATE ledger_leaf', 'TRUNCATE ledger_leg', 'TRUNCATE ledger_account CASCADE');
    else attempts.push("INSERT OR REPLACE INTO ledger_leaf VALUES (7, 'f', x'00')");
    for (const attempt of attempts) {
      await expect(sql.raw(attempt).execute(fresh.database.kysely), attempt).rejects.toThrow('append-only');
    }
    await expect(
      sql
        .raw("UPDATE ledger_account SET balance = -1 WHERE code = 'pool:JAM'")
        .execute(fresh.database.kysely),
    ).rejects.toThrow(/constraint/i);
  });
});
