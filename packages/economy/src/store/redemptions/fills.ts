import { assert, present } from '@jamnet/base';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { monthOf } from '../../core/records/calendar.ts';
import type { Fill } from '../../core/redemption/redemption-clear.ts';
import { usedParts } from '../../core/redemption/redemption-gate.ts';
import type { RedemptionPrice } from '../../core/redemption/redemption-price.ts';
import type { Redemption } from '../../core/redemption/redemption-state.ts';
import type { StoreContext, Tables } from '../context.ts';
import type { FillRow, PeriodRow } from '../tables.ts';
import { saveRedemption } from './redemption-rows.ts';

/** A redemption past its cut-off and what a unit of it is worth. */
export interface Priced {
  readonly redemption: Redemption;
  readonly price: RedemptionPrice;
}

/** Writes down what a run decided, inside its transaction; {@link postFills} pays it. */
export async function storeFills(
  tables: Tables,
  nowUs: bigint,
  policy: Policy,
  period: PeriodRow,
  priced: readonly Priced[],
  fills: readonly Fill[],
): Promise<void> {
  const byId = new Map(priced.map((entry) => [entry.redemption.id, entry]));
  let paidCents = period.paid_cents;
  let parts = period.used_parts;
  for (const fill of fills) {
    const { redemption, price } = present(byId.get(fill.id), 'priced redemption');
    const nextCutoffUs = policy.sample ? (price.valuation?.datedAtUs ?? nowUs) : monthOf(nowUs).endUs;
    const moved = await saveRedemption(tables, redemption, { type: 'filled', fill, nextCutoffUs });
    assert(moved, 'one run at a time pays redemptions');
    const row: FillRow = {
      id: `${fill.id}:${redemption.paidMicroJam}`,
      redemption_id: fill.id,
      payee: redemption.payee,
      micro_jam: fill.microJam,
      cents: fill.cents,
      valuation_id: price.valuation?.id ?? null,
      posted: 0n,
    };
    await tables.insertInto('economy_fill').values(row).execute();
    paidCents += fill.cents;
    parts += usedParts(fill.microJam, period.outstanding_micro_jam);
  }
  await tables
    .updateTable('economy_period')
    .set({ paid_cents: paidCents, used_parts: parts })
    .where('id', '=', period.id)
    .execute();
}

/** Units back to the pool, cash from the reserve to what is payable: one entry for each fill. */
export async function postFills({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_fill')
    .selectAll()
    .where('posted', '=', 0n)
    .orderBy('id')
    .execute();
  const entries = rows.map(({ id, payee, micro_jam, cents }) => ({
    key: `redeem:${id}`,
    kind: 'redemption',
    legs: [
      { account: ACCOUNTS.redeemingJam(payee), amount: -micro_jam },
      { account: ACCOUNTS.poolJam, amount: micro_jam },
      { account: ACCOUNTS.reserveUsd, amount: -cents },
      { account: ACCOUNTS.payableUsd(payee), amount: cents },
    ],
  }));
  await books.post(nowUs, entries);
  for (const { id } of rows)
    await tables.updateTable('economy_fill').set({ posted: 1n }).where('id', '=', id).execute();
}
