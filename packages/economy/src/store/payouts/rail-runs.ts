import { assert, encodeUtf8, Failure, present, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { isoTime, type PaymentOrder } from '../../rails/payment.ts';
import type { RailReport } from '../../rails/rail.ts';
import { type PayoutRows, PER_RUN_MAX } from './payout-rows.ts';
import { amountOf, type PayoutRow } from './payout-table.ts';
import type { OddReport, PayoutOptions, RailSetup, SentBatch, WaitingPayout } from './payouts.ts';

/** Payouts that a rail is asked about at once. */
const ASKED_AT_ONCE = 500;
const DAY_US = 86_400_000_000n;

export interface RailContext {
  readonly rows: PayoutRows;
  readonly options: PayoutOptions;
  readonly setup: RailSetup;
}

/** Only the rail's word moves what is unknown; what it holds may have settled or come back meanwhile. */
export async function askRail(context: RailContext, nowUs: bigint): Promise<void> {
  const { rows, setup } = context;
  const { name, asksAgainUs } = setup.rail;
  // Handed over by a run that did not come back to say how it went: nobody here knows.
  const silent = (await rows.inState('submitted', name)).filter((row) => row.acknowledged === 0n);
  await rows.transaction(async (inside) => {
    for (const row of silent) await inside.move(row, 'no-answer', nowUs);
  });
  const open = [...(await rows.inState('unknown', name)), ...(await rows.inState('submitted', name))];
  if (asksAgainUs > 0n) open.push(...(await rows.settledAfter(nowUs - asksAgainUs, name)));
  await askAbout(context, open, nowUs);
}

/** Asks about these and stores what is said; what does not fit is answered. */
export async function askAbout(
  { rows, options, setup }: RailContext,
  open: readonly PayoutRow[],
  nowUs: bigint,
): Promise<OddReport[]> {
  const odd: OddReport[] = [];
  for (let start = 0; start < open.length; start += ASKED_AT_ONCE) {
    const some = open.slice(start, start + ASKED_AT_ONCE);
    options.onStep?.('ask');
    const reports = await setup.rail
      .ask(
        some.map(({ id }) => id),
        nowUs,
      )
      .catch(() => null);
    if (reports === null) continue;
    assert(reports.length === some.length, 'a rail answers for every id');
    const faults = await rows.transaction(async (inside) => {
      const found: OddReport[] = [];
      for (const [index, report] of reports.entries()) {
        const fault = await applyReport(inside, setup, present(some[index], 'row'), report, nowUs);
        if (fault) found.push(fault);
      }
      return found;
    });
    odd.push(...faults);
  }
  return odd;
}

/** Stores what a rail says of one payout, or says why not. */
export async function applyReport(
  rows: PayoutRows,
  { rail }: RailSetup,
  row: PayoutRow,
  { outcome, reason, amount }: RailReport,
  nowUs: bigint,
): Promise<OddReport | null> {
  if (amount && (amount.cents !== amountOf(row) || amount.currency !== rail.currency))
    return { id: row.id, code: 'amount-differs' };
  const moved = await rows.move(row, outcome, nowUs, { reason });
  return moved ? null : { id: row.id, code: 'payout-event-unexpected' };
}

/** Hands over, batch by batch, what is reserved and may go. */
export async function handOver(
  context: RailContext,
  nowUs: bigint,
): Promise<{ batches: SentBatch[]; waiting: WaitingPayout[] }> {
  const { rows, options, setup } = context;
  const waiting: WaitingPayout[] = [];
  const ready: { row: PayoutRow; order: PaymentOrder }[] = [];
  for (const row of (await rows.inState('reserved', setup.rail.name)).slice(0, PER_RUN_MAX)) {
    const to = await options.destinationOf(row.payee, nowUs, { taxWithheld: row.withheld_cents > 0n });
    const may = to.ok ? await setup.rail.mayPay(to.value, amountOf(row)) : to;
    if (!to.ok || !may.ok) waiting.push({ id: row.id, payee: row.payee, reason: may.ok ? '' : may.message });
    else ready.push({ row, order: orderOf(row, to.value) });
  }
  const batches: SentBatch[] = [];
  for (let start = 0; start < ready.length; start += setup.rail.ordersMax)
    batches.push(await submitBatch(context, ready.slice(start, start + setup.rail.ordersMax), nowUs));
  return { batches, waiting };
}

function orderOf(row: PayoutRow, to: PaymentOrder['to']): PaymentOrder {
  return { payoutId: row.id, to, amountCents: amountOf(row), remittance: `JAMNet ${row.id.slice(0, 8)}` };
}

async function submitBatch(
  { rows, options, setup }: RailContext,
  chosen: readonly { row: PayoutRow; order: PaymentOrder }[],
  nowUs: bigint,
): Promise<SentBatch> {
  const { rail, from } = setup;
  const attempts = chosen.map(({ row }) => `${row.id}:${row.attempts}`).join(' ');
  const batchId = `jam-${toHex(sha256(encodeUtf8(attempts))).slice(0, 28)}`;
  // Written down before it is said: a stop from here on finds `submitted` without an answer, which is unknown.
  await rows.transaction(async (inside) => {
    for (const { row } of chosen) {
      const moved = await inside.move(row, 'handed-over', nowUs, { batchId });
      if (!moved)
        throw new Failure('leader-replaced', 'Another process has handed this over: nothing was sent here.');
    }
  });
  const orders = chosen.map(({ order }) => order);
  const executionDate = isoTime(nowUs + DAY_US).slice(0, 10);
  options.onStep?.('submit');
  const said = await rail
    .submit({ batchId, createdAtUs: nowUs, executionDate, currency: rail.currency, from, orders })
    .catch(() => []);
  options.onStep?.('submitted');
  const reports = new Map(said.map((report) => [report.payoutId, report]));
  await rows.transaction(async (inside) => {
    for (const { row } of chosen) {
      const now = present(await inside.find(row.id), 'payout');
      const { outcome, reason } = reports.get(row.id) ?? { outcome: 'no-answer' as const, reason: null };
      await inside.move(now, outcome, nowUs, { reason });
    }
  });
  const totalCents = orders.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const file = rail.placeOf?.(batchId) ?? null;
  return { rail: rail.name, batchId, payouts: orders.length, totalCents, currency: rail.currency, file };
}
