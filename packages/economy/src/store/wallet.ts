import { ACCOUNTS } from '../core/epoch/journal.ts';
import { unitPrice, worthCents } from '../core/money/unit-price.ts';
import type { ContributionKind } from '../core/records/kinds.ts';
import type { RowRule } from '../core/records/rows.ts';
import type { StoreContext } from './context.ts';
import { latestPolicy } from './policies.ts';
import { type RedemptionView, valuations, viewsOf } from './redemptions.ts';
import { kindOf } from './rows-of.ts';

/** Why a wallet holds what it holds. */
export interface WalletLine {
  readonly epochId: string;
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  readonly contribution: string;
  readonly subject: string;
  readonly evidence: string;
  readonly rowId: string;
  /** The payments behind a use row; empty for merit, which many payers share. */
  readonly receipts: readonly string[];
  readonly microJam: bigint;
}

export interface Wallet {
  readonly payee: string;
  readonly verified: boolean;
  /** Spendable, from the ledger. */
  readonly balanceMicroJam: bigint;
  readonly redeemingMicroJam: bigint;
  /** Waits until the payee's key is verified. */
  readonly escrowMicroJam: bigint;
  /** Redeemed or owed in cash, not yet sent to a bank. */
  readonly payableCents: bigint;
  readonly escrowCents: bigint;
  /** All units at the last valuation, rounded down; `null` while there is no price. */
  readonly worthCents: bigint | null;
  readonly earned: readonly {
    readonly epochId: string;
    readonly microJam: bigint;
    readonly cents: bigint;
    readonly escrowed: boolean;
  }[];
  /** The newest epochs first, at most {@link LINES_MAX}; the lines of an epoch sum to what it paid. */
  readonly lines: readonly WalletLine[];
  readonly redemptions: readonly RedemptionView[];
}

/** Lines shown at once. */
export const LINES_MAX = 10_000;
const REDEMPTIONS_MAX = 100;

export async function wallet({ tables, books }: StoreContext, nowUs: bigint, payee: string): Promise<Wallet> {
  const registered = await tables
    .selectFrom('economy_payee')
    .select('payee')
    .where('payee', '=', payee)
    .executeTakeFirst();
  const [balanceMicroJam, redeemingMicroJam, escrowMicroJam, payableCents, escrowCents] = await Promise.all([
    books.balance(ACCOUNTS.payeeJam(payee)),
    books.balance(ACCOUNTS.redeemingJam(payee)),
    books.balance(ACCOUNTS.escrowJam(payee)),
    books.balance(ACCOUNTS.payableUsd(payee)),
    books.balance(ACCOUNTS.escrowUsd(payee)),
  ]);
  const published = await latestPolicy(tables);
  const price = published && unitPrice(published.policy, (await valuations(tables))[0] ?? null);
  const earned = await tables
    .selectFrom('economy_payment')
    .innerJoin('economy_epoch', 'economy_epoch.id', 'economy_payment.epoch_id')
    .select(['epoch_id', 'micro_jam', 'cents', 'escrowed'])
    .where('payee', '=', payee)
    .where('state', '=', 'closed')
    .orderBy('sequence', 'desc')
    .execute();
  const redemptions = await tables
    .selectFrom('economy_redemption')
    .selectAll()
    .where('payee', '=', payee)
    .orderBy('requested_at_us', 'desc')
    .orderBy('id')
    .limit(REDEMPTIONS_MAX)
    .execute();
  return {
    payee,
    verified: registered !== undefined,
    balanceMicroJam,
    redeemingMicroJam,
    escrowMicroJam,
    payableCents,
    escrowCents,
    worthCents: price?.ok
      ? worthCents(balanceMicroJam + redeemingMicroJam + escrowMicroJam, price.value)
      : null,
    earned: earned.map(({ epoch_id, micro_jam, cents, escrowed }) => ({
      epochId: epoch_id,
      microJam: micro_jam,
      cents,
      escrowed: escrowed === 1n,
    })),
    lines: await linesOf(tables, payee),
    redemptions: await viewsOf(tables, redemptions, nowUs),
  };
}

async function linesOf(tables: StoreContext['tables'], payee: string): Promise<WalletLine[]> {
  const rows = await tables
    .selectFrom('economy_line as line')
    .innerJoin('economy_epoch as epoch', 'epoch.id', 'line.epoch_id')
    .innerJoin('economy_contribution as contribution', 'contribution.id', 'line.contribution')
    .select([
      'line.epoch_id',
      'rule',
      'line.kind',
      'contribution',
      'subject',
      'evidence',
      'row_id',
      'micro_jam',
    ])
    .where('payee', '=', payee)
    .where('epoch.state', '=', 'closed')
    .orderBy('epoch.sequence', 'desc')
    .orderBy('line_number')
    .limit(LINES_MAX)
    .execute();
  const sources = await tables
    .selectFrom('economy_row_receipt')
    .selectAll()
    .where('row_id', 'in', tables.selectFrom('economy_line').select('row_id').where('payee', '=', payee))
    .orderBy('receipt_id')
    .limit(LINES_MAX)
    .execute();
  const receipts = new Map<string, string[]>();
  for (const { row_id, receipt_id } of sources)
    receipts.set(row_id, [...(receipts.get(row_id) ?? []), receipt_id]);
  return rows.map((row) => ({
    epochId: row.epoch_id,
    rule: row.rule === 'use' ? 'use' : 'merit',
    kind: kindOf(row.kind),
    contribution: row.contribution,
    subject: row.subject,
    evidence: row.evidence,
    rowId: row.row_id,
    receipts: receipts.get(row.row_id) ?? [],
    microJam: row.micro_jam,
  }));
}
