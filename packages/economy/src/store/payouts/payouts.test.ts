import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, refuse, seededChance } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { bankFileRail } from '../../rails/bank-file/bank-file-rail.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';
import {
  BATCH_TIME_US,
  batch,
  camt054,
  ORIGIN,
  order,
  pain002,
  usOrder,
} from '../../testing/bank/bank-samples.ts';
import { HarshBank } from '../../testing/bank/harsh-bank.ts';
import { crashPayouts } from '../../testing/bank/payout-crash.ts';
import { payeeId } from '../../testing/sample-input.ts';
import { Books } from '../books.ts';
import { openPayouts, type PayoutOptions } from './open-payouts.ts';

const NOW = BATCH_TIME_US;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function boxes(): { outbox: string; inbox: string } {
  const folder = mkdtempSync(join(tmpdir(), 'jamnet-bank-'));
  folders.push(folder);
  const [outbox, inbox] = [join(folder, 'out'), join(folder, 'in')];
  mkdirSync(inbox);
  return { outbox, inbox };
}

interface Made {
  readonly rail: Rail;
  /** The bank decides. */
  answer(payoutId: string, outcome: 'settled' | 'returned'): void;
}

const RAILS: Readonly<Record<string, () => Made>> = {
  'pain.001 files': () => {
    const { outbox, inbox } = boxes();
    let n = 0;
    const answer: Made['answer'] = (id, outcome) =>
      writeFileSync(
        join(inbox, `${n++}.xml`),
        outcome === 'settled'
          ? camt054([{ id, cents: '1.01' }])
          : pain002('batch-1', [{ id, status: 'RJCT', reason: 'AC04' }]),
      );
    return { rail: bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } }), answer };
  },
  'NACHA files': () => {
    const { outbox, inbox } = boxes();
    let n = 0;
    const answer: Made['answer'] = (id, outcome) =>
      writeFileSync(
        join(inbox, `${n++}.xml`),
        pain002('batch-1', [{ id: id.slice(0, 15), status: outcome === 'settled' ? 'ACSC' : 'RJCT' }]),
      );
    return { rail: bankFileRail({ outbox, inbox, format: { kind: 'nacha', origin: ORIGIN } }), answer };
  },
  'the harsh bank of the crash test, when calm': () => {
    const rail = new HarshBank(seededChance('contract'));
    rail.calm = true;
    return { rail, answer: (id, outcome) => void rail.held.set(id, { times: 1, outcome }) };
  },
};

describe.each(Object.entries(RAILS))('every rail: %s', (name, make) => {
  const orders = name.startsWith('pain') ? [order(1), order(2)] : [usOrder(1), usOrder(2)];
  const of = (rail: Rail, some = orders) => batch(some, { currency: rail.currency });
  const [one = '', two = ''] = orders.map(({ payoutId }) => payoutId);
  const outcomes = (reports: readonly RailReport[]) =>
    reports.map(({ payoutId, outcome }) => [payoutId, outcome]);

  test('answers for every id, in order: what it holds is accepted, what it never got was never seen', async () => {
    const { rail } = make();
    expect(outcomes(await rail.ask([two, one]))).toEqual([
      [two, 'never-seen'],
      [one, 'never-seen'],
    ]);
    await rail.submit(of(rail, orders.slice(0, 1)));
    expect(outcomes(await rail.ask([two, one]))).toEqual([
      [two, 'never-seen'],
      [one, 'accepted'],
    ]);
    expect(await rail.ask([])).toEqual([]);
  });

  test('tells what the bank decided, and a return outweighs a settlement', async () => {
    const { rail, answer } = make();
    await rail.submit(of(rail));
    answer(one, 'settled');
    answer(two, 'settled');
    answer(two, 'returned');
    expect(outcomes(await rail.ask([one, two]))).toEqual([
      [one, 'settled'],
      [two, 'returned'],
    ]);
  });
});

describe('bank files', () => {
  test('hold each payout once, however often and in whatever batch it is handed over', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } });
    await rail.submit(batch([order(1)]));
    await rail.submit(batch([order(1)]));
    await rail.submit(batch([order(1), order(2)], { batchId: 'batch-2' }));
    const files = readdirSync(outbox).filter((name) => name.endsWith('.xml'));
    expect(files).toEqual(['batch-1.xml', 'batch-2.xml']);
    expect(readFileSync(join(outbox, 'batch-2.xml'), 'utf8')).not.toContain(order(1).payoutId);
  });

  test('whose group is rejected come back; a bank that has the file already (DU01) says nothing of it', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } });
    await rail.submit(batch([order(1)]));
    const group = (code: string) =>
      pain002('batch-1', []).replace(
        '</OrgnlMsgNmId>',
        `</OrgnlMsgNmId><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`,
      );
    writeFileSync(join(inbox, 'a.xml'), group('DU01'));
    expect(await rail.ask([order(1).payoutId])).toMatchObject([{ outcome: 'accepted' }]);
    writeFileSync(join(inbox, 'b.xml'), group('FF01'));
    expect(await rail.ask([order(1).payoutId])).toMatchObject([{ outcome: 'returned', reason: 'FF01' }]);
  });

  test('are not written when a payment cannot go', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } });
    await expect(rail.submit(batch([usOrder(1)]))).rejects.toMatchObject({ code: 'account-unfit' });
    expect(readdirSync(outbox)).toEqual(['sent']);
  });
});

describe('payouts while everything breaks', () => {
  test('pay nobody twice and forget nobody, in 40 seeds of stops, lost messages and doubled answers', async () => {
    const database = openSqlite({ file: ':memory:' });
    let [crashes, settled, returned] = [0, 0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const result = await crashPayouts(database, seed);
      expect(result.fault, `seed ${seed}`).toBeNull();
      crashes += result.crashes;
      settled += result.settled;
      returned += result.returned;
    }
    expect([crashes > 100, settled > 20, returned > 20]).toEqual([true, true, true]);
    await database.close();
  }, 60_000);
});

describeOnEveryEngine('payouts', (openFresh) => {
  async function open(fields: Partial<PayoutOptions> = {}) {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const books = new Books(ledger);
    const payee = payeeId(1);
    const legs = [
      { account: ACCOUNTS.outsideUsd, amount: -500n },
      { account: ACCOUNTS.payableUsd(payee), amount: 500n },
    ];
    await books.post(NOW, [{ key: 'fund', kind: 'fund', legs }]);
    const bank = new HarshBank(seededChance('payouts'));
    bank.calm = true;
    const payouts = await openPayouts(database, ledger, {
      rail: bank,
      from: usOrder(0).to,
      destinationOf: async () => ok(usOrder(1).to),
      rate: { numerator: 1n, denominator: 1n },
      ...fields,
    });
    return {
      payouts,
      bank,
      payee,
      payable: () => books.balance(ACCOUNTS.payableUsd(payee)),
      outside: () => books.balance(ACCOUNTS.outsideUsd),
    };
  }

  test('debit once for a key, never more than is payable, and come back by an entry of their own', async () => {
    const { payouts, bank, payee, payable, outside } = await open();
    const asked = { payee, usdCents: 300n, key: 'a' };
    const first = await payouts.request(NOW, asked);
    expect(await payouts.request(NOW, asked)).toEqual(first);
    expect(first).toMatchObject({ ok: true, value: { state: 'reserved', amountCents: 300n } });
    expect(await payouts.request(NOW, { ...asked, usdCents: 301n })).toMatchObject({
      code: 'payout-key-reused',
    });
    expect(await payouts.request(NOW, { ...asked, key: 'b' })).toMatchObject({ code: 'not-enough-cash' });
    expect(await payouts.request(NOW, { ...asked, usdCents: 0n })).toMatchObject({
      code: 'payout-malformed',
    });
    expect(await payable()).toBe(200n);
    const id = first.ok ? first.value.id : '';
    expect(await payouts.run(NOW)).toMatchObject({ submitted: 1, waiting: [] });
    expect(await payouts.report(NOW, [{ payoutId: id, outcome: 'settled', reason: null }])).toEqual([]);
    expect([await payable(), await outside()]).toEqual([200n, -200n]);
    bank.held.set(id, { times: 1, outcome: 'returned' });
    const back = { payoutId: id, outcome: 'returned', reason: 'AC04' } as const;
    await payouts.report(NOW, [back, back, { ...back, outcome: 'settled' }]);
    expect(await payouts.payout(id)).toMatchObject({ state: 'returned', reason: 'AC04', attempts: 1 });
    expect([await payable(), await outside()]).toEqual([500n, -500n]);
  });

  test('stop at what a payee may be paid in a day', async () => {
    const { payouts, payee } = await open({ dailyUsdCentsMax: 250n });
    const asked = { payee, usdCents: 200n, key: 'a' };
    expect(await payouts.request(NOW, asked)).toMatchObject({ ok: true });
    expect(await payouts.request(NOW, asked)).toMatchObject({ ok: true });
    expect(await payouts.request(NOW, { ...asked, usdCents: 51n, key: 'b' })).toMatchObject({
      code: 'daily-limit',
    });
    expect(await payouts.request(NOW + 86_400_000_000n, { ...asked, usdCents: 51n, key: 'b' })).toMatchObject(
      { ok: true },
    );
  });

  test('wait, reserved, while a gate is shut, and report ids that nobody knows', async () => {
    let shut = true;
    const { payouts, bank, payee } = await open({
      destinationOf: async () => (shut ? refuse('payee-held', 'The payee is on hold.') : ok(usOrder(1).to)),
    });
    await payouts.request(NOW, { payee, usdCents: 100n, key: 'a' });
    expect(await payouts.run(NOW)).toMatchObject({
      batchId: null,
      submitted: 0,
      waiting: [{ reason: 'The payee is on hold.' }],
    });
    expect(bank.held.size).toBe(0);
    shut = false;
    expect(await payouts.run(NOW)).toMatchObject({ submitted: 1 });
    expect(
      await payouts.report(NOW, [{ payoutId: 'f'.repeat(32), outcome: 'settled', reason: null }]),
    ).toEqual([{ id: 'f'.repeat(32), code: 'unknown-payout' }]);
  });
});
