import type { AuditedEpoch } from '@jamnet/economy';
import type { Known } from '../known.ts';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';
import { rowsOf } from './rows-of.ts';

/** Money in, shares, redemptions and payouts by what was asked and decided, against every balance of the ledger. */
export function checkMoney(
  { database }: StudioProcess,
  known: Known,
  balances: ReadonlyMap<string, bigint>,
  epochs: readonly AuditedEpoch[],
): { redeemedCents: bigint } {
  const receivedCents = checkReceipts(database, known);
  const shares = epochs.reduce((sum, { contributorShareCents }) => sum + contributorShareCents, 0n);
  const cash = epochs.reduce((sum, { cashCents }) => sum + cashCents, 0n);
  const income = balances.get('studio:income:USD') ?? 0n;
  hold(
    'money',
    income === receivedCents - shares,
    () => `income is ${income} of ${receivedCents} less ${shares}`,
  );
  const due = new DueOf();
  due.addPayments(database);
  const redeemedCents = due.addRedemptions(database, known);
  due.addPayouts(database);
  const reserve = balances.get('reserve:USD') ?? 0n;
  hold('money', reserve === shares - cash - redeemedCents, () => `the reserve holds ${reserve}`);
  due.check(balances);
  const outside = balances.get('outside:USD') ?? 0n;
  hold('money', outside === due.sentCents - receivedCents, () => `outside stands at ${outside}`);
  return { redeemedCents };
}

function checkReceipts(database: StudioProcess['database'], known: Known): bigint {
  let [count, cents] = [0, 0n];
  const sql = 'SELECT id, amount_cents, refund_of, posted FROM economy_receipt';
  for (const { id, amount_cents, refund_of, posted } of rowsOf<ReceiptRow>(database, sql)) {
    count++;
    const paid = refund_of === null ? known.receipts.get(id) : known.refunds.get(id);
    hold('receipts', paid === amount_cents, () => `receipt ${id} is over ${amount_cents}, not ${paid}`);
    hold('receipts', posted === 1n, () => `receipt ${id} is not in the books`);
    cents += refund_of === null ? amount_cents : -amount_cents;
  }
  const asked = known.receipts.size + known.refunds.size;
  hold('receipts', count === asked, () => `${asked} payments and refunds, ${count} are there`);
  return cents;
}

interface ReceiptRow {
  readonly id: string;
  readonly amount_cents: bigint;
  readonly refund_of: string | null;
  readonly posted: bigint;
}

/** What each payee should have, by kind. */
class DueOf {
  sentCents = 0n;
  /** In the wallet, in escrow and being redeemed together. */
  readonly #microJam = new Map<string, bigint>();
  readonly #redeeming = new Map<string, bigint>();
  /** Payable and in escrow together. */
  readonly #cents = new Map<string, bigint>();
  readonly #withheld = new Map<string, bigint>();

  addPayments(database: StudioProcess['database']): void {
    const sql =
      'SELECT payee, sum(micro_jam) AS micro_jam, sum(cents) AS cents FROM economy_payment GROUP BY payee';
    for (const { payee, micro_jam, cents } of rowsOf<{ payee: string; micro_jam: bigint; cents: bigint }>(
      database,
      sql,
    )) {
      add(this.#microJam, payee, micro_jam);
      add(this.#cents, payee, cents);
    }
  }

  addRedemptions(database: StudioProcess['database'], known: Known): bigint {
    const filled = new Map<string, bigint>();
    let redeemed = 0n;
    const fills = 'SELECT redemption_id, payee, micro_jam, cents FROM economy_fill';
    for (const { redemption_id, payee, micro_jam, cents } of rowsOf<FillRow>(database, fills)) {
      redeemed += cents;
      add(filled, redemption_id, cents);
      add(this.#microJam, payee, -micro_jam);
      add(this.#cents, payee, cents);
    }
    let asked = 0;
    const sql =
      "SELECT id, payee, asked_micro_jam, paid_micro_jam, paid_cents, state FROM economy_redemption WHERE state <> 'refused'";
    for (const row of rowsOf<RedemptionRow>(database, sql)) {
      asked++;
      const wish = known.redemptions.get(row.id);
      const isSame = wish?.payee === row.payee && wish.microJam === row.asked_micro_jam;
      hold('redemptions', isSame, () => `redemption ${row.id} was not asked for like this`);
      hold('redemptions', row.state !== 'reserving', () => `redemption ${row.id} was never reserved`);
      const cents = filled.get(row.id) ?? 0n;
      hold('redemptions', cents === row.paid_cents, () => `redemption ${row.id} brought ${cents} cents`);
      if (row.state === 'open') add(this.#redeeming, row.payee, row.asked_micro_jam - row.paid_micro_jam);
    }
    hold(
      'redemptions',
      asked === known.redemptions.size,
      () => `${known.redemptions.size} were asked, ${asked} are there`,
    );
    return redeemed;
  }

  addPayouts(database: StudioProcess['database']): void {
    const sql =
      "SELECT payee, usd_cents, withheld_cents, fee_cents FROM economy_payout WHERE state NOT IN ('returned', 'refused')";
    for (const { payee, usd_cents, withheld_cents } of rowsOf<PaidRow>(database, sql)) {
      add(this.#cents, payee, -usd_cents);
      add(this.#withheld, payee, withheld_cents);
      this.sentCents += usd_cents - withheld_cents;
    }
  }

  check(balances: ReadonlyMap<string, bigint>): void {
    const of = (code: string): bigint => balances.get(code) ?? 0n;
    for (const payee of new Set([...this.#microJam.keys(), ...this.#cents.keys()])) {
      const units = of(`payee:${payee}:JAM`) + of(`escrow:${payee}:JAM`) + of(`redeeming:${payee}:JAM`);
      const cents = of(`payable:${payee}:USD`) + of(`escrow:${payee}:USD`);
      const [dueUnits, dueCents] = [this.#microJam.get(payee) ?? 0n, this.#cents.get(payee) ?? 0n];
      hold('money', units === dueUnits, () => `${payee} has ${units} µJAM, not ${dueUnits}`);
      hold('money', cents === dueCents, () => `${payee} has ${cents} cents, not ${dueCents}`);
      const [redeeming, due] = [of(`redeeming:${payee}:JAM`), this.#redeeming.get(payee) ?? 0n];
      hold('redemptions', redeeming === due, () => `${payee} has ${redeeming} µJAM set aside, not ${due}`);
      const [withheld, owed] = [of(`withheld:${payee}:USD`), this.#withheld.get(payee) ?? 0n];
      hold(
        'money',
        withheld === owed,
        () => `${withheld} cents of tax are withheld of ${payee}, not ${owed}`,
      );
      const paying = of(`paying:${payee}:USD`);
      hold('money', paying === 0n, () => `${paying} cents of ${payee} are still on their way`);
    }
  }
}

interface RedemptionRow {
  readonly id: string;
  readonly payee: string;
  readonly asked_micro_jam: bigint;
  readonly paid_micro_jam: bigint;
  readonly paid_cents: bigint;
  readonly state: string;
}

interface FillRow {
  readonly redemption_id: string;
  readonly payee: string;
  readonly micro_jam: bigint;
  readonly cents: bigint;
}

interface PaidRow {
  readonly payee: string;
  readonly usd_cents: bigint;
  readonly withheld_cents: bigint;
}

function add(to: Map<string, bigint>, key: string, amount: bigint): void {
  to.set(key, (to.get(key) ?? 0n) + amount);
}
