import { type Chance, present, seededChance } from '@jamnet/base';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { replay } from '../core/replay.ts';
import type { AccountRequest, Answer, EntryRequest, Request } from '../core/requests.ts';
import { NaiveLedger } from '../testing/naive-ledger.ts';
import { openLedger } from './ledger.ts';

const CODES = ['outside:JAM', 'a:JAM', 'b:JAM', 'c:JAM', 'outside:USD', 'd:USD'];
const ACCOUNTS: AccountRequest[] = CODES.map((code) => ({
  code,
  owner: 'x',
  asset: code.endsWith('JAM') ? 'JAM' : 'USD',
  kind: 'pool',
  floor: code.startsWith('outside') ? null : code === 'c:JAM' ? -20n : 0n,
}));

function randomRequest(chance: Chance, nowUs: bigint): Request {
  const key = `k${chance.below(120)}`;
  const chained = chance.below(6) === 0 ? { chainedToNext: true } : {};
  const draw = chance.below(10);
  if (draw < 2)
    return { key, settle: `k${chance.below(120)}`, as: chance.below(2) ? 'posted' : 'voided', ...chained };
  if (draw === 2)
    return { key, record: { kind: 'doc', sha256: `${chance.below(10)}`.repeat(64) }, ...chained };
  const account = () => (chance.below(40) === 0 ? 'nobody:JAM' : (CODES[chance.below(CODES.length)] ?? ''));
  const amount = BigInt(chance.below(30)) - 1n;
  const legs = [
    { account: account(), amount: -amount },
    { account: account(), amount: chance.below(20) === 0 ? amount + 1n : amount },
  ];
  const pending = chance.below(3) === 0 ? ({ state: 'pending' } as const) : {};
  const expiry =
    'state' in pending && chance.below(2) ? { expiresAtUs: nowUs + BigInt(chance.below(40)) - 4n } : {};
  return { key, kind: 'test', legs, ...pending, ...expiry, ...chained } satisfies EntryRequest;
}

/** The one fault of shape that is drawn here; the fuzz of the simulation draws the others. */
function zeroLeg(request: unknown): string | null {
  const { legs = [] } = request as Partial<EntryRequest>;
  return legs.some(({ amount }) => amount === 0n) ? 'amount-zero' : null;
}

const MET = [
  'accepted',
  'accepted again',
  'account-unknown',
  'amount-zero',
  'below-floor',
  'chain-broken',
  'chain-open',
  'expiry-malformed',
  'key-reused',
  'pending-settled',
  'pending-unknown',
  'unbalanced',
];

function shape(answer: Answer): unknown {
  return answer.ok ? answer : answer.code;
}

describeOnEveryEngine('the ledger beside a naive model', (openFresh) => {
  test('gives the same answers, balances, holds and leaves for random requests', async () => {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const naive = new NaiveLedger(zeroLeg);
    const chance = seededChance('model');
    let nowUs = 1_000_000n;
    await ledger.openAccounts(nowUs, ACCOUNTS);
    naive.openAccounts(nowUs, ACCOUNTS);
    const seen = new Set<string>();
    const sent: Request[] = [];
    for (let round = 0; round < 60; round++) {
      nowUs += BigInt(chance.below(30)) - 5n;
      const batch = Array.from({ length: 1 + chance.below(12) }, () =>
        chance.below(6) === 0 && sent.length > 0
          ? present(sent[chance.below(sent.length)], 'earlier request')
          : randomRequest(chance, nowUs),
      );
      sent.push(...batch);
      const [got, expected] = [await ledger.post(nowUs, batch), naive.post(nowUs, batch)];
      expect(got.map(shape)).toEqual(expected);
      for (const answer of got)
        seen.add(answer.ok ? `accepted${answer.repeated ? ' again' : ''}` : answer.code);
    }
    // A workload that never meets a rule would agree on it for nothing.
    expect([...seen].sort()).toEqual(MET);
    const stored = await ledger.balances('');
    expect(stored.map(({ code, balance, held }) => [code, balance, held])).toEqual(naive.balances());
    expect(await ledger.size()).toBe(naive.size);
    const replayed = replay((await ledger.entries(0n, 10_000)).map(({ bytes }) => bytes));
    if (!replayed.ok) throw new Error(replayed.message);
    expect(
      [...replayed.value.accounts()].map(({ code, balance, held }) => [code, balance, held]).sort(),
    ).toEqual(naive.balances());
  });

  test('posters on two connections of their own number leaves without gaps and pay no key twice', async () => {
    const fresh = await openFresh();
    const [one, two] = [await openLedger(fresh.database), await openLedger(fresh.database)];
    await one.openAccounts(1n, ACCOUNTS);
    const legs = (to: string) => [
      { account: 'outside:JAM', amount: -1n },
      { account: to, amount: 1n },
    ];
    const batch = (round: number) =>
      Array.from({ length: 10 }, (_, i) => ({ key: `r${round}:${i}`, kind: 'x', legs: legs('a:JAM') }));
    for (let round = 0; round < 10; round++) {
      const [a, b] = await Promise.all([one.post(2n, batch(round)), two.post(2n, batch(round))]);
      for (const [i, answer] of a.entries()) {
        const other = b[i];
        if (!answer.ok || !other?.ok) throw new Error('refused');
        expect(answer.index).toBe(other.index);
        expect([answer.repeated, other.repeated].sort()).toEqual([false, true]);
      }
      // Only one of them may still trust what it remembers of the accounts.
      await (round % 2 ? one : two).post(2n, [{ key: `t${round}`, kind: 'x', legs: legs('b:JAM') }]);
    }
    expect(await one.balance('a:JAM')).toBe(100n);
    expect(await two.balance('b:JAM')).toBe(10n);
    expect(await one.size()).toBe(6n + 110n);
  });
});
