import type { Known } from '../known.ts';
import { hold } from '../scale-broken.ts';
import type { SimBank } from '../sim-bank.ts';
import type { StudioProcess } from '../studio-process.ts';
import { rowsOf } from './rows-of.ts';

export interface PayoutFigures {
  readonly payouts: number;
  readonly settled: number;
  readonly returned: number;
  readonly sentCents: bigint;
}

/** Every wish was paid by the bank once, or came back; the bank paid nothing else. */
export function checkPayouts({ database }: StudioProcess, known: Known, bank: SimBank): PayoutFigures {
  const wishes = new Set<string>();
  for (const [id, { payee, key }] of known.payouts) {
    const wish = `${payee}/${key}`;
    hold('payouts', !wishes.has(wish), () => `${wish} was taken for two payouts, ${id} is one`);
    wishes.add(wish);
  }
  let [payouts, settled, returned, sentCents] = [0, 0, 0, 0n];
  const sql = 'SELECT id, usd_cents, withheld_cents, fee_cents, state FROM economy_payout';
  for (const { id, usd_cents, withheld_cents, fee_cents, state } of rowsOf<PayoutRow>(database, sql)) {
    if (state === 'refused') continue;
    payouts++;
    const asked = known.payouts.get(id);
    hold(
      'payouts',
      asked?.cents === usd_cents,
      () => `payout ${id} is over ${usd_cents}, asked was ${asked?.cents}`,
    );
    const held = bank.taken.get(id);
    hold('payouts', held !== undefined, () => `payout ${id} is ${state}; the bank never had it`);
    hold('payouts', held.times === 1, () => `payout ${id} was paid ${held.times} times`);
    hold('payouts', held.outcome === state, () => `payout ${id} is ${state}, the bank says ${held.outcome}`);
    const cents = usd_cents - withheld_cents - fee_cents;
    hold('payouts', held.cents === cents, () => `payout ${id} sent ${held.cents} cents, not ${cents}`);
    if (state === 'settled') {
      settled++;
      sentCents += cents;
    } else returned++;
  }
  hold(
    'payouts',
    payouts === known.payouts.size,
    () => `${known.payouts.size} were asked for, ${payouts} are there`,
  );
  hold(
    'payouts',
    bank.taken.size === payouts,
    () => `the bank has ${bank.taken.size} payouts, the books ${payouts}`,
  );
  return { payouts, settled, returned, sentCents };
}

interface PayoutRow {
  readonly id: string;
  readonly usd_cents: bigint;
  readonly withheld_cents: bigint;
  readonly fee_cents: bigint;
  readonly state: string;
}
