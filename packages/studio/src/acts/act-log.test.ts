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

test('an act stands in the log as a salted hash before it is done, and its answer beside it', async () => {
  const { acts, ledger } = await open();
  const number = await acts.begin(HOLD);
  const [before] = await acts.list();
  expect(before).toMatchObject({ number: '1', ...HOLD, atUs: '1000000', status: null });
  const [entry] = await ledger.entries(BigInt(before?.leaf ?? -1), 1);
  const act: Act = { ...HOLD, atUs: '1000000' };
  expect(
    JSON.stringify(entry?.leaf, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  ).toContain(actSha256(act, before?.salt ?? ''));
  await acts.end(number, 200);
  expect((await acts.list())[0]?.status).toBe(200);
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

test('an act that the log does not take must not be done, and goes there at the next start', async () => {
  const broken = { post: async () => Promise.reject(new Error('disk full')) };
  const { acts, parts, ledger } = await open({ ledger: broken });
  await expect(acts.begin(HOLD)).rejects.toThrow('disk full');
  expect((await acts.list())[0]?.leaf).toBeNull();
  const again = await ActLog.open({ ...parts, ledger });
  expect((await again.list())[0]?.leaf).toBe('0');
  await ActLog.open({ ...parts, ledger });
  expect(await ledger.size()).toBe(1n);
});
