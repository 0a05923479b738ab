import { ok, type Result } from '@jamnet/base';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext } from '../context.ts';
import type { PlacedOrder } from '../hardware/orders.ts';
import type { RefundedOrder } from '../hardware/refund-order.ts';

/** What became of a signed event. Only `booked` wrote anything. */
export interface Handled {
  readonly outcome: 'booked' | 'repeated' | 'ignored';
  readonly detail: string;
  /** Of a shop's event: the order's claim codes, told once, or what a refund did to its devices. */
  readonly order: PlacedOrder | RefundedOrder | null;
}

/** Runs the handling of an event that has not been handled; remembers it once that went well. */
export async function handleOnce(
  { tables }: StoreContext,
  nowUs: bigint,
  event: { source: string; id: string },
  handle: () => Promise<Result<Handled, EconomyCode>>,
): Promise<Result<Handled, EconomyCode>> {
  const known = await tables
    .selectFrom('economy_webhook')
    .select('outcome')
    .where('source', '=', event.source)
    .where('event_id', '=', event.id)
    .executeTakeFirst();
  if (known)
    return ok({
      outcome: 'repeated',
      detail: `Event ${event.id} was handled: ${known.outcome}.`,
      order: null,
    });
  const answer = await handle();
  if (!answer.ok) return answer;
  await tables
    .insertInto('economy_webhook')
    .values({
      source: event.source,
      event_id: event.id,
      outcome: answer.value.outcome,
      handled_at_us: nowUs,
    })
    .onConflict((conflict) => conflict.columns(['source', 'event_id']).doNothing())
    .execute();
  return answer;
}
