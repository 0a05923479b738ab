import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { REFUSAL_CODES, type RefusalCode } from '../core/refusals.ts';
import {
  type AccountRequest,
  type Answer,
  BATCH_LEGS_MAX,
  BATCH_REQUESTS_MAX,
  type EntryRequest,
  LEGS_MAX,
  type Request,
} from '../core/requests.ts';
import { type Ledger, openLedger } from './ledger.ts';

const NOW = 1_790_000_000_000_000n;
const HUGE = 2n ** 63n - 1n;
const POOL = { owner: 'x', asset: 'JAM', kind: 'pool', floor: 0n } as const;
const ACCOUNTS: readonly AccountRequest[] = [
  { ...POOL, code: 'outside:JAM', kind: 'external', floor: null },
  { ...POOL, code: 'outside:USD', asset: 'USD', kind: 'external', floor: null },
  { ...POOL, code: 'reserve:USD', asset: 'USD', kind: 'reserve' },
  { ...POOL, code: 'outside:EUR', asset: 'EUR', kind: 'external', floor: null },
  { ...POOL, code: 'full:EUR', asset: 'EUR' },
  { ...POOL, code: 'pool:JAM' },
  { ...POOL, code: 'a:JAM', kind: 'person' },
  { ...POOL, code: 'credit:JAM', kind: 'person', floor: -10n },
];

function move(from: string, to: string, amount: bigint, more: object = {}): EntryRequest {
  const legs = [
    { account: from, amount: -amount },
    { account: to, amount },
  ];
  return { key: 'bad', kind: 'test', legs, ...more };
}

const good = move('outside:JAM', 'a:JAM', 1n);
const oneLeg: EntryRequest = { ...good, legs: good.legs.slice(0, 1) };
/** Entries with as many legs as an entry has, whose legs one call holds. */
const WIDE_MAX = BATCH_LEGS_MAX / LEGS_MAX;

/** Legs with any amounts at all. */
function legs(...list: readonly (readonly [string, unknown])[]): unknown {
  return { ...good, legs: list.map(([account, amount]) => ({ account, amount })) };
}

/** What is wrong, the request, the code it must get. Bad input has no type: that is what this table is about. */
const REQUESTS: readonly [string, unknown, RefusalCode][] = [
  ['an account that is not open', legs(['nobody:JAM', -1n], ['a:JAM', 1n]), 'account-unknown'],
  ['a malformed account', legs(['Pool JAM', -1n], ['a:JAM', 1n]), 'account-malformed'],
  ['an account code of 101 characters', legs(['a'.repeat(101), -1n], ['a:JAM', 1n]), 'account-malformed'],
  ['no account', legs(['', -1n], ['a:JAM', 1n]), 'account-malformed'],
  ['another asset on the other side', legs(['outside:USD', -1n], ['a:JAM', 1n]), 'unbalanced'],
  ['legs that sum to more than zero', legs(['outside:JAM', -1n], ['a:JAM', 2n]), 'unbalanced'],
  ['credits only', legs(['pool:JAM', 1n], ['a:JAM', 1n]), 'unbalanced'],
  ['debits only', legs(['outside:JAM', -1n], ['outside:JAM', -1n]), 'unbalanced'],
  ['amounts of zero', legs(['outside:JAM', 0n], ['a:JAM', 0n]), 'amount-zero'],
  ['an amount past 2^63-1', legs(['outside:JAM', -HUGE], ['a:JAM', HUGE + 1n]), 'amount-out-of-range'],
  ['an amount of -2^63', legs(['outside:JAM', -HUGE - 1n], ['a:JAM', HUGE]), 'amount-out-of-range'],
  ['an amount of 2^80', legs(['outside:JAM', -(2n ** 80n)], ['a:JAM', 2n ** 80n]), 'amount-out-of-range'],
  ['a Number', legs(['outside:JAM', -1], ['a:JAM', 1]), 'amount-out-of-range'],
  ['half a unit', legs(['outside:JAM', -0.5], ['a:JAM', 0.5]), 'amount-out-of-range'],
  ['an amount as text', legs(['outside:JAM', '-1'], ['a:JAM', '1']), 'amount-out-of-range'],
  ['no amount', legs(['outside:JAM', undefined], ['a:JAM', null]), 'amount-out-of-range'],
  ['a balance past 2^63-1', move('outside:EUR', 'full:EUR', 1n), 'balance-out-of-range'],
  ['a balance past -(2^63-1)', move('outside:EUR', 'full:EUR', HUGE), 'balance-out-of-range'],
  ['a debit that would leave less than nothing', move('a:JAM', 'pool:JAM', 1_000n), 'below-floor'],
  ['a debit beyond a credit limit', move('credit:JAM', 'pool:JAM', 11n), 'below-floor'],
  ['a hold beyond a credit limit', move('credit:JAM', 'pool:JAM', 11n, { state: 'pending' }), 'below-floor'],
  ['no legs', legs(), 'legs-too-few'],
  ['one leg', legs(['outside:JAM', 1n]), 'legs-too-few'],
  ['legs that are no list', { ...good, legs: 'two' }, 'legs-too-few'],
  ['as many legs as an entry has, unbalanced', credits(LEGS_MAX), 'unbalanced'],
  ['one leg more', credits(LEGS_MAX + 1), 'legs-too-many'],
  ['no key', { ...good, key: undefined }, 'key-malformed'],
  ['an empty key', { ...good, key: '' }, 'key-malformed'],
  ['a key with a space', { ...good, key: 'a b' }, 'key-malformed'],
  ['a key outside ASCII', { ...good, key: 'ä' }, 'key-malformed'],
  ['a key of 129 characters', { ...good, key: 'k'.repeat(129) }, 'key-malformed'],
  ['a known key for something else', { ...good, key: 'seen' }, 'key-reused'],
  ['a malformed kind', { ...good, kind: 'Über' }, 'kind-malformed'],
  ['a kind of 41 characters', { ...good, kind: 'k'.repeat(41) }, 'kind-malformed'],
  ['malformed evidence', { ...good, evidence: 'ABC' }, 'hash-malformed'],
  ['an expiry on a posted entry', { ...good, expiresAtUs: NOW + 1n }, 'expiry-malformed'],
  ['an expiry that has passed', { ...good, state: 'pending', expiresAtUs: NOW }, 'expiry-malformed'],
  ['a negative expiry', { ...good, state: 'pending', expiresAtUs: -1n }, 'expiry-malformed'],
  ['an expiry past 2^63-1', { ...good, state: 'pending', expiresAtUs: HUGE + 1n }, 'expiry-malformed'],
  ['an unknown state', { ...good, state: 'maybe' }, 'request-malformed'],
  ['none of the three forms', { key: 'bad' }, 'request-malformed'],
  ['null', null, 'request-malformed'],
  ['a number', 7, 'request-malformed'],
  ['a settlement of nothing', { key: 'bad', settle: 'nothing', as: 'posted' }, 'pending-unknown'],
  ['a settlement of a posted entry', { key: 'bad', settle: 'seen', as: 'posted' }, 'pending-unknown'],
  ['a second settlement', { key: 'bad', settle: 'hold', as: 'voided' }, 'pending-settled'],
  ['an outcome only time can bring', { key: 'bad', settle: 'hold', as: 'expired' }, 'request-malformed'],
  ['a malformed record', { key: 'bad', record: { kind: 'policy', sha256: 'x' } }, 'hash-malformed'],
  ['a chain that goes nowhere', { ...good, chainedToNext: true }, 'chain-open'],
];

/** Whole calls; every answer must be the code. */
const CALLS: readonly [string, (ledger: Ledger) => Promise<readonly Answer[]>, RefusalCode][] = [
  ['a request too many', (ledger) => ledger.post(NOW, many(BATCH_REQUESTS_MAX + 1)), 'batch-too-large'],
  ['as many accounts as fit, without codes', openingMany(BATCH_REQUESTS_MAX), 'account-malformed'],
  ['an account too many', openingMany(BATCH_REQUESTS_MAX + 1), 'batch-too-large'],
  ['as many legs as fit, of nobody', (ledger) => ledger.post(NOW, wide(WIDE_MAX)), 'account-unknown'],
  ['a leg too many', (ledger) => ledger.post(NOW, [...wide(WIDE_MAX), oneLeg]), 'batch-legs-too-many'],
  ['a time of zero', (ledger) => ledger.post(0n, [good]), 'time-malformed'],
  ['a negative time', (ledger) => ledger.post(-1n, [good]), 'time-malformed'],
  ['a time past 2^63-1', (ledger) => ledger.post(HUGE + 1n, [good]), 'time-malformed'],
  ['a Number as time', (ledger) => ledger.post(1 as unknown as bigint, [good]), 'time-malformed'],
  ['accounts at no time', (ledger) => ledger.openAccounts(0n, [account({})]), 'time-malformed'],
  ['an account that ends in another asset', opening({ code: 'new:USD' }), 'account-asset-mismatch'],
  ['an account of no asset', opening({ code: 'new' }), 'account-asset-mismatch'],
  ['an unknown asset', opening({ code: 'new:GBP', asset: 'GBP' }), 'account-malformed'],
  ['an unknown kind of account', opening({ kind: 'bank' }), 'account-malformed'],
  ['an account code with a space', opening({ code: 'new account:JAM' }), 'account-malformed'],
  ['an owner of 65 characters', opening({ owner: 'x'.repeat(65) }), 'account-malformed'],
  ['an account of nothing', (ledger) => ledger.openAccounts(NOW, [null as never]), 'account-malformed'],
  ['a floor above zero', opening({ floor: 1n }), 'floor-malformed'],
  ['a floor past -(2^63-1)', opening({ floor: -HUGE - 1n }), 'floor-malformed'],
  ['a floor as Number', opening({ floor: -1 }), 'floor-malformed'],
  ['a known account with another floor', opening({ code: 'pool:JAM', floor: null }), 'account-differs'],
];

function account(change: object): AccountRequest {
  return { ...POOL, code: 'new:JAM', ...change };
}

function opening(change: object): (ledger: Ledger) => Promise<readonly Answer[]> {
  return (ledger) => ledger.openAccounts(NOW, [account(change)]);
}

function openingMany(count: number): (ledger: Ledger) => Promise<readonly Answer[]> {
  return (ledger) => ledger.openAccounts(NOW, Array(count).fill(POOL));
}

function credits(count: number): unknown {
  return { ...good, legs: Array(count).fill({ account: 'a:JAM', amount: 1n }) };
}

function many(count: number): Request[] {
  return Array.from({ length: count }, (_, i) => ({ ...good, key: `many:${i}` }));
}

function wide(count: number): Request[] {
  const pairs = Array.from({ length: LEGS_MAX }, (_, i) => ({
    account: 'nobody:JAM',
    amount: i % 2 ? 1n : -1n,
  }));
  return Array.from({ length: count }, (_, i) => ({ key: `wide:${i}`, kind: 'test', legs: pairs }));
}

/** Codes that one bad request cannot meet; they have tests of their own in ledger.test.ts. */
const ELSEWHERE: readonly RefusalCode[] = ['ledger-busy', 'chain-broken'];

test('every refusal has a row', () => {
  const rows = [...REQUESTS, ...CALLS].map(([, , code]) => code);
  expect([...new Set([...rows, ...ELSEWHERE])].sort()).toEqual([...REFUSAL_CODES].sort());
});

describeOnEveryEngine('bad input', (openFresh) => {
  async function preparedLedger(): Promise<Ledger> {
    const ledger = await openLedger((await openFresh()).database);
    await ledger.openAccounts(NOW, ACCOUNTS);
    const prepared = await ledger.post(NOW, [
      { ...move('outside:JAM', 'pool:JAM', 5n), key: 'seen' },
      { ...move('outside:EUR', 'full:EUR', HUGE), key: 'full' },
      { ...move('pool:JAM', 'a:JAM', 5n, { state: 'pending' }), key: 'hold' },
      { key: 'end', settle: 'hold', as: 'voided' },
    ]);
    expect(prepared.every((answer) => answer.ok)).toBe(true);
    return ledger;
  }

  test('gets exactly its code, writes nothing and leaves its key free', async () => {
    const ledger = await preparedLedger();
    const size = await ledger.size();
    const before = await ledger.balances('');
    for (const [what, request, code] of REQUESTS) {
      const answers = await ledger.post(NOW, [request as Request]);
      expect([what, answers.map(codeOf)]).toEqual([what, [code]]);
    }
    for (const [what, call, code] of CALLS) {
      expect([what, [...new Set((await call(ledger)).map(codeOf))]]).toEqual([what, [code]]);
    }
    expect(await ledger.size()).toBe(size);
    expect(await ledger.balances('')).toEqual(before);
    expect((await ledger.post(NOW, [good])).map(codeOf)).toEqual(['ok']);
  });

  test('does not hurt good requests of the same call', async () => {
    const ledger = await preparedLedger();
    const mixed = REQUESTS.filter(([, , code]) => code !== 'chain-open').flatMap(([, request], i) => [
      // Bad requests, one good one after each.
      request as Request,
      { ...good, key: `good:${i}` },
    ]);
    const answers = await ledger.post(NOW, mixed);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(mixed.length / 2);
    expect(await ledger.balance('a:JAM')).toBe(BigInt(mixed.length / 2));
  });
});

function codeOf(answer: Answer): string {
  return answer.ok ? 'ok' : answer.code;
}
