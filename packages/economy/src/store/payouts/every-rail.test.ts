import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { RailReport } from '../../rails/rail.ts';
import { BATCH_TIME_US, batch } from '../../testing/bank/bank-samples.ts';
import { EVERY_RAIL, type RailUnderTest } from '../../testing/bank/every-rail.ts';
import { payeeId } from '../../testing/sample-input.ts';
import { Books } from '../books.ts';
import { openPayouts } from './open-payouts.ts';
import { payingUsd } from './payout-postings.ts';

const NOW = BATCH_TIME_US;
const DAY_US = 86_400_000_000n;
const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)];
const outcomes = (reports: readonly RailReport[]) =>
  reports.map(({ payoutId, outcome }) => [payoutId, outcome]);

describe.each(Object.entries(EVERY_RAIL))('every rail: %s', (_, make) => {
  let bank: RailUnderTest;
  beforeEach(async () => {
    bank = await make();
  });
  afterEach(() => bank.close());
  const order = (payoutId: string) => ({ payoutId, to: bank.to, amountCents: 101n, remittance: 'JAMNet' });
  const of = (...ids: string[]) => batch(ids.map(order), { currency: bank.rail.currency });

  test('answers for every id, in order: what it holds is accepted, what it never got was never seen', async () => {
    expect(outcomes(await bank.rail.ask([TWO, ONE], NOW))).toEqual([
      [TWO, 'never-seen'],
      [ONE, 'never-seen'],
    ]);
    expect(await bank.rail.mayPay(bank.to, 101n)).toMatchObject({ ok: true });
    expect(outcomes(await bank.rail.submit(of(ONE)))).toEqual([[ONE, 'accepted']]);
    expect(outcomes(await bank.rail.ask([TWO, ONE], NOW))).toEqual([
      [TWO, 'never-seen'],
      [ONE, 'accepted'],
    ]);
    expect(await bank.rail.ask([], NOW)).toEqual([]);
  });

  test('tells what the bank decided, and a return outweighs a settlement', async () => {
    await bank.rail.submit(of(ONE, TWO));
    for (const [id, outcome] of [
      [ONE, 'settled'],
      [TWO, 'settled'],
      [TWO, 'returned'],
    ] as const)
      bank.decide(id, outcome, 101n);
    expect(outcomes(await bank.rail.ask([ONE, TWO], NOW))).toEqual([
      [ONE, 'settled'],
      [TWO, 'returned'],
    ]);
  });

  /** Payouts over this rail, one payee with 10.00 payable. */
  async function open() {
    const database = openSqlite({ file: ':memory:' });
    const ledger = await openLedger(database);
    const books = new Books(ledger);
    const payee = payeeId(1);
    const legs = [
      { account: ACCOUNTS.outsideUsd, amount: -1_000n },
      { account: ACCOUNTS.payableUsd(payee), amount: 1_000n },
    ];
    await books.post(NOW, [{ key: 'fund', kind: 'fund', legs }]);
    const payouts = await openPayouts(database, ledger, {
      rails: [{ rail: bank.rail, from: batch([]).from, rate: { numerator: 1n, denominator: 1n } }],
      destinationOf: async () => ({ ok: true, value: bank.to }),
    });
    const asked = await payouts.request(NOW, { payee, usdCents: 600n, key: 'a', rail: bank.rail.name });
    if (!asked.ok) throw new Error(asked.message);
    const { id } = asked.value;
    return {
      payouts,
      id,
      state: async () => (await payouts.payout(id))?.state,
      attempts: async () => (await payouts.payout(id))?.attempts,
      money: async () => [
        await books.balance(ACCOUNTS.payableUsd(payee)),
        await books.balance(payingUsd(payee)),
        await books.balance(ACCOUNTS.outsideUsd),
      ],
      close: () => database.close(),
    };
  }

  test('a lost message leaves the payout unknown; it is sent again only once the rail said that it never saw it', async () => {
    const { payouts, id, state, attempts, money, close } = await open();
    expect(await state()).toBe('reserved');
    bank.breakAt('request');
    await payouts.run(NOW);
    expect([await state(), bank.taken(id)]).toEqual(['unknown', 0]);
    bank.breakAt('ask');
    for (let day = 1n; day < 4n; day++) await payouts.run(NOW + day * DAY_US);
    expect([await state(), bank.taken(id), await attempts()]).toEqual(['unknown', 0, 1]);
    bank.breakAt(null);
    await payouts.run(NOW + 4n * DAY_US);
    expect([await state(), bank.taken(id), await attempts()]).toEqual(['submitted', 1, 2]);
    bank.decide(id, 'settled', 600n);
    await payouts.ask(NOW + 4n * DAY_US);
    expect([await state(), bank.taken(id)]).toEqual(['settled', 1]);
    expect(await money()).toEqual([400n, 0n, -400n]);
    await close();
  });

  test('a lost answer leaves it unknown too, and asking finds it: nothing is sent twice, and what comes back late is given back once', async () => {
    const { payouts, id, state, attempts, money, close } = await open();
    bank.breakAt('reply');
    await payouts.run(NOW);
    expect([await state(), bank.taken(id)]).toEqual(['unknown', 1]);
    bank.breakAt('ask');
    await payouts.run(NOW);
    expect([await state(), bank.taken(id)]).toEqual(['unknown', 1]);
    bank.breakAt(null);
    await payouts.run(NOW);
    expect([await state(), bank.taken(id), await attempts()]).toEqual(['submitted', 1, 1]);
    bank.decide(id, 'settled', 600n);
    await payouts.hint(NOW, [id, id]);
    await payouts.report(NOW, [{ payoutId: id, outcome: 'accepted', reason: null }]);
    expect(await state()).toBe('settled');
    bank.decide(id, 'returned', 600n);
    await payouts.hint(NOW, [id]);
    const late = [
      { payoutId: id, outcome: 'settled', reason: null },
      { payoutId: id, outcome: 'returned', reason: 'late' },
    ] as const;
    await payouts.report(NOW, [...late, ...late]);
    await payouts.run(NOW);
    expect([await state(), bank.taken(id), await attempts()]).toEqual(['returned', 1, 1]);
    expect(await money()).toEqual([1_000n, 0n, -1_000n]);
    await close();
  });
});
