import { present } from '@jamnet/base';
import { redemptionPrice } from '../../core/redemption/redemption-price.ts';
import {
  mayCancel,
  type Redemption,
  type RedemptionStatus,
  statusOf,
} from '../../core/redemption/redemption-state.ts';
import type { StoreContext, Tables } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import { redemptionOf } from '../rows-of.ts';
import type { RedemptionRow } from '../tables.ts';
import { redemptionRow } from './redemption-rows.ts';

export interface RedemptionView extends Redemption {
  readonly status: RedemptionStatus;
  /** The status in a sentence for its owner. */
  readonly sentence: string;
  /** Whether its owner may still take it back. */
  readonly mayCancel: boolean;
}

/** Redemptions listed at once. */
const LISTED_MAX = 1_000;

export async function redemptionList(
  { tables }: StoreContext,
  nowUs: bigint,
  payee?: string,
): Promise<RedemptionView[]> {
  const all = tables.selectFrom('economy_redemption').selectAll();
  const own = payee === undefined ? all : all.where('payee', '=', payee);
  const rows = await own.orderBy('requested_at_us', 'desc').orderBy('id').limit(LISTED_MAX).execute();
  return viewsOf(tables, rows, nowUs);
}

export async function viewOf(tables: Tables, id: string, nowUs: bigint): Promise<RedemptionView> {
  const row = present(await redemptionRow(tables, id), 'redemption');
  const [view] = await viewsOf(tables, [row], nowUs);
  return present(view, 'view');
}

export async function viewsOf(
  tables: Tables,
  rows: readonly RedemptionRow[],
  nowUs: bigint,
): Promise<RedemptionView[]> {
  const published = await latestPolicy(tables);
  const known = await valuations(tables);
  return rows.map((row) => {
    const redemption = redemptionOf(row);
    const priced =
      published !== null && redemptionPrice(published.policy, known, redemption.cutoffUs, nowUs) !== null;
    const isPriced = known.some(({ datedAtUs }) => datedAtUs > redemption.cutoffUs);
    return {
      ...redemption,
      ...statusOf(redemption, nowUs, priced),
      mayCancel: mayCancel(redemption, nowUs, { isSample: published?.policy.sample ?? false, isPriced }),
    };
  });
}
