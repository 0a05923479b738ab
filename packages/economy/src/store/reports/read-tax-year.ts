import type { UnitPrice } from '../../core/money/unit-price.ts';
import { grantKey, revokeKey } from '../../core/perks/perk-entries.ts';
import { monthNamed } from '../../core/records/calendar.ts';
import { type Movement, movementsOf } from '../../core/reports/movements.ts';
import { type TaxBasis, type TaxYear, taxYear } from '../../core/reports/tax-year.ts';
import type { PerkTables } from '../perks/perk-tables.ts';
import type { ClosedEpochs } from './closed-epochs.ts';
import type { ReportContext } from './report-reader.ts';
import { walkJournal } from './walk-journal.ts';

/** Key of an entry that issues an epoch's units. */
const ISSUE_KEY = /^epoch:(.+):issue:\d+$/;

/** A year's totals by payee, from the journal: what it holds is what happened. */
export async function readTaxYear(
  context: ReportContext,
  epochs: ClosedEpochs,
  year: number,
  basis: TaxBasis,
): Promise<TaxYear> {
  const until = monthNamed(`${year + 1}-01`)?.startUs ?? 0n;
  const from = monthNamed(`${year}-01`)?.startUs ?? 0n;
  const movements: Movement[] = [];
  await walkJournal(context.ledger, 0n, ({ leaf }) => {
    if (leaf.acceptedAtUs >= from && leaf.acceptedAtUs < until) movements.push(...movementsOf(leaf));
  });
  const prices = await issuePrices(epochs, movements);
  const perks = await perkCents(context);
  return taxYear(movements, {
    year,
    basis,
    prices: {
      priceOf: (key) => prices.get(key) ?? null,
      perkCentsOf: (key) => perks.get(key) ?? null,
      fees: await payoutFees(context, from, until),
    },
  });
}

async function issuePrices(
  epochs: ClosedEpochs,
  movements: readonly Movement[],
): Promise<Map<string, UnitPrice>> {
  const prices = new Map<string, UnitPrice>();
  for (const key of new Set(movements.map((movement) => movement.key))) {
    const [, epochId] = ISSUE_KEY.exec(key) ?? [];
    const epoch = epochId === undefined ? null : await epochs.epoch(epochId);
    if (epoch?.price) prices.set(key, epoch.price);
  }
  return prices;
}

/** Cents of each perk's entries: its price, and of a revocation the price of what was not used. */
async function perkCents({ tables }: ReportContext): Promise<Map<string, bigint>> {
  const rows = await tables
    .withTables<Pick<PerkTables, 'economy_perk'>>()
    .selectFrom('economy_perk')
    .select(['id', 'price_cents', 'quantity', 'used_quantity', 'state'])
    .where('granted_at_us', 'is not', null)
    .execute();
  const cents = new Map<string, bigint>();
  for (const { id, price_cents, quantity, used_quantity, state } of rows) {
    cents.set(grantKey(id), price_cents * quantity);
    if (state === 'revoked') cents.set(revokeKey(id), price_cents * (quantity - used_quantity));
  }
  return cents;
}

/** Fees of settled payouts are receipts whose payer is the payee. */
async function payoutFees(
  { tables }: ReportContext,
  from: bigint,
  until: bigint,
): Promise<{ payee: string; cents: bigint; atUs: bigint }[]> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .select(['principal', 'amount_cents', 'refund_of', 'received_at_us'])
    .where('stream', '=', 'conversion-fee')
    .where('id', 'like', 'payout-fee-%')
    .where('received_at_us', '>=', from)
    .where('received_at_us', '<', until)
    .execute();
  return rows.map(({ principal, amount_cents, refund_of, received_at_us }) => ({
    payee: principal,
    cents: refund_of === null ? amount_cents : -amount_cents,
    atUs: received_at_us,
  }));
}
