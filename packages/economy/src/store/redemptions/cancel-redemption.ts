import { ok, present, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { mayCancel } from '../../core/redemption/redemption-state.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import { redemptionOf } from '../rows-of.ts';
import { redemptionRow, saveRedemption } from './redemption-rows.ts';
import { type RedemptionView, viewOf } from './redemption-views.ts';

/** Gives the rest back to the wallet, as long as its price cannot be known. */
export async function cancelRedemption(
  context: StoreContext,
  nowUs: bigint,
  { id, payee }: { id: string; payee: string },
): Promise<Result<RedemptionView, EconomyCode>> {
  const { tables } = context;
  const row = await redemptionRow(tables, id);
  if (!row || row.payee !== payee)
    return refuse('unknown-redemption', `There is no redemption ${id} of this payee.`);
  const published = present(await latestPolicy(tables), 'policy of a redemption');
  const isPriced = (await valuations(tables)).some(({ datedAtUs }) => datedAtUs > row.cutoff_us);
  const terms = { isSample: published.policy.sample, isPriced };
  if (row.state === 'open' && !mayCancel(redemptionOf(row), nowUs, terms)) {
    return refuse(
      'cut-off-passed',
      'The cut-off has passed: the price may be known, so it can no longer be cancelled.',
    );
  }
  if (
    row.state !== 'cancelled' &&
    !(await saveRedemption(tables, redemptionOf(row), { type: 'cancelled' }))
  ) {
    return refuse('redemption-state', `The redemption is ${row.state}: there is nothing to cancel.`);
  }
  await returnCancelled(context, nowUs);
  return ok(await viewOf(tables, id, nowUs));
}

export async function returnCancelled({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_redemption')
    .selectAll()
    .where('state', '=', 'cancelled')
    .where('returned', '=', 0n)
    .execute();
  for (const { id, payee, asked_micro_jam, paid_micro_jam } of rows) {
    const rest = asked_micro_jam - paid_micro_jam;
    const legs = [
      { account: ACCOUNTS.redeemingJam(payee), amount: -rest },
      { account: ACCOUNTS.payeeJam(payee), amount: rest },
    ];
    await books.post(nowUs, [{ key: `redeem:${id}:return`, kind: 'redemption-return', legs }]);
    await tables.updateTable('economy_redemption').set({ returned: 1n }).where('id', '=', id).execute();
  }
}
