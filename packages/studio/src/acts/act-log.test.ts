import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { expect, test } from 'vitest';
import { type Act, ActLog, type ActParts, actSha256 } from './act-log.ts';

const HOLD = {
  actor: 'member-1',
  role: 'operator',
  method: 'POST',
  route: '/api/payees/:payee/holds',
  parameters: { payee: `p${'0'.repeat(32)}` },
  bodySha256: 'ab'.repeat(32),
};

async function open(changes: Partial<ActParts> = {}) {
  const database = openSqlite({ file: ':memory:' });
  const ledger = await openLedger(database);
  let salts = 0;
  const parts: ActParts = {
    database,
    ledger,
    nowUs: () => 1_000_000n,
    newSalt: () => `${salts++}`.padStart(32, '0'),
    ...changes,
  };
  return { database, ledger, parts, acts: await ActLog.open(parts) };
}

test('an act is kept before it is done, and stands in the log as a salted hash once it is', async () => {
  const { acts, ledger } = await open();
  const number = await acts.begin(HOLD);
  expect((await acts.list())[0]).toMatchObject({
    number: '1',
    ...HOLD,
    atUs: '1000000',
    leaf: null,
    status: null,
  });
  await acts.end(number, 200);
  const [done] = await acts.list();
  expect(done).toMatchObject({ leaf: '0', status: 200 });
  const [entry] = await ledger.entries(0n, 1);
  const act: Act = { ...HOLD, atUs: '1000000' };
  expect(entry?.leaf).toMatchObject({ kind: 'operator-act', sha256: actSha256(act, done?.salt ?? '') });
});

test('what was refused changed nothing and is in no leaf; what failed may have, and is', async () => {
  const { acts, ledger } = await open();
  for (const status of [422, 403, 500]) await acts.end(await acts.begin(HOLD), status);
  expect((await acts.list()).map(({ status, leaf }) => [status, leaf])).toEqual([
    [500, '0'],
    [403, null],
    [422, null],
  ]);
  expect(await ledger.size()).toBe(1n);
});

test('a changed word of an act gives another hash', () => {
  const act: Act = { ...HOLD, atUs: '1' };
  expect(actSha256({ ...act, actor: 'member-2' }, '00')).not.toBe(actSha256(act, '00'));
});

test('acts at once are numbered one after the other and listed newest first, page by page', async () => {
  const { acts } = await open();
  await Promise.all(Array.from({ length: 5 }, () => acts.begin(HOLD)));
  expect((await acts.list(null, 3)).map(({ number }) => number)).toEqual(['5', '4', '3']);
  expect((await acts.list(3n)).map(({ number }) => number)).toEqual(['2', '1']);
});

test('acts whose end nobody saw, or which the log did not take, go there at the next start, once', async () => {
  const broken = { post: async () => Promise.reject(new Error('disk full')) };
  const { acts, parts, ledger } = await open({ ledger: broken });
  await acts.begin(HOLD);
  await expect(acts.end(await acts.begin(HOLD), 200)).rejects.toThrow('disk full');
  await acts.end(await acts.begin(HOLD), 422);
  for (let start = 0; start < 2; start++) {
    const again = await ActLog.open({ ...parts, ledger });
    expect((await again.list()).map(({ leaf }) => leaf)).toEqual([null, '1', '0']);
  }
  expect(await ledger.size()).toBe(2n);
});
