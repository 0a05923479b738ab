import { Failure, ok, oneAfterAnother, present, type Result, refuse } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, type Lead, migrate, tablesOf, takeLead } from '@jamnet/sql';
import { type BankAnswer, namesIn, reportsOf } from '../../rails/answers.ts';
import type { NachaChange } from '../../rails/nacha/nacha-returns.ts';
import type { RailReport } from '../../rails/rail.ts';
import { Books } from '../books.ts';
import { PAYING_OUT } from '../closing/duties.ts';
import { MIGRATIONS } from '../tables.ts';
import { postAll, postDebits } from './payout-postings.ts';
import { requestFault, reservingRow } from './payout-request.ts';
import { PayoutRows, viewOf } from './payout-rows.ts';
import { PAYOUT_STEPS, type PayoutRow, type PayoutTables } from './payout-table.ts';
import type {
  AppliedAnswer,
  OddReport,
  PayoutCode,
  PayoutFilter,
  PayoutOptions,
  PayoutRequest,
  PayoutRun,
  Payouts,
  PayoutView,
  RailSetup,
} from './payouts.ts';
import { applyReport, askAbout, askRail, handOver } from './rail-runs.ts';

/** Rows of one transaction. */
const AT_ONCE = 500;
/** A payment in one of these may still be made. */
const UNDER_WAY = ['reserving', 'reserved', 'submitted', 'unknown'] as const;
/** How long a process waits for another one that speaks with the rails. */
const LEAD_WAIT_MS = 10_000;

export async function openPayouts(
  database: Database,
  ledger: Ledger,
  options: PayoutOptions,
): Promise<Payouts> {
  // The tokens of leaders are the economy's.
  await migrate(database, 'economy', MIGRATIONS);
  await migrate(database, 'economy_payouts', PAYOUT_STEPS);
  return new PayoutStore(database, new Books(ledger), options);
}

class PayoutStore implements Payouts {
  readonly #database: Database;
  readonly #rows: PayoutRows;
  readonly #books: Books;
  readonly #options: PayoutOptions;
  readonly #inTurn = oneAfterAnother();
  /** Whatever changes a payout is stopped where another process has taken over. */
  #lead: Lead | null = null;

  constructor(database: Database, books: Books, options: PayoutOptions) {
    this.#database = database;
    this.#rows = new PayoutRows(
      tablesOf<PayoutTables>(database),
      (step) => options.onStep?.(step),
      async (inside) => this.#lead?.fence(inside),
    );
    this.#books = books;
    this.#options = options;
  }

  request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>> {
    return this.#inTurn(async () => present((await this.#requestAll(nowUs, [request]))[0], 'answer'));
  }

  requestAll(nowUs: bigint, requests: readonly PayoutRequest[]) {
    return this.#inTurn(async () => {
      const answers: Result<PayoutView, PayoutCode>[] = [];
      for (let start = 0; start < requests.length; start += AT_ONCE)
        answers.push(...(await this.#requestAll(nowUs, requests.slice(start, start + AT_ONCE))));
      return answers;
    });
  }

  run(nowUs: bigint): Promise<PayoutRun> {
    return this.#leading(async () => {
      await this.#catchUp(nowUs);
      const runs = [];
      for (const setup of this.#options.rails) runs.push(await handOver(this.#context(setup), nowUs));
      // A rail may give an order back at once.
      await this.#postAll(nowUs);
      return {
        batches: runs.flatMap(({ batches }) => batches),
        waiting: runs.flatMap(({ waiting }) => waiting),
      };
    });
  }

  ask(nowUs: bigint): Promise<void> {
    return this.#leading(() => this.#catchUp(nowUs));
  }

  report(nowUs: bigint, reports: readonly RailReport[]): Promise<readonly OddReport[]> {
    return this.#leading(() => this.#report(nowUs, reports));
  }

  hint(nowUs: bigint, payoutIds: readonly string[]): Promise<readonly OddReport[]> {
    return this.#leading(async () => {
      const odd: OddReport[] = [];
      for (const id of new Set(payoutIds)) {
        const row = await this.#rows.find(id);
        const setup = row && this.#setupOf(row.rail);
        if (!row || !setup) odd.push({ id, code: 'unknown-payout' });
        // What was never handed over, or came back, is settled between the books and the next run.
        else if (['submitted', 'unknown', 'settled'].includes(row.state))
          odd.push(...(await askAbout(this.#context(setup), [row], nowUs)));
      }
      await this.#postAll(nowUs);
      return odd;
    });
  }

  answer(nowUs: bigint, answer: BankAnswer): Promise<AppliedAnswer> {
    return this.#leading(async () => {
      const { names, batchId } = namesIn(answer);
      const named = await this.#rows.named(names.map((name) => name.toLowerCase()));
      const batch = batchId === null ? [] : await this.#rows.inBatch(batchId);
      const reports = reportsOf(answer, {
        named: (name) => named.get(name.toLowerCase())?.id ?? null,
        inBatch: () => batch.map(({ id }) => id),
      });
      const strangers = names.filter((name) => !named.has(name.toLowerCase()));
      const odd = await this.#report(nowUs, reports);
      const oddIds = new Set(odd.map(({ id }) => id));
      return {
        applied: reports.filter(({ payoutId }) => !oddIds.has(payoutId)),
        odd: [...odd, ...strangers.map((id): OddReport => ({ id, code: 'unknown-payout' }))],
        changes: changesIn(answer).flatMap(({ id, code, meaning }) => {
          const payee = named.get(id)?.payee;
          return payee === undefined ? [] : [{ payee, code, meaning }];
        }),
      };
    });
  }

  /** One after another here, and one process at a time. */
  #leading<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const lead = await takeLead(this.#database, PAYING_OUT, { waitMs: LEAD_WAIT_MS });
      if (!lead.ok) throw new Failure(lead.code, lead.message);
      this.#lead = lead.value;
      try {
        return await work();
      } finally {
        this.#lead = null;
        await lead.value.release();
      }
    });
  }

  async isUnderWay(payee: string): Promise<boolean> {
    for (const state of UNDER_WAY) if ((await this.#rows.list({ payee, state })).length > 0) return true;
    return false;
  }

  whileStill<T>(payee: string, work: (isUnderWay: boolean) => Promise<T>): Promise<T> {
    return this.#leading(async () => work(await this.isUnderWay(payee)));
  }

  async payout(id: string): Promise<PayoutView | null> {
    const row = await this.#rows.find(id);
    return row ? viewOf(row) : null;
  }

  async payouts(filter: PayoutFilter = {}): Promise<readonly PayoutView[]> {
    return (await this.#rows.list(filter)).map(viewOf);
  }

  totals(): ReturnType<Payouts['totals']> {
    return this.#rows.totals();
  }

  askedToday(nowUs: bigint, payee: string): Promise<bigint> {
    return this.#rows.askedToday(nowUs, payee);
  }

  async #requestAll(
    nowUs: bigint,
    requests: readonly PayoutRequest[],
  ): Promise<Result<PayoutView, PayoutCode>[]> {
    const asked = new Map<string, bigint>();
    const rows: Result<PayoutRow, PayoutCode>[] = [];
    for (const request of requests) rows.push(await this.#rowOf(nowUs, request, asked));
    this.#options.onStep?.('request');
    await this.#rows.transaction(async (inside) => {
      for (const row of rows) if (row.ok) await inside.insert(row.value);
    });
    const stored = new Map<string, PayoutRow>();
    for (const row of rows)
      if (row.ok) stored.set(row.value.id, present(await this.#rows.find(row.value.id), 'payout'));
    const isSame = (row: PayoutRow): boolean => {
      const before = stored.get(row.id);
      return before?.usd_cents === row.usd_cents && before.rail === row.rail;
    };
    const agreed = rows.flatMap((row) => (row.ok && isSame(row.value) ? [stored.get(row.value.id)] : []));
    await this.#debit(
      nowUs,
      [...new Set(agreed)].filter((row) => row !== undefined),
    );
    return Promise.all(
      rows.map(async (row) => {
        if (!row.ok) return row;
        if (!isSame(row.value))
          return refuse<PayoutCode>(
            'payout-key-reused',
            'This key was used for another amount or rail; use a new one.',
          );
        const view = viewOf(present(await this.#rows.find(row.value.id), 'payout'));
        return view.state === 'refused'
          ? refuse<PayoutCode>('not-enough-cash', 'The payee has less than this payable.')
          : ok(view);
      }),
    );
  }

  /** The row that a request would make, or why not; `asked` is what this call asks for each payee before it. */
  async #rowOf(
    nowUs: bigint,
    request: PayoutRequest,
    asked: Map<string, bigint>,
  ): Promise<Result<PayoutRow, PayoutCode>> {
    const setup = this.#setupOf(request.rail);
    if (!setup) return refuse('rail-unavailable', `The studio has not set up ${request.rail}.`);
    const row = reservingRow(nowUs, request, setup);
    const fault = requestFault(request, row);
    if (fault) return fault;
    const most = request.dailyUsdCentsMax;
    if (most === undefined || (await this.#rows.find(row.id))) return ok(row);
    const earlier = asked.get(row.payee) ?? 0n;
    const before = earlier + (await this.#rows.askedToday(nowUs, row.payee));
    if (before + row.usd_cents > most)
      return refuse('daily-limit', 'This is more than the payee may be paid in a day: ask for less or wait.');
    asked.set(row.payee, earlier + row.usd_cents);
    return ok(row);
  }

  async #report(nowUs: bigint, reports: readonly RailReport[]): Promise<OddReport[]> {
    const odd: OddReport[] = [];
    for (let start = 0; start < reports.length; start += AT_ONCE) {
      const some = reports.slice(start, start + AT_ONCE);
      odd.push(...(await this.#rows.transaction((inside) => this.#applyAll(inside, some, nowUs))));
    }
    await this.#postAll(nowUs);
    return odd;
  }

  async #applyAll(rows: PayoutRows, reports: readonly RailReport[], nowUs: bigint): Promise<OddReport[]> {
    const odd: OddReport[] = [];
    for (const report of reports) {
      const row = await rows.find(report.payoutId);
      const setup = row && this.#setupOf(row.rail);
      const fault =
        row && setup
          ? await applyReport(rows, setup, row, report, nowUs)
          : { id: report.payoutId, code: 'unknown-payout' as const };
      if (fault) odd.push(fault);
    }
    return odd;
  }

  /** What a stop interrupted, and what the rails know. */
  async #catchUp(nowUs: bigint): Promise<void> {
    for (const setup of this.#options.rails) {
      await this.#debit(nowUs, await this.#rows.inState('reserving', setup.rail.name));
      await askRail(this.#context(setup), nowUs);
    }
    await this.#postAll(nowUs);
  }

  async #debit(nowUs: bigint, rows: readonly PayoutRow[]): Promise<void> {
    const fresh = rows.filter(({ state }) => state === 'reserving');
    if (fresh.length === 0) return;
    this.#options.onStep?.('debit');
    const debited = await postDebits(this.#books, nowUs, fresh);
    await this.#rows.transaction(async (inside) => {
      for (const [index, row] of fresh.entries())
        await inside.move(row, debited[index] === true ? 'debited' : 'no-funds', nowUs);
    });
  }

  #postAll(nowUs: bigint): Promise<void> {
    return postAll(this.#rows, this.#books, nowUs, this.#options);
  }

  #setupOf(rail: string): RailSetup | undefined {
    return this.#options.rails.find((setup) => setup.rail.name === rail);
  }

  #context(setup: RailSetup) {
    return { rows: this.#rows, options: this.#options, setup };
  }
}

function changesIn(answer: BankAnswer): readonly NachaChange[] {
  return answer.kind === 'nacha' ? answer.answer.changes : [];
}
