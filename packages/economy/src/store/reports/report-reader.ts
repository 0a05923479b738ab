import { ok, type Result, refuse } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import type { CapTable } from '../../core/cap-table/cap-table.ts';
import type { NameCode } from '../../core/reports/display-name.ts';
import type { PaidShare } from '../../core/reports/epoch-figures.ts';
import type { TaxBasis, TaxYear } from '../../core/reports/tax-year.ts';
import type { StoreContext } from '../context.ts';
import { type WalletHead, walletHead } from '../wallet.ts';
import { epochLines, type WalletLine } from '../wallet-lines.ts';
import { ClosedEpochs, type ReportedEpoch } from './closed-epochs.ts';
import { agreeToName, namesOf, REPORT_STEPS, type ReportTables, withdrawName } from './display-names.ts';
import { PriceBook, type PriceHistory } from './price-history.ts';
import { readCapTable } from './read-cap-table.ts';
import { readTaxYear } from './read-tax-year.ts';

export interface ReportContext {
  readonly tables: Kysely<ReportTables>;
  readonly ledger: Ledger;
}

export type ReportCode = NameCode | 'epoch-not-closed' | 'payee-unknown' | 'tax-year-unknown';

/** What one payee got in one epoch, and why. Private to the payee and the operator. */
export interface PayeeStatement {
  readonly epoch: ReportedEpoch;
  readonly payee: string;
  readonly name: string | null;
  readonly paid: PaidShare;
  /** The explanation, line by line: they sum to what was paid. */
  readonly lines: readonly WalletLine[];
  readonly wallet: WalletHead;
}

/** What people read of the economy. It only reads, but for the names that members agree to. */
export interface ReportReader {
  /** Closed epochs, the newest first, at most `limit`. */
  epochs(limit: number): Promise<readonly ReportedEpoch[]>;
  /** Those closed before the epoch `after` opened (`null`: all), the newest first; none where there is no such epoch. */
  epochsBefore(after: string | null, limit: number): Promise<readonly ReportedEpoch[]>;
  epoch(epochId: string): Promise<ReportedEpoch | null>;
  statement(nowUs: bigint, payee: string, epochId: string): Promise<Result<PayeeStatement, ReportCode>>;
  prices(): Promise<PriceHistory>;
  taxYear(year: number, basis: TaxBasis): Promise<Result<TaxYear, ReportCode>>;
  capTable(): Promise<CapTable>;
  names(payees: readonly string[]): Promise<ReadonlyMap<string, string>>;
  agreeToName(
    nowUs: bigint,
    agreement: { payee: string; name: string },
  ): Promise<Result<{ name: string }, NameCode>>;
  withdrawName(nowUs: bigint, payee: string): Promise<void>;
}

export async function openReports(
  database: Database,
  ledger: Ledger,
  context: StoreContext,
): Promise<ReportReader> {
  await migrate(database, 'economy_reports', REPORT_STEPS);
  const own: ReportContext = { tables: tablesOf<ReportTables>(database), ledger };
  const epochs = new ClosedEpochs(own);
  const prices = new PriceBook(ledger);
  return {
    epochs: (limit) => epochs.before(null, limit),
    epochsBefore: (after, limit) => epochs.before(after, limit),
    epoch: (epochId) => epochs.epoch(epochId),
    statement: (nowUs, payee, epochId) => statement(context, own, epochs, { nowUs, payee, epochId }),
    prices: () => prices.history(context.tables),
    taxYear: async (year, basis) => {
      if (!Number.isInteger(year) || year < 2020 || year > 2100)
        return refuse('tax-year-unknown', 'The year is within 2020 and 2100.');
      return ok(await readTaxYear(own, epochs, year, basis));
    },
    capTable: () => readCapTable(own),
    names: (payees) => namesOf(own.tables, payees),
    agreeToName: (nowUs, agreement) => agreeToName(own.tables, nowUs, agreement),
    withdrawName: (nowUs, payee) => withdrawName(own.tables, nowUs, payee),
  };
}

async function statement(
  context: StoreContext,
  own: ReportContext,
  epochs: ClosedEpochs,
  { nowUs, payee, epochId }: { nowUs: bigint; payee: string; epochId: string },
): Promise<Result<PayeeStatement, ReportCode>> {
  const epoch = await epochs.epoch(epochId);
  if (!epoch) return refuse('epoch-not-closed', `There is no closed epoch ${epochId}.`);
  const paid = epoch.paid.find((share) => share.payee === payee);
  if (!paid) return refuse('payee-unknown', `Epoch ${epochId} paid nothing to ${payee}.`);
  const names = await namesOf(own.tables, [payee]);
  return ok({
    epoch,
    payee,
    name: names.get(payee) ?? null,
    paid,
    lines: await epochLines(context.tables, payee, epochId),
    wallet: await walletHead(context, nowUs, payee),
  });
}
