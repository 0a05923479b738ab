import { ok, type Result, refuse } from '@jamnet/base';
import { hashOf } from '../../core/policy/policy.ts';
import { checkValuation, type Valuation } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import { valuationColumns, valuationOf } from '../rows-of.ts';
import { type Added, unknownOf } from './records-once.ts';

/** Keeps a board-approved valuation and fixes its hash in the ledger. */
export async function addValuation(
  { tables, books }: StoreContext,
  nowUs: bigint,
  valuation: Valuation,
): Promise<Result<Added, EconomyCode>> {
  const checked = checkValuation(valuation);
  if (!checked.ok) return checked;
  if (valuation.datedAtUs > nowUs)
    return refuse('in-the-future', `Valuation ${valuation.id} is dated in the future.`);
  const fresh = await unknownOf([valuationColumns(valuation)], 'valuation-differs', (ids) =>
    tables.selectFrom('economy_valuation').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  const hash = hashOf({ ...valuation });
  await books.post(nowUs, [{ key: `valuation:${hash}`, record: { kind: 'valuation', sha256: hash } }]);
  for (const row of fresh.value) {
    await tables
      .insertInto('economy_valuation')
      .values(row)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
  return ok({ added: fresh.value.length, repeated: 1 - fresh.value.length });
}

/** Valuations, the newest first. */
export async function valuations(tables: Tables): Promise<Valuation[]> {
  const rows = await tables
    .selectFrom('economy_valuation')
    .selectAll()
    .orderBy('dated_at_us', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(valuationOf);
}

/** Valuations shown at once. */
const VALUATIONS_LISTED_MAX = 1_000;

/** The posted valuations, the newest first. */
export async function listValuations(tables: Tables): Promise<readonly Valuation[]> {
  const rows = await tables
    .selectFrom('economy_valuation')
    .selectAll()
    .orderBy('dated_at_us', 'desc')
    .orderBy('id', 'desc')
    .limit(VALUATIONS_LISTED_MAX)
    .execute();
  return rows.map(valuationOf);
}
