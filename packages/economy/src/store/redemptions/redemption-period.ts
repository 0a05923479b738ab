import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { monthOf, quarterIdOf } from '../../core/records/calendar.ts';
import type { RedemptionPrice } from '../../core/redemption/redemption-price.ts';
import type { StoreContext, Tables } from '../context.ts';
import type { PeriodRow } from '../tables.ts';

/** The month's row, made at its first run with the reserve and units it begins with. A sample has one period for each valuation. */
export async function openPeriod(
  { tables, books }: StoreContext,
  nowUs: bigint,
  policy: Policy,
  price: RedemptionPrice,
): Promise<PeriodRow> {
  const sampleId = policy.epochs.kind === 'sample' ? policy.epochs.id : null;
  const id = sampleId === null ? monthOf(nowUs).id : `${sampleId}/${price.valuation?.id ?? 'fixed'}`;
  const row: PeriodRow = {
    id,
    quarter_id: sampleId ?? quarterIdOf(nowUs),
    reserve_cents: await books.balance(ACCOUNTS.reserveUsd),
    outstanding_micro_jam: await books.outstandingMicroJam(),
    paid_cents: 0n,
    used_parts: 0n,
  };
  await tables
    .insertInto('economy_period')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
  return tables.selectFrom('economy_period').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

export async function usedInQuarter(tables: Tables, period: PeriodRow): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_period')
    .select('used_parts')
    .where('quarter_id', '=', period.quarter_id)
    .where('id', '!=', period.id)
    .execute();
  return rows.reduce((sum, { used_parts }) => sum + used_parts, 0n);
}
