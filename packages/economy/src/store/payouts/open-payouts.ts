import { assert, encodeUtf8, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, type MigrationStep, migrate, tablesOf } from '@jamnet/sql';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Kysely, sql } from 'kysely';
import { ACCOUNTS, type JournalLeg } from '../../core/epoch/journal.ts';
import { type Destination, isoTime, type PaymentOrder } from '../../rails/payment.ts';
import {
  type PayoutEvent,
  type PayoutState,
  type PayoutStateCode,
  payoutAfter,
} from '../../rails/payout-state.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';
import { Books } from '../books.ts';

export type PayoutCode =
  | PayoutStateCode
  | 'payout-malformed'
  | 'payout-key-reused'
  | 'not-enough-cash'
  | 'daily-limit'
  | 'unknown-payout';

interface PayoutRow {
  id: string;
  payee: string;
  usd_cents: bigint;
  /** Units of the rail's currency for one dollar, kept with the payout. */
  rate_numerator: bigint;
  rate_denominator: bigint;
  rail: string;
  state: string;
  batch_id: string | null;
  /** 1 once the rail has said that it holds the payout. */
  acknowledged: bigint;
  /** 1 when it was settled at some time, also when it came back later. */
  was_settled: bigint;
  /** 1 once the ledger holds what the state means. */
  posted: bigint;
  reason: string | null;
  attempts: bigint;
  requested_at_us: bigint;
}

interface PayoutTables {
  economy_payout: PayoutRow;
}

const STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-payout': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_payout (id TEXT PRIMARY KEY, payee TEXT NOT NULL, usd_cents ${integer} NOT NULL CHECK (usd_cents > 0),
      rate_numerator ${integer} NOT NULL, rate_denominator ${integer} NOT NULL, rail TEXT NOT NULL, state TEXT NOT NULL, batch_id TEXT,
      acknowledged ${integer} NOT NULL, was_settled ${integer} NOT NULL, posted ${integer} NOT NULL, reason TEXT,
      attempts ${integer} NOT NULL, requested_at_us ${integer} NOT NULL)${strict}`.execute(kysely);
    await sql`CREATE INDEX economy_payout_state ON economy_payout (state)`.execute(kysely);
  },
};

export interface PayoutRequest {
  readonly payee: string;
  /** Out of what is payable to the payee. */
  readonly usdCents: bigint;
  /** The caller's idempotency key: the same key pays once. */
  readonly key: string;
}

export interface PayoutView {
  readonly id: string;
  readonly payee: string;
  readonly usdCents: bigint;
  /** In the rail's currency. */
  readonly amountCents: bigint;
  readonly state: PayoutState;
  readonly batchId: string | null;
  readonly reason: string | null;
  readonly attempts: number;
}

export interface PayoutOptions {
  readonly rail: Rail;
  readonly from: Destination;
  /** Where a payee's money goes, or why not now (identity, tax form, sanctions, hold): then it waits, reserved. */
  readonly destinationOf: (payee: string, nowUs: bigint) => Promise<Result<Destination, string>>;
  /** Units of the rail's currency for one dollar; 1/1 for USD. Posted by the studio and kept with each payout. */
  readonly rate: { readonly numerator: bigint; readonly denominator: bigint };
  /** The most a payee may ask for within 24 hours; what was refused or came back does not count. */
  readonly dailyUsdCentsMax?: bigint;
  /** Called before every write and every word with the rail: the crash tests stop there. */
  readonly onStep?: (step: string) => void;
}

export interface PayoutRun {
  readonly batchId: string | null;
  readonly submitted: number;
  readonly waiting: readonly { readonly id: string; readonly reason: string }[];
}

/** Payouts: the one way for cash to leave. */
export interface Payouts {
  /** Debits once by the payout's id. */
  request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>>;
  /** Finishes what a stop interrupted, asks the rail about what is open, then hands over what is reserved and may go. */
  run(nowUs: bigint): Promise<PayoutRun>;
  /** What a rail says by itself; twice, late and out of order is fine. Answers ids that fit no payout or no state. */
  report(nowUs: bigint, reports: readonly RailReport[]): Promise<readonly { id: string; code: PayoutCode }[]>;
  payout(id: string): Promise<PayoutView | null>;
  /** Newest first, at most 1,000. */
  payouts(filter?: { payee?: string; state?: PayoutState }): Promise<readonly PayoutView[]>;
}

/** Payouts taken up in one run; the rest wait for the next. */
const PER_RUN_MAX = 10_000;
const LISTED_MAX = 1_000;
const IDS_PER_STATEMENT = 500;

export async function openPayouts(
  database: Database,
  ledger: Ledger,
  options: PayoutOptions,
): Promise<Payouts> {
  await migrate(database, 'economy_payouts', STEPS);
  return new PayoutStore(tablesOf<PayoutTables>(database), new Books(ledger), options);
}

class PayoutStore implements Payouts {
  readonly #tables: Kysely<PayoutTables>;
  readonly #books: Books;
  readonly #options: PayoutOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(tables: Kysely<PayoutTables>, books: Books, options: PayoutOptions) {
    this.#tables = tables;
    this.#books = books;
    this.#options = options;
  }

  request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>> {
    return this.#inTurn(() => this.#request(nowUs, request));
  }

  run(nowUs: bigint): Promise<PayoutRun> {
    return this.#inTurn(() => this.#run(nowUs));
  }

  report(
    nowUs: bigint,
    reports: readonly RailReport[],
  ): Promise<readonly { id: string; code: PayoutCode }[]> {
    return this.#inTurn(async () => {
      const odd: { id: string; code: PayoutCode }[] = [];
      for (const { payoutId, outcome, reason } of reports) {
        const row = await this.#find(payoutId);
        if (!row) odd.push({ id: payoutId, code: 'unknown-payout' });
        else if (!(await this.#move(row, outcome, { reason })))
          odd.push({ id: payoutId, code: 'payout-event-unexpected' });
      }
      await this.#postAll(nowUs);
      return odd;
    });
  }

  async payout(id: string): Promise<PayoutView | null> {
    const row = await this.#find(id);
    return row ? viewOf(row) : null;
  }

  async payouts({
    payee,
    state,
  }: {
    payee?: string;
    state?: PayoutState;
  } = {}): Promise<readonly PayoutView[]> {
    let query = this.#tables.selectFrom('economy_payout').selectAll();
    if (payee !== undefined) query = query.where('payee', '=', payee);
    if (state !== undefined) query = query.where('state', '=', state);
    const rows = await query.orderBy('requested_at_us', 'desc').orderBy('id').limit(LISTED_MAX).execute();
    return rows.map(viewOf);
  }

  async #request(
    nowUs: bigint,
    { payee, usdCents, key }: PayoutRequest,
  ): Promise<Result<PayoutView, PayoutCode>> {
    if (
      !/^p[0-9a-f]{32}$/.test(payee) ||
      usdCents <= 0n ||
      usdCents > 10n ** 15n ||
      key.length < 1 ||
      key.length > 128
    )
      return refuse(
        'payout-malformed',
        'A payout names a payee, an amount above 0 and a key of 1 to 128 characters.',
      );
    const id = toHex(sha256(encodeUtf8(`jamnet/payout/v1\0${payee}\0${key}`))).slice(0, 32);
    const { numerator, denominator } = this.#options.rate;
    const row: PayoutRow = {
      id,
      payee,
      usd_cents: usdCents,
      rate_numerator: numerator,
      rate_denominator: denominator,
      rail: this.#options.rail.name,
      state: 'reserving',
      batch_id: null,
      acknowledged: 0n,
      was_settled: 0n,
      posted: 0n,
      reason: null,
      attempts: 0n,
      requested_at_us: nowUs,
    };
    if (amountOf(row) <= 0n)
      return refuse('payout-malformed', 'This is less than the smallest amount of the rail’s currency.');
    if (!(await this.#find(id)) && (await this.#isOverDailyLimit(nowUs, row)))
      return refuse('daily-limit', 'This is more than the payee may be paid in a day: ask for less or wait.');
    this.#step('request');
    await this.#tables
      .insertInto('economy_payout')
      .values(row)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
    const stored = present(await this.#find(id), 'payout');
    if (stored.usd_cents !== usdCents)
      return refuse('payout-key-reused', 'This key was used for another amount; use a new one.');
    await this.#debit(nowUs, stored);
    const view = viewOf(present(await this.#find(id), 'payout'));
    return view.state === 'refused'
      ? refuse('not-enough-cash', 'The payee has less than this payable.')
      : ok(view);
  }

  async #isOverDailyLimit(nowUs: bigint, { payee, usd_cents }: PayoutRow): Promise<boolean> {
    const most = this.#options.dailyUsdCentsMax;
    if (most === undefined) return false;
    const recent = await this.#tables
      .selectFrom('economy_payout')
      .select('usd_cents')
      .where('payee', '=', payee)
      .where('requested_at_us', '>', nowUs - DAY_US)
      .where('state', 'not in', ['refused', 'returned'])
      .execute();
    return recent.reduce((sum, row) => sum + row.usd_cents, usd_cents) > most;
  }

  async #run(nowUs: bigint): Promise<PayoutRun> {
    for (const row of await this.#inState('reserving')) await this.#debit(nowUs, row);
    // Handed over by a run that did not come back to say how it went: nobody here knows.
    for (const row of await this.#inState('submitted'))
      if (row.acknowledged === 0n) await this.#move(row, 'no-answer');
    await this.#ask();
    await this.#postAll(nowUs);
    return this.#handOver(nowUs);
  }

  async #debit(nowUs: bigint, row: PayoutRow): Promise<void> {
    if (row.state !== 'reserving') return;
    const legs = [
      { account: ACCOUNTS.payableUsd(row.payee), amount: -row.usd_cents },
      { account: payingUsd(row.payee), amount: row.usd_cents },
    ];
    this.#step('debit');
    const debited = await this.#books.tryPost(nowUs, {
      key: `payout:${row.id}:debit`,
      kind: 'payout-debit',
      legs,
    });
    await this.#move(row, debited ? 'debited' : 'no-funds');
  }

  /** Only the rail's word moves what is unknown; what it holds may have settled or come back meanwhile. */
  async #ask(): Promise<void> {
    const open = [...(await this.#inState('unknown')), ...(await this.#inState('submitted'))];
    for (let start = 0; start < open.length; start += IDS_PER_STATEMENT) {
      const rows = open.slice(start, start + IDS_PER_STATEMENT);
      this.#step('ask');
      const reports = await this.#options.rail.ask(rows.map(({ id }) => id)).catch(() => null);
      if (reports === null) continue;
      assert(reports.length === rows.length, 'a rail answers for every id');
      for (const [index, { outcome, reason }] of reports.entries())
        await this.#move(present(rows[index], 'row'), outcome, { reason });
    }
  }

  async #handOver(nowUs: bigint): Promise<PayoutRun> {
    const waiting: { id: string; reason: string }[] = [];
    const orders: PaymentOrder[] = [];
    const chosen: PayoutRow[] = [];
    for (const row of await this.#inState('reserved')) {
      if (orders.length >= this.#options.rail.ordersMax) break;
      const to = await this.#options.destinationOf(row.payee, nowUs);
      if (!to.ok) {
        waiting.push({ id: row.id, reason: to.message });
        continue;
      }
      orders.push({
        payoutId: row.id,
        to: to.value,
        amountCents: amountOf(row),
        remittance: `JAMNet ${row.id.slice(0, 8)}`,
      });
      chosen.push(row);
    }
    if (orders.length === 0) return { batchId: null, submitted: 0, waiting };
    const attempts = chosen.map(({ id, attempts: before }) => `${id}:${before}`).join(' ');
    const batchId = `jam-${toHex(sha256(encodeUtf8(attempts))).slice(0, 28)}`;
    // Written down before it is said: a stop from here on finds `submitted` without an answer, which is unknown.
    for (const row of chosen) await this.#move(row, 'handed-over', { batchId });
    const batch = {
      batchId,
      createdAtUs: nowUs,
      executionDate: isoTime(nowUs + DAY_US).slice(0, 10),
      currency: this.#options.rail.currency,
      from: this.#options.from,
      orders,
    };
    this.#step('submit');
    const taken = await this.#options.rail.submit(batch).then(
      () => true,
      () => false,
    );
    this.#step('submitted');
    for (const { id } of chosen) {
      const row = present(await this.#find(id), 'payout');
      await this.#move(row, taken ? 'accepted' : 'no-answer');
    }
    return { batchId, submitted: chosen.length, waiting };
  }

  /** Stores what an event makes of a payout; `false` when the event fits no state it can be in. */
  async #move(
    row: PayoutRow,
    event: PayoutEvent,
    more: { reason?: string | null; batchId?: string } = {},
  ): Promise<boolean> {
    const before = stateOf(row);
    const next = payoutAfter(before, event);
    if (!next.ok) return false;
    const after = next.value;
    const acknowledged = after === 'reserved' ? 0n : event === 'accepted' ? 1n : row.acknowledged;
    if (after === before && acknowledged === row.acknowledged) return true;
    this.#step(`move ${before} ${event}`);
    const changed = await this.#tables
      .updateTable('economy_payout')
      .set({
        state: after,
        acknowledged,
        was_settled: before === 'settled' || after === 'settled' ? 1n : row.was_settled,
        posted: after === before ? row.posted : 0n,
        batch_id: more.batchId ?? row.batch_id,
        reason: more.reason ?? row.reason,
        attempts: event === 'handed-over' ? row.attempts + 1n : row.attempts,
      })
      .where('id', '=', row.id)
      .where('state', '=', before)
      .executeTakeFirst();
    return changed.numUpdatedRows === 1n;
  }

  /** Brings the ledger up to what the states mean; keys derive from the payout, so posting again changes nothing. */
  async #postAll(nowUs: bigint): Promise<void> {
    const rows = await this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('state', 'in', ['settled', 'returned'])
      .where('posted', '=', 0n)
      .orderBy('id')
      .limit(PER_RUN_MAX)
      .execute();
    for (const row of rows) {
      const entries: { key: string; kind: string; legs: JournalLeg[] }[] = [];
      const move = (from: string, to: string): JournalLeg[] => [
        { account: from, amount: -row.usd_cents },
        { account: to, amount: row.usd_cents },
      ];
      const [paying, payable] = [payingUsd(row.payee), ACCOUNTS.payableUsd(row.payee)];
      if (row.was_settled === 1n)
        entries.push({
          key: `payout:${row.id}:settle`,
          kind: 'payout-settle',
          legs: move(paying, ACCOUNTS.outsideUsd),
        });
      const from = row.was_settled === 1n ? ACCOUNTS.outsideUsd : paying;
      if (row.state === 'returned')
        entries.push({ key: `payout:${row.id}:return`, kind: 'payout-return', legs: move(from, payable) });
      this.#step('post');
      await this.#books.post(nowUs, entries);
      this.#step('posted');
      await this.#tables
        .updateTable('economy_payout')
        .set({ posted: 1n })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .execute();
    }
  }

  #inState(state: PayoutState): Promise<PayoutRow[]> {
    return this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('state', '=', state)
      .where('rail', '=', this.#options.rail.name)
      .orderBy('requested_at_us')
      .orderBy('id')
      .limit(PER_RUN_MAX)
      .execute();
  }

  #find(id: string): Promise<PayoutRow | undefined> {
    return this.#tables.selectFrom('economy_payout').selectAll().where('id', '=', id).executeTakeFirst();
  }

  #step(step: string): void {
    this.#options.onStep?.(step);
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

const DAY_US = 86_400_000_000n;

/** On its way: debited and not yet known to have arrived. */
function payingUsd(payee: string): string {
  return `paying:${payee}:USD`;
}

/** In the rail's currency, rounded down; what is lost is less than a cent and stays outside. */
function amountOf({ usd_cents, rate_numerator, rate_denominator }: PayoutRow): bigint {
  return (usd_cents * rate_numerator) / rate_denominator;
}

function stateOf(row: PayoutRow): PayoutState {
  return row.state as PayoutState; // only `payoutAfter` writes this column
}

function viewOf(row: PayoutRow): PayoutView {
  return {
    id: row.id,
    payee: row.payee,
    usdCents: row.usd_cents,
    amountCents: amountOf(row),
    state: stateOf(row),
    batchId: row.batch_id,
    reason: row.reason,
    attempts: Number(row.attempts),
  };
}
