import type { Valuation } from '../../core/records/records.ts';
import type { Tables } from '../context.ts';
import { valuationOf } from '../rows-of.ts';

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
