import { advance, type Redemption, type RedemptionEvent } from '../../core/redemption/redemption-state.ts';
import type { Tables } from '../context.ts';
import type { RedemptionRow } from '../tables.ts';

export async function redemptionRow(tables: Tables, id: string): Promise<RedemptionRow | undefined> {
  return tables.selectFrom('economy_redemption').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Stores what an event makes of a redemption; answers `false` when somebody else moved it first. */
export async function saveRedemption(
  tables: Tables,
  redemption: Redemption,
  event: RedemptionEvent,
): Promise<boolean> {
  const next = advance(redemption, event);
  if (!next.ok) return false;
  const { state, paidMicroJam, paidCents, cutoffUs } = next.value;
  const changed = await tables
    .updateTable('economy_redemption')
    .set({ state, paid_micro_jam: paidMicroJam, paid_cents: paidCents, cutoff_us: cutoffUs })
    .where('id', '=', redemption.id)
    .where('state', '=', redemption.state)
    .where('paid_micro_jam', '=', redemption.paidMicroJam)
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}
