import { expect, test } from 'vitest';
import { encodeLeaf } from './encode-leaf.ts';
import type { Leaf } from './leaf.ts';
import { Replay } from './replay.ts';

const account = (code: string): Uint8Array =>
  encodeLeaf({ type: 'account', acceptedAtUs: 1n, code, asset: 'JAM', kind: 'external', floor: null });

const hold = (key: string): Uint8Array => {
  const legs = [
    { account: 'a:JAM', amount: -1n },
    { account: 'b:JAM', amount: 1n },
  ];
  const leaf: Leaf = {
    type: 'entry',
    acceptedAtUs: 2n,
    state: 'pending',
    key,
    kind: 'test',
    evidence: null,
    expiresAtUs: null,
    legs,
  };
  return encodeLeaf(leaf);
};

test('a replay keeps as many accounts as its limit and refuses one more, unchanged', () => {
  const books = new Replay({ accountsMax: 2 });
  expect([books.apply(account('a:JAM')).ok, books.apply(account('b:JAM')).ok]).toEqual([true, true]);
  expect(books.apply(account('c:JAM'))).toMatchObject({ ok: false, code: 'replay-too-large' });
  expect([books.size, [...books.accounts()].length]).toEqual([2n, 2]);
});

test('a replay keeps as many open holds as its limit; one that ends makes room', () => {
  const books = new Replay({ holdsMax: 2 });
  for (const leaf of [account('a:JAM'), account('b:JAM'), hold('h1'), hold('h2')])
    expect(books.apply(leaf).ok).toBe(true);
  expect(books.apply(hold('h3'))).toMatchObject({ ok: false, code: 'replay-too-large' });
  expect([books.size, books.openHolds, books.account('a:JAM')?.held]).toEqual([4n, 2, 2n]);
  const voided: Leaf = {
    type: 'settlement',
    acceptedAtUs: 3n,
    key: 's',
    pendingIndex: 2n,
    outcome: 'voided',
  };
  expect(books.apply(encodeLeaf(voided)).ok).toBe(true);
  expect(
    books.apply(encodeLeaf({ ...voided, type: 'record', kind: 'test', sha256: '00'.repeat(32) })).ok,
  ).toBe(true);
});
