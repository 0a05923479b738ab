import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, refuse, seededChance } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { Receipt } from '../../core/records/records.ts';
import { type BankAnswer, readBankAnswer } from '../../rails/answers.ts';
import { bankFileRail } from '../../rails/bank-file/bank-file-rail.ts';
import {
  BATCH_TIME_US,
  batch,
  nachaReturns,
  ORIGIN,
  order,
  pain002,
  usOrder,
} from '../../testing/bank/bank-samples.ts';
import { CrashStripe } from '../../testing/bank/crash-stripe.ts';
import { HarshBank } from '../../testing/bank/harsh-bank.ts';
import { LocalStripe } from '../../testing/bank/local-stripe.ts';
import { crashPayouts } from '../../testing/bank/payout-crash.ts';
import { payeeId } from '../../testing/sample-input.ts';
import { Books } from '../books.ts';
import { openPayouts } from './open-payouts.ts';
import { withheldUsd } from './payout-postings.ts';
import type { PayoutOptions } from './payouts.ts';

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

  test('whose group is rejected come back; a bank that has the file already says nothing of it', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } });
    await rail.submit(batch([order(1)]));
    const group = (code: string) =>
      pain002('batch-1', []).replace(
        '</OrgnlMsgNmId>',
        `</OrgnlMsgNmId><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`,
      );
    for (const duplicate of ['DU01', 'AM05']) {
      writeFileSync(join(inbox, 'a.xml'), group(duplicate));
      expect(await rail.ask([order(1).payoutId], NOW)).toMatchObject([{ outcome: 'accepted' }]);
    }
    writeFileSync(join(inbox, 'b.xml'), group('FF01'));
    expect(await rail.ask([order(1).payoutId], NOW)).toMatchObject([{ outcome: 'rejected', reason: 'FF01' }]);
  });

  test('for ACH count as settled when nothing came back for six days after they were due, and still come back after that', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'nacha', origin: ORIGIN } });
    const { payoutId } = usOrder(1);
    await rail.submit(batch([usOrder(1)], { currency: 'USD' }));
    const due = BigInt(Date.UTC(2026, 10, 24)) * 1_000n;
    const sixDays = 6n * 86_400_000_000n;
    expect(await rail.ask([payoutId], due + sixDays - 1n)).toMatchObject([{ outcome: 'accepted' }]);
    expect(await rail.ask([payoutId], due + sixDays)).toMatchObject([{ outcome: 'settled' }]);
    writeFileSync(
      join(inbox, 'a.ach'),
      nachaReturns([{ id: payoutId.slice(0, 15), code: 'R02', cents: 101n }]),
    );
    expect(await rail.ask([payoutId], due + sixDays)).toMatchObject([{ outcome: 'returned', reason: 'R02' }]);
  });

  test('are not written when a payment cannot go', async () => {
    const { outbox, inbox } = boxes();
    const rail = bankFileRail({ outbox, inbox, format: { kind: 'pain.001' } });
    await expect(rail.submit(batch([usOrder(1)]))).rejects.toMatchObject({ code: 'account-unfit' });
    expect(readdirSync(outbox)).toEqual(['sent']);
  });
});

describe('payouts while everything breaks', () => {
  test('pay nobody twice and forget nobody, in 20 seeds of stops, lost messages and doubled answers', async () => {
    const database = openSqlite({ file: ':memory:' });
    let [crashes, settled, returned] = [0, 0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const result = await crashPayouts(database, seed, (chance) => new HarshBank(chance));
      expect(result.fault, `seed ${seed}`).toBeNull();
      crashes += result.crashes;
      settled += result.settled;
      returned += result.returned;
    }
    expect([crashes > 50, settled > 10, returned > 10]).toEqual([true, true, true]);
    await database.close();
  }, 60_000);

  test('over the Stripe rail too, in 4 seeds of lost and late requests, lost replies, forgotten keys and shuffled events', async () => {
    const database = openSqlite({ file: ':memory:' });
    let [crashes, ended] = [0, 0];
    for (let seed = 3; seed < 7; seed++) {
      const stripe = await LocalStripe.open();
      const result = await crashPayouts(database, seed, (chance) => new CrashStripe(stripe, chance));
      await stripe.close();
      expect(result.fault, `seed ${seed}`).toBeNull();
      crashes += result.crashes;
      ended += result.settled + result.returned;
    }
    expect([crashes > 5, ended]).toEqual([true, 16]);
    await database.close();
  }, 120_000);
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
      rails: [{ rail: bank, from: usOrder(0).to, rate: { numerator: 1n, denominator: 1n } }],
      destinationOf: async () => ok(usOrder(1).to),
      ...fields,
    });
    return {
      payouts,
      bank,
      payee,
      payable: () => books.balance(ACCOUNTS.payableUsd(payee)),
      outside: () => books.balance(ACCOUNTS.outsideUsd),
      withheld: () => books.balance(withheldUsd(payee)),
    };
  }

  test('debit once for a key, never more than is payable, and come back by an entry of their own', async () => {
    const { payouts, bank, payee, payable, outside } = await open();
    const asked = { payee, usdCents: 300n, key: 'a', rail: 'nacha' } as const;
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
    expect(await payouts.run(NOW)).toMatchObject({
      batches: [{ payouts: 1, totalCents: 300n, currency: 'USD', file: null }],
      waiting: [],
    });
    expect(await payouts.report(NOW, [{ payoutId: id, outcome: 'settled', reason: null }])).toEqual([]);
    expect([await payable(), await outside()]).toEqual([200n, -200n]);
    // A bank that says afterwards that it never paid: told, and not a second payout.
    expect(await payouts.report(NOW, [{ payoutId: id, outcome: 'rejected', reason: 'FF01' }])).toMatchObject([
      { id, code: 'payout-event-unexpected' },
    ]);
    expect([await payable(), await outside()]).toEqual([200n, -200n]);
    bank.taken.set(id, { times: 1, outcome: 'returned' });
    const back = { payoutId: id, outcome: 'returned', reason: 'AC04' } as const;
    await payouts.report(NOW, [back, back, { ...back, outcome: 'settled' }]);
    expect(await payouts.payout(id)).toMatchObject({ state: 'returned', reason: 'AC04', attempts: 1 });
    expect([await payable(), await outside()]).toEqual([500n, -500n]);
  });

  test('stop at what a payee may be paid in a day', async () => {
    const { payouts, payee } = await open();
    const asked = { payee, usdCents: 200n, key: 'a', rail: 'nacha', dailyUsdCentsMax: 250n } as const;
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
    await payouts.request(NOW, { payee, usdCents: 100n, key: 'a', rail: 'nacha' });
    expect(await payouts.run(NOW)).toMatchObject({
      batches: [],
      waiting: [{ reason: 'The payee is on hold.' }],
    });
    expect(bank.taken.size).toBe(0);
    shut = false;
    expect(await payouts.run(NOW)).toMatchObject({ batches: [{ payouts: 1 }] });
    expect(
      await payouts.report(NOW, [{ payoutId: 'f'.repeat(32), outcome: 'settled', reason: null }]),
    ).toEqual([{ id: 'f'.repeat(32), code: 'unknown-payout' }]);
  });

  test('with tax and fee kept back: the parts are booked exactly, the fee once, and all of it comes back with the payout', async () => {
    const receipts: Receipt[] = [];
    const { payouts, bank, payee, payable, outside, withheld } = await open({
      addReceipt: async (_, receipt) => {
        receipts.push(receipt);
        return ok(null);
      },
    });
    const asked = {
      payee,
      usdCents: 400n,
      withheldCents: 96n,
      feeCents: 25n,
      key: 'a',
      rail: 'nacha',
    } as const;
    const request = await payouts.request(NOW, asked);
    expect(request).toMatchObject({ value: { amountCents: 279n, withheldCents: 96n, feeCents: 25n } });
    expect([await payable(), await withheld()]).toEqual([100n, 96n]);
    const id = request.ok ? request.value.id : '';
    await payouts.run(NOW);
    expect(receipts).toEqual([]);
    await payouts.report(NOW + 1n, [{ payoutId: id, outcome: 'settled', reason: null }]);
    // 3.04 left the payee's way; the receipt brings 0.25 of it back as revenue.
    expect([await payable(), await withheld(), await outside()]).toEqual([100n, 96n, -196n]);
    expect(receipts).toMatchObject([
      {
        id: `payout-fee-${id}`,
        stream: 'conversion-fee',
        amountCents: 25n,
        refundOf: null,
        principal: payee,
      },
    ]);
    bank.taken.set(id, { times: 1, outcome: 'returned' });
    await payouts.report(NOW + 2n, [{ payoutId: id, outcome: 'returned', reason: 'R02' }]);
    expect([await payable(), await withheld(), await outside()]).toEqual([500n, 0n, -500n]);
    expect(receipts.at(-1)).toMatchObject({ refundOf: `payout-fee-${id}`, amountCents: 25n });
  });

  test('take a bank’s answer in: known names move, strangers, other amounts and impossible moves are told', async () => {
    const { payouts, payee } = await open();
    const [a, b] = [
      await payouts.request(NOW, { payee, usdCents: 100n, key: 'a', rail: 'nacha' }),
      await payouts.request(NOW, { payee, usdCents: 200n, key: 'b', rail: 'nacha' }),
    ];
    const [one, two] = [a.ok ? a.value.id : '', b.ok ? b.value.id : ''];
    const early = await payouts.answer(
      NOW,
      answerOf(nachaReturns([{ id: one.slice(0, 15), code: 'R03', cents: 100n }])),
    );
    expect(early).toMatchObject({ applied: [], odd: [{ id: one, code: 'payout-event-unexpected' }] });
    await payouts.run(NOW);
    const wrong = answerOf(nachaReturns([{ id: two.slice(0, 15), code: 'R03', cents: 201n }]));
    expect(await payouts.answer(NOW, wrong)).toMatchObject({ odd: [{ id: two, code: 'amount-differs' }] });
    const answer = answerOf(
      nachaReturns([
        { id: one.slice(0, 15), code: 'R03', cents: 100n },
        { id: 'f'.repeat(15), code: 'R02', cents: 1n },
      ]),
    );
    for (let times = 0; times < 2; times++)
      expect(await payouts.answer(NOW, answer)).toMatchObject({
        applied: [{ payoutId: one, outcome: 'returned', reason: 'R03' }],
        odd: [{ id: 'f'.repeat(15), code: 'unknown-payout' }],
      });
    await payouts.answer(NOW, answerOf(pain002('none', [{ id: two, status: 'ACSC' }])));
    expect(await payouts.totals()).toEqual([
      { state: 'returned', rail: 'nacha', payouts: 1, usdCents: 100n },
      { state: 'settled', rail: 'nacha', payouts: 1, usdCents: 200n },
    ]);
  });
});

function answerOf(text: string): BankAnswer {
  const read = readBankAnswer(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}
