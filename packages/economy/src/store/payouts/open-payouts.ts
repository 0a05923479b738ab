import { ok, present, type Result, refuse } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import { type BankAnswer, namesIn, reportsOf } from '../../rails/answers.ts';
import type { NachaChange } from '../../rails/nacha/nacha-returns.ts';
import type { PayoutState } from '../../rails/payout-state.ts';
import type { RailReport } from '../../rails/rail.ts';
import { Books } from '../books.ts';
import { postAll, postDebit } from './payout-postings.ts';
import { PayoutRows, viewOf } from './payout-rows.ts';
import { amountOf, PAYOUT_STEPS, type PayoutRow, type PayoutTables, payoutIdOf } from './payout-table.ts';
import type {
  AppliedAnswer,
  OddReport,
  PayoutCode,
  PayoutOptions,
  PayoutRequest,
  PayoutRun,
  Payouts,
  PayoutView,
  RailSetup,
} from './payouts.ts';
import { applyReport, askAbout, askRail, handOver } from './rail-runs.ts';

/** The largest single payout, US cents. */
const CENTS_MAX = 10n ** 15n;

export async function openPayouts(
  database: Database,
  ledger: Ledger,
  options: PayoutOptions,
): Promise<Payouts> {
  await migrate(database, 'economy_payouts', PAYOUT_STEPS);
  return new PayoutStore(tablesOf<PayoutTables>(database), new Books(ledger), options);
}

class PayoutStore implements Payouts {
  readonly #rows: PayoutRows;
  readonly #books: Books;
  readonly #options: PayoutOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(tables: ConstructorParameters<typeof PayoutRows>[0], books: Books, options: PayoutOptions) {
    this.#rows = new PayoutRows(tables, (step) => options.onStep?.(step));
    this.#books = books;
    this.#options = options;
  }

  request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>> {
    return this.#inTurn(() => this.#request(nowUs, request));
  }

  run(nowUs: bigint): Promise<PayoutRun> {
    return this.#inTurn(async () => {
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
    return this.#inTurn(() => this.#catchUp(nowUs));
  }

  report(nowUs: bigint, reports: readonly RailReport[]): Promise<readonly OddReport[]> {
    return this.#inTurn(() => this.#report(nowUs, reports));
  }

  hint(nowUs: bigint, payoutIds: readonly string[]): Promise<readonly OddReport[]> {
    return this.#inTurn(async () => {
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
    return this.#inTurn(async () => {
      const { names, batchId } = namesIn(answer);
      const named = await this.#rows.named(names.map((name) => name.toLowerCase()));
      const batch = batchId === null ? [] : await this.#rows.inBatch(batchId);
      const reports = reportsOf(answer, {
        named: (name) => named.get(name.toLowerCase())?.id ?? null,
        inBatch: () => batch.map(({ id }) => id),
      });
      const strangers = names.filter((name) => !named.has(name.toLowerCase()));
      const odd = await this.#report(nowUs, reports);
      return {
        applied: reports.filter(({ payoutId }) => !odd.some(({ id }) => id === payoutId)),
        odd: [...odd, ...strangers.map((id): OddReport => ({ id, code: 'unknown-payout' }))],
        changes: changesIn(answer).flatMap(({ id, code, meaning }) => {
          const payee = named.get(id)?.payee;
          return payee === undefined ? [] : [{ payee, code, meaning }];
        }),
      };
    });
  }

  async payout(id: string): Promise<PayoutView | null> {
    const row = await this.#rows.find(id);
    return row ? viewOf(row) : null;
  }

  async payouts(filter: { payee?: string; state?: PayoutState } = {}): Promise<readonly PayoutView[]> {
    return (await this.#rows.list(filter)).map(viewOf);
  }

  totals(): ReturnType<Payouts['totals']> {
    return this.#rows.totals();
  }

  askedToday(nowUs: bigint, payee: string): Promise<bigint> {
    return this.#rows.askedToday(nowUs, payee);
  }

  async #request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>> {
    const setup = this.#setupOf(request.rail);
    if (!setup) return refuse('rail-unavailable', `The studio has not set up ${request.rail}.`);
    const row = rowOf(nowUs, request, setup);
    const fault = requestFault(request, row);
    if (fault) return fault;
    const most = request.dailyUsdCentsMax;
    if (most !== undefined && !(await this.#rows.find(row.id))) {
      const before = await this.#rows.askedToday(nowUs, row.payee);
      if (before + row.usd_cents > most)
        return refuse(
          'daily-limit',
          'This is more than the payee may be paid in a day: ask for less or wait.',
        );
    }
    this.#options.onStep?.('request');
    await this.#rows.insert(row);
    const stored = present(await this.#rows.find(row.id), 'payout');
    if (stored.usd_cents !== row.usd_cents || stored.rail !== row.rail)
      return refuse('payout-key-reused', 'This key was used for another amount or rail; use a new one.');
    await this.#debit(nowUs, stored);
    const view = viewOf(present(await this.#rows.find(row.id), 'payout'));
    return view.state === 'refused'
      ? refuse('not-enough-cash', 'The payee has less than this payable.')
      : ok(view);
  }

  async #report(nowUs: bigint, reports: readonly RailReport[]): Promise<OddReport[]> {
    const odd: OddReport[] = [];
    for (const report of reports) {
      const row = await this.#rows.find(report.payoutId);
      const setup = row && this.#setupOf(row.rail);
      const fault =
        row && setup
          ? await applyReport(this.#rows, setup, row, report, nowUs)
          : { id: report.payoutId, code: 'unknown-payout' as const };
      if (fault) odd.push(fault);
    }
    await this.#postAll(nowUs);
    return odd;
  }

  /** What a stop interrupted, and what the rails know. */
  async #catchUp(nowUs: bigint): Promise<void> {
    for (const setup of this.#options.rails) {
      for (const row of await this.#rows.inState('reserving', setup.rail.name)) await this.#debit(nowUs, row);
      await askRail(this.#context(setup), nowUs);
    }
    await this.#postAll(nowUs);
  }

  async #debit(nowUs: bigint, row: PayoutRow): Promise<void> {
    if (row.state !== 'reserving') return;
    this.#options.onStep?.('debit');
    const debited = await postDebit(this.#books, nowUs, row);
    await this.#rows.move(row, debited ? 'debited' : 'no-funds', nowUs);
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

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function changesIn(answer: BankAnswer): readonly NachaChange[] {
  return answer.kind === 'nacha' ? answer.answer.changes : [];
}

function rowOf(nowUs: bigint, request: PayoutRequest, { rail, rate }: RailSetup): PayoutRow {
  return {
    id: payoutIdOf(request.payee, request.key),
    payee: request.payee,
    usd_cents: request.usdCents,
    rate_numerator: rate.numerator,
    rate_denominator: rate.denominator,
    rail: rail.name,
    state: 'reserving',
    batch_id: null,
    acknowledged: 0n,
    was_settled: 0n,
    posted: 0n,
    reason: null,
    attempts: 0n,
    requested_at_us: nowUs,
    withheld_cents: request.withheldCents ?? 0n,
    fee_cents: request.feeCents ?? 0n,
    policy_sha256: request.policySha256 ?? null,
    settled_at_us: null,
    returned_at_us: null,
  };
}

function requestFault({ payee, usdCents, key }: PayoutRequest, row: PayoutRow) {
  if (
    !/^p[0-9a-f]{32}$/.test(payee) ||
    usdCents <= 0n ||
    usdCents > CENTS_MAX ||
    key.length < 1 ||
    key.length > 128 ||
    row.withheld_cents < 0n ||
    row.fee_cents < 0n
  )
    return refuse<PayoutCode>(
      'payout-malformed',
      'A payout names a payee, an amount above 0 and a key of 1 to 128 characters.',
    );
  if (amountOf(row) > 0n) return null;
  return refuse<PayoutCode>(
    'payout-malformed',
    'This is less than the smallest amount of the rail’s currency.',
  );
}
