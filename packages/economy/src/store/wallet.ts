import { present } from '@jamnet/base';
import { ACCOUNTS, paymentKey } from '../core/epoch/journal.ts';
import { unitPrice, worthCents } from '../core/money/unit-price.ts';
import type { ContributionKind } from '../core/records/kinds.ts';
import type { RowRule } from '../core/records/rows.ts';
import { type StoredLine, storedLines } from './closing/explain-payment.ts';
import { chunksOf, type StoreContext, type Tables } from './context.ts';
import { valuations } from './intake/valuations.ts';
import { latestPolicy } from './policies.ts';
import { type RedemptionView, viewsOf } from './redemptions/redemption-views.ts';

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
    /** Leaf of the entry that gave the units; `null` where there were none. */
    readonly unitsLeaf: bigint | null;
    /** Leaf of the entry that gave the cash claim. */
    readonly cashLeaf: bigint | null;
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
    earned: await Promise.all(
      earned.map(async ({ epoch_id, micro_jam, cents, escrowed }) => ({
        epochId: epoch_id,
        microJam: micro_jam,
        cents,
        escrowed: escrowed === 1n,
        unitsLeaf: await leafOf(tables, books, epoch_id, payee, 'micro_jam', micro_jam),
        cashLeaf: await leafOf(tables, books, epoch_id, payee, 'cents', cents),
      })),
    ),
    lines: await linesOf(tables, payee, earned),
    redemptions: await viewsOf(tables, redemptions, nowUs),
  };
}

/** The entry of an epoch that holds a payment: payees in order, so many an entry. */
async function leafOf(
  tables: Tables,
  books: StoreContext['books'],
  epochId: string,
  payee: string,
  asset: 'micro_jam' | 'cents',
  amount: bigint,
): Promise<bigint | null> {
  if (amount === 0n) return null;
  const { before } = await tables
    .selectFrom('economy_payment')
    .select(({ fn }) => fn.countAll<bigint>().as('before'))
    .where('epoch_id', '=', epochId)
    .where('payee', '<', payee)
    .where(asset, '>', 0n)
    .executeTakeFirstOrThrow();
  return books.leafOf(paymentKey(epochId, asset === 'cents' ? 'cash' : 'issue', Number(before)));
}

/** Computed again for this payee alone, from what the closes kept. */
async function linesOf(
  tables: Tables,
  payee: string,
  earned: readonly { epoch_id: string; micro_jam: bigint }[],
): Promise<WalletLine[]> {
  const lines: WalletLine[] = [];
  for (const { epoch_id: epochId, micro_jam } of earned) {
    if (lines.length >= LINES_MAX) break;
    const stored = (await storedLines(tables, epochId, payee, micro_jam)).slice(0, LINES_MAX - lines.length);
    const works = await contributionsOf(tables, stored);
    const receipts = await receiptsOf(tables, epochId, stored);
    for (const { principal, ...line } of stored) {
      const { subject, evidence } = present(works.get(line.contribution), 'contribution of a line');
      const behind = principal === null ? [] : (receipts.get(principal) ?? []);
      lines.push({ epochId, ...line, subject, evidence, receipts: behind });
    }
  }
  return lines;
}

async function contributionsOf(tables: Tables, lines: readonly StoredLine[]) {
  const works = new Map<string, { subject: string; evidence: string }>();
  for (const ids of chunksOf([...new Set(lines.map(({ contribution }) => contribution))])) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['id', 'subject', 'evidence'])
      .where('id', 'in', [...ids])
      .execute();
    for (const { id, ...work } of rows) works.set(id, work);
  }
  return works;
}

/** What the payers behind the lines paid and the epoch counted: told to those who earned from it, without the payer. */
async function receiptsOf(tables: Tables, epochId: string, lines: readonly StoredLine[]) {
  const payers = lines.flatMap(({ principal }) => (principal === null ? [] : [principal]));
  const receipts = new Map<string, string[]>();
  for (const principals of chunksOf([...new Set(payers)])) {
    const rows = await tables
      .selectFrom('economy_receipt')
      .select(['id', 'principal'])
      .where('principal', 'in', [...principals])
      .where('epoch_id', '=', epochId)
      .orderBy('id')
      .execute();
    for (const { id, principal } of rows) {
      const own = receipts.get(principal);
      if (own) own.push(id);
      else receipts.set(principal, [id]);
    }
  }
  return receipts;
}
