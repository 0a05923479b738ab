import { ACCOUNTS, paymentKey } from '../core/epoch/journal.ts';
import { unitPrice, worthCents } from '../core/money/unit-price.ts';
import type { StoreContext, Tables } from './context.ts';
import { valuations } from './intake/valuations.ts';
import { latestPolicy } from './policies.ts';
import { type RedemptionView, viewsOf } from './redemptions/redemption-views.ts';
import { closedPayments, type WalletLine, walletLines } from './wallet-lines.ts';

/** What a payee holds and was paid; {@link walletLines} say why. */
export interface WalletHead {
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
  readonly redemptions: readonly RedemptionView[];
}

export interface Wallet extends WalletHead {
  /** The newest epochs first, at most {@link LINES_MAX}; the lines of an epoch sum to what it paid. */
  readonly lines: readonly WalletLine[];
}

/** Lines of a wallet that is asked for whole; all of them come by {@link walletLines}. */
const LINES_MAX = 10_000;
const REDEMPTIONS_MAX = 100;

export async function wallet(context: StoreContext, nowUs: bigint, payee: string): Promise<Wallet> {
  const numbered = await walletLines(context.tables, payee, { after: null, limit: LINES_MAX });
  const lines = numbered.map(({ number: _, ...line }) => line);
  return { ...(await walletHead(context, nowUs, payee)), lines };
}

export async function walletHead(
  { tables, books }: StoreContext,
  nowUs: bigint,
  payee: string,
): Promise<WalletHead> {
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
  const earned = await closedPayments(tables, payee).execute();
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
