import { assert, ok, type Result, refuse } from '@jamnet/base';
import { type Currency, currencyNamed } from '../../core/intake/currencies.ts';
import { checkRate, type ExchangeRate, rateId } from '../../core/intake/exchange-rate.ts';
import { hashOf } from '../../core/policy/policy.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import type { Added } from '../intake/records-once.ts';
import type { RateRow } from './revenue-tables.ts';

/** Rates shown at once. */
const RATES_LISTED_MAX = 1_000;

/** Keeps a rate and fixes its hash in the ledger. One rate a currency and day, and it never changes. */
export async function addRate(
  { tables, books }: StoreContext,
  nowUs: bigint,
  rate: ExchangeRate,
): Promise<Result<Added, EconomyCode>> {
  const checked = checkRate(rate);
  if (!checked.ok) return checked;
  if (rate.dayUs > nowUs) return refuse('in-the-future', `The rate of ${rateId(rate)} is of a day to come.`);
  const row = columnsOf(rate);
  const stored = await tables
    .selectFrom('economy_rate')
    .selectAll()
    .where('id', '=', row.id)
    .executeTakeFirst();
  if (stored) {
    return hashOf(documentOf(rateOf(stored))) === hashOf(documentOf(rate))
      ? ok({ added: 0, repeated: 1 })
      : refuse('rate-differs', `${row.id} is posted with another value: a rate never changes.`);
  }
  const sha256 = hashOf(documentOf(rate));
  await books.post(nowUs, [{ key: `rate:${row.id}`, record: { kind: 'rate', sha256 } }]);
  await tables
    .insertInto('economy_rate')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return ok({ added: 1, repeated: 0 });
}

/** The posted rates, the newest day first. */
export async function listRates(tables: Tables): Promise<readonly ExchangeRate[]> {
  const rows = await tables
    .selectFrom('economy_rate')
    .selectAll()
    .orderBy('day_us', 'desc')
    .orderBy('currency')
    .limit(RATES_LISTED_MAX)
    .execute();
  return rows.map(rateOf);
}

/** The last rate of a currency whose day had begun at `atUs`. */
export async function rateAt(tables: Tables, currency: Currency, atUs: bigint): Promise<ExchangeRate | null> {
  const row = await tables
    .selectFrom('economy_rate')
    .selectAll()
    .where('currency', '=', currency)
    .where('day_us', '<=', atUs)
    .orderBy('day_us', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? rateOf(row) : null;
}

export function rateOf(row: RateRow): ExchangeRate {
  const currency = currencyNamed(row.currency);
  assert(currency, `the store holds known currencies, not ${row.currency}`);
  return {
    currency,
    usdPerUnit: { numerator: row.numerator, denominator: row.denominator },
    dayUs: row.day_us,
    documentSha256: row.document_sha256,
  };
}

function columnsOf(rate: ExchangeRate): RateRow {
  return {
    id: rateId(rate),
    currency: rate.currency,
    day_us: rate.dayUs,
    numerator: rate.usdPerUnit.numerator,
    denominator: rate.usdPerUnit.denominator,
    document_sha256: rate.documentSha256,
  };
}

function documentOf({ currency, usdPerUnit, dayUs, documentSha256 }: ExchangeRate) {
  return { schema: 'jamnet/rate/v1', currency, usdPerUnit: { ...usdPerUnit }, dayUs, documentSha256 };
}
