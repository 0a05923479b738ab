import type { Tables } from '../context.ts';

/** What a principal has paid, less refunds, that no epoch has counted yet; cents, at least 0. */
export async function openCentsOf(tables: Tables, principal: string): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .select(['amount_cents', 'refund_of'])
    .where('principal', '=', principal)
    .where('epoch_id', 'is', null)
    .execute();
  const sum = rows.reduce(
    (cents, row) => cents + (row.refund_of === null ? row.amount_cents : -row.amount_cents),
    0n,
  );
  return sum > 0n ? sum : 0n;
}
