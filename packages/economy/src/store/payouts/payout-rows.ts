import type { Fence } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { type PayoutEvent, type PayoutState, payoutAfter } from '../../rails/payout-state.ts';
import { isBehind, type RowsAfter } from '../row-place.ts';
import { amountOf, type PayoutRow, type PayoutTables, stateOf } from './payout-table.ts';
import type { PayoutFilter, PayoutView } from './payouts.ts';

/** Payouts taken up in one run; the rest wait for the next. */
export const PER_RUN_MAX = 10_000;
const ALL: RowsAfter = { after: null, limit: 1_000 };
const NAMES_PER_STATEMENT = 500;
const DAY_US = 86_400_000_000n;

/** The table of payouts: every change of state goes through {@link move}. */
export class PayoutRows {
  readonly #tables: Kysely<PayoutTables>;
  readonly #step: (step: string) => void;
  readonly #fence: Fence;

  /** `fence`: asked at the beginning of each transaction. */
  constructor(tables: Kysely<PayoutTables>, step: (step: string) => void, fence: Fence) {
    this.#tables = tables;
    this.#step = step;
    this.#fence = fence;
  }

  /** All of it or nothing, and one wait for the disk. */
  transaction<T>(work: (rows: PayoutRows) => Promise<T>): Promise<T> {
    return this.#tables.transaction().execute(async (tables) => {
      await this.#fence(tables);
      return work(new PayoutRows(tables, this.#step, this.#fence));
    });
  }

  find(id: string): Promise<PayoutRow | undefined> {
    return this.#tables.selectFrom('economy_payout').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async insert(row: PayoutRow): Promise<void> {
    await this.#tables
      .insertInto('economy_payout')
      .values(row)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }

  inState(state: PayoutState, rail: string): Promise<PayoutRow[]> {
    return this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('state', '=', state)
      .where('rail', '=', rail)
      .orderBy('requested_at_us')
      .orderBy('id')
      .limit(PER_RUN_MAX)
      .execute();
  }

  settledAfter(atUs: bigint, rail: string): Promise<PayoutRow[]> {
    return this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('state', '=', 'settled')
      .where('rail', '=', rail)
      .where('settled_at_us', '>', atUs)
      .orderBy('id')
      .limit(PER_RUN_MAX)
      .execute();
  }

  unposted(): Promise<PayoutRow[]> {
    return this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('state', 'in', ['settled', 'returned'])
      .where('posted', '=', 0n)
      .orderBy('id')
      .limit(PER_RUN_MAX)
      .execute();
  }

  async markPosted({ id, state }: PayoutRow): Promise<void> {
    await this.#tables
      .updateTable('economy_payout')
      .set({ posted: 1n })
      .where('id', '=', id)
      .where('state', '=', state)
      .execute();
  }

  inBatch(batchId: string): Promise<PayoutRow[]> {
    return this.#tables
      .selectFrom('economy_payout')
      .selectAll()
      .where('batch_id', '=', batchId)
      .orderBy('id')
      .execute();
  }

  /** Rows by what a file calls them: the whole id, or how it begins (at least 15 digits). */
  async named(names: readonly string[]): Promise<ReadonlyMap<string, PayoutRow>> {
    const found = new Map<string, PayoutRow>();
    const whole = names.filter((name) => /^[0-9a-f]{32}$/.test(name));
    for (let start = 0; start < whole.length; start += NAMES_PER_STATEMENT) {
      const ids = whole.slice(start, start + NAMES_PER_STATEMENT);
      const rows = await this.#tables
        .selectFrom('economy_payout')
        .selectAll()
        .where('id', 'in', ids)
        .execute();
      for (const row of rows) found.set(row.id, row);
    }
    for (const name of names.filter((name) => /^[0-9a-f]{15,31}$/.test(name))) {
      // `g` comes after every digit, so these bounds hold what begins with the name.
      const [row, ...more] = await this.#tables
        .selectFrom('economy_payout')
        .selectAll()
        .where('id', '>=', name)
        .where('id', '<', `${name}g`)
        .limit(2)
        .execute();
      if (row && more.length === 0) found.set(name, row);
    }
    return found;
  }

  list({ payee, state, page = ALL }: PayoutFilter): Promise<PayoutRow[]> {
    let query = this.#tables.selectFrom('economy_payout').selectAll();
    if (page.after !== null) query = query.where(isBehind('requested_at_us', page.after));
    if (payee !== undefined) query = query.where('payee', '=', payee);
    if (state !== undefined) query = query.where('state', '=', state);
    return query.orderBy('requested_at_us', 'desc').orderBy('id').limit(page.limit).execute();
  }

  async totals() {
    const rows = await this.#tables
      .selectFrom('economy_payout')
      .select(({ fn }) => [
        'state',
        'rail',
        fn.countAll<bigint>().as('payouts'),
        fn.sum<bigint>('usd_cents').as('usd_cents'),
      ])
      .groupBy(['state', 'rail'])
      .orderBy('rail')
      .orderBy('state')
      .execute();
    return rows.map(({ state, rail, payouts, usd_cents }) => ({
      state: state as PayoutState, // only `payoutAfter` writes this column
      rail,
      payouts: Number(payouts),
      usdCents: BigInt(usd_cents),
    }));
  }

  async askedToday(nowUs: bigint, payee: string): Promise<bigint> {
    const recent = await this.#tables
      .selectFrom('economy_payout')
      .select('usd_cents')
      .where('payee', '=', payee)
      .where('requested_at_us', '>', nowUs - DAY_US)
      .where('state', 'not in', ['refused', 'returned'])
      .execute();
    return recent.reduce((sum, row) => sum + row.usd_cents, 0n);
  }

  /** Stores what an event makes of a payout; `false` when the event fits no state it can be in. */
  async move(
    row: PayoutRow,
    event: PayoutEvent,
    nowUs: bigint,
    more: { reason?: string | null; batchId?: string } = {},
  ): Promise<boolean> {
    const before = stateOf(row);
    const next = payoutAfter(before, event);
    if (!next.ok) return false;
    const after = next.value;
    const acknowledged = after === 'reserved' ? 0n : event === 'accepted' ? 1n : row.acknowledged;
    const reason = more.reason ?? row.reason;
    if (after === before && acknowledged === row.acknowledged && reason === row.reason) return true;
    this.#step(`move ${before} ${event}`);
    const changed = await this.#tables
      .updateTable('economy_payout')
      .set({
        state: after,
        acknowledged,
        reason,
        was_settled: before === 'settled' || after === 'settled' ? 1n : row.was_settled,
        posted: after === before ? row.posted : 0n,
        batch_id: more.batchId ?? row.batch_id,
        attempts: event === 'handed-over' ? row.attempts + 1n : row.attempts,
        settled_at_us: after === 'settled' ? (row.settled_at_us ?? nowUs) : row.settled_at_us,
        returned_at_us: after === 'returned' ? (row.returned_at_us ?? nowUs) : row.returned_at_us,
      })
      .where('id', '=', row.id)
      .where('state', '=', before)
      .executeTakeFirst();
    return changed.numUpdatedRows === 1n;
  }
}

export function viewOf(row: PayoutRow): PayoutView {
  return {
    id: row.id,
    payee: row.payee,
    rail: row.rail,
    usdCents: row.usd_cents,
    withheldCents: row.withheld_cents,
    feeCents: row.fee_cents,
    amountCents: amountOf(row),
    state: stateOf(row),
    batchId: row.batch_id,
    reason: row.reason,
    attempts: Number(row.attempts),
    requestedAtUs: row.requested_at_us,
    settledAtUs: row.settled_at_us,
  };
}
