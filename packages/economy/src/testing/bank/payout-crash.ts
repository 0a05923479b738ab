import { assert, type Chance, Failure, seededChance } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { Books } from '../../store/books.ts';
import { openPayouts } from '../../store/payouts/open-payouts.ts';
import { payingUsd, withheldUsd } from '../../store/payouts/payout-postings.ts';
import type { PayoutOptions, Payouts } from '../../store/payouts/payouts.ts';
import { usOrder } from './bank-samples.ts';
import type { CrashBank } from './crash-bank.ts';

const PAYEES = 4;
const ROUNDS = 8;
const FUNDS = 10_000n;
const NOW = 1_795_348_800_000_000n;

export interface CrashedSeed {
  readonly seed: number;
  readonly crashes: number;
  readonly settled: number;
  readonly returned: number;
  /** Why the seed failed, or `null`. */
  readonly fault: string | null;
}

/**
 * One seed: payouts are asked for, run and answered while the process is killed between two steps, messages and answers are
 * lost, callbacks come twice and out of order. Then everything is healed, and the books must agree with the bank.
 */
export async function crashPayouts(
  database: Database,
  seed: number,
  makeBank: (chance: Chance) => CrashBank,
): Promise<CrashedSeed> {
  const chance = seededChance(`payout-crash/${seed}`);
  const bank = makeBank(chance.fork('bank'));
  const payees = Array.from(
    { length: PAYEES },
    (_, n) => `p${(seed * PAYEES + n).toString(16).padStart(32, '0')}`,
  );
  const ledger = await openLedger(database);
  const books = new Books(ledger);
  const fund = payees.map((payee) => ({
    key: `fund:${payee}`,
    kind: 'fund',
    legs: [
      { account: ACCOUNTS.outsideUsd, amount: -FUNDS },
      { account: ACCOUNTS.payableUsd(payee), amount: FUNDS },
    ],
  }));
  await books.post(NOW, fund);
  let untilStop = 0;
  const stops = chance.fork('stops');
  const options: PayoutOptions = {
    rails: [{ rail: bank.rail, from: usOrder(0).to, rate: { numerator: 1n, denominator: 1n } }],
    destinationOf: async (payee) => ({ ok: true, value: bank.accountOf(payees.indexOf(payee)) }),
    onStep: () => {
      if (bank.calm || --untilStop > 0) return;
      throw new Failure('planted-stop', 'killed');
    },
  };
  let crashes = 0;
  const alive = async (work: (payouts: Payouts) => Promise<unknown>): Promise<void> => {
    untilStop = 1 + stops.below(25);
    try {
      await work(await openPayouts(database, ledger, options));
    } catch (cause) {
      if (!(cause instanceof Failure && cause.code === 'planted-stop')) throw cause;
      crashes++;
    }
  };
  const asked = payees.map((payee, n) => ({
    payee,
    usdCents: 1_000n + BigInt(n),
    // Some with tax kept back, which must come back too when the payout does.
    withheldCents: n % 2 === 0 ? 0n : 240n,
    key: 'first',
    rail: bank.rail.name,
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const request of asked)
      if (chance.below(2) === 0) await alive((payouts) => payouts.request(NOW, request));
    await alive((payouts) => payouts.run(NOW));
    bank.day();
    await alive((payouts) => bank.tell(payouts, NOW));
  }
  bank.calm = true;
  const payouts = await openPayouts(database, ledger, options);
  for (const request of asked) await payouts.request(NOW, request);
  for (let day = 0; day < 4; day++) {
    await payouts.run(NOW);
    bank.day();
    await bank.tell(payouts, NOW);
  }
  return { seed, crashes, ...(await accounted(bank, books, payouts, asked)) };
}

/** Every payout ended as the bank says, was taken by it once, and the money is where that puts it. */
async function accounted(
  bank: CrashBank,
  books: Books,
  payouts: Payouts,
  asked: readonly { payee: string; usdCents: bigint; withheldCents: bigint }[],
): Promise<Omit<CrashedSeed, 'seed' | 'crashes'>> {
  let [settled, returned] = [0, 0];
  let fault: string | null = null;
  for (const { payee, usdCents, withheldCents } of asked) {
    const [payout, ...more] = await payouts.payouts({ payee });
    assert(payout && more.length === 0, 'one payout for one key');
    const held = bank.held(payout.id);
    const back = payout.state === 'returned';
    const payable = await books.balance(ACCOUNTS.payableUsd(payee));
    const onItsWay = await books.balance(payingUsd(payee));
    const withheld = await books.balance(withheldUsd(payee));
    if (held.times !== 1) fault = `${payout.id} was paid ${held.times} times`;
    else if (payout.state !== held.outcome)
      fault = `${payout.id} is ${payout.state}, the bank says ${held.outcome}`;
    else if (payable !== (back ? FUNDS : FUNDS - usdCents)) fault = `${payout.id}: ${payable} cents payable`;
    else if (withheld !== (back ? 0n : withheldCents)) fault = `${payout.id}: ${withheld} cents withheld`;
    else if (onItsWay !== 0n) fault = `${payout.id}: ${onItsWay} cents still on their way`;
    if (back) returned++;
    else settled++;
  }
  return { settled, returned, fault };
}
