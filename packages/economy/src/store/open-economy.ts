import { randomBytes } from 'node:crypto';
import { ok, oneAfterAnother, present, type Result, refuse } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, migrate } from '@jamnet/sql';
import type { EpochStatement } from '../core/epoch/close-epoch.ts';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import type { OpenFigures } from '../core/epoch/open-figures.ts';
import type { LiquidityEvent } from '../core/money/liquidity.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PublicHead } from '../core/public/public-epoch.ts';
import type { Contribution, Receipt, Use, Valuation } from '../core/records/records.ts';
import { Books } from './books.ts';
import {
  type ClosedEpoch,
  type CloseOptions,
  close,
  dryRun,
  openFiguresOf,
  paymentsOf,
  type StoredPayment,
} from './closing/close-epoch.ts';
import {
  type PublicFile,
  type PublishedEpoch,
  publicFiles,
  publishedEpochs,
} from './closing/public-files.ts';
import { publicHeadOf } from './closing/read-epoch.ts';
import type { EconomyCode } from './codes.ts';
import { economyTables, type StoreContext } from './context.ts';
import {
  type EscrowHandOver,
  type ExpiredEscrow,
  expireEscrow,
  handOverEscrow,
  type MovedEscrow,
} from './escrow/escrow.ts';
import { addContributions, addUses, meritOf } from './intake/contributions.ts';
import { addReceipts } from './intake/receipts.ts';
import type { Added } from './intake/records-once.ts';
import { addValuation } from './intake/valuations.ts';
import { announceLiquidity, convertLiquidity, type LiquidityView } from './liquidity/liquidity.ts';
import { ownerGroupOf, ownerGroupsOf, type PayeeRegistration, registerPayee } from './payees.ts';
import { openPerks, type PerkDesk } from './perks/perk-desk.ts';
import {
  type EpochInfo,
  epochInfo,
  latestPolicy,
  openEpoch,
  type PublishedPolicy,
  policyByHash,
  publishedPolicies,
  publishedPolicy,
  publishPolicy,
  unclosedEpochs,
} from './policies.ts';
import { cancelRedemption } from './redemptions/cancel-redemption.ts';
import { type RedemptionView, redemptionList } from './redemptions/redemption-views.ts';
import { type RedemptionRequest, requestRedemption } from './redemptions/request-redemption.ts';
import { processRedemptions, type RedemptionRun } from './redemptions/run-redemptions.ts';
import { openReports, type ReportReader } from './reports/report-reader.ts';
import { type RevenueDesk, revenueDesk } from './revenue/revenue-desk.ts';
import { MIGRATIONS } from './tables.ts';
import { type Wallet, type WalletHead, wallet, walletHead } from './wallet.ts';
import {
  epochLines,
  type LinesAfter,
  type NumberedLine,
  type WalletLine,
  walletLines,
} from './wallet-lines.ts';

type Answer<T> = Promise<Result<T, EconomyCode>>;

/** A decided epoch with what it paid. */
export interface StoredStatement {
  readonly epoch: EpochInfo;
  readonly sha256: string;
  /** Without its rows: those of a large epoch are read in pieces only. */
  readonly publicEpoch: PublicHead;
  readonly payments: readonly StoredPayment[];
}

/** The economy over one database and its ledger. Times are UTC µs; amounts are µJAM and cents. */
export interface Economy {
  publishPolicy(nowUs: bigint, document: unknown): Answer<PublishedPolicy>;
  policy(): Promise<PublishedPolicy | null>;
  /** The last policies published, the newest first, at most `limit`. */
  policies(limit: number): Promise<readonly PublishedPolicy[]>;
  /** By its hash; null when none such was published. */
  publishedPolicy(sha256: string): Promise<PublishedPolicy | null>;
  openEpoch(nowUs: bigint): Answer<EpochInfo>;
  epoch(epochId: string): Promise<EpochInfo | null>;
  /** Epochs that are open or settling, the oldest first. */
  unclosedEpochs(): Promise<readonly EpochInfo[]>;
  /** The policy that governs an epoch. */
  policyOf(epoch: EpochInfo): Promise<Policy>;
  registerPayee(
    nowUs: bigint,
    registration: PayeeRegistration,
  ): Answer<{ released: { microJam: bigint; cents: bigint } }>;
  /** Owner group that a payee is registered in; `null`: not registered. */
  ownerGroupOf(payee: string): Promise<string | null>;
  /** Owner groups that contributed to each of these subjects: whose work it is. */
  ownerGroupsOf(subjects: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Gives what waits under one pseudonym to the verified payee who has proven to be behind it. */
  handOverEscrow(nowUs: bigint, handOver: EscrowHandOver): Answer<MovedEscrow>;
  /** Returns what nobody claimed in the time that the policy of its epoch gives: units to the pool, cash to the reserve. */
  expireEscrow(nowUs: bigint): Promise<readonly ExpiredEscrow[]>;
  addReceipt(nowUs: bigint, receipt: Receipt): Answer<Added>;
  addReceipts(nowUs: bigint, receipts: readonly Receipt[]): Answer<Added>;
  addValuation(nowUs: bigint, valuation: Valuation): Answer<Added>;
  addContributions(nowUs: bigint, contributions: readonly Contribution[]): Answer<Added>;
  addUses(uses: readonly Use[]): Answer<Added>;
  /** Merit in a meter of contributions accepted after one moment and up to another, in all epochs together. */
  meritOf(span: {
    readonly meter: string;
    readonly afterUs: bigint;
    readonly untilUs: bigint;
  }): Promise<bigint>;
  dryRun(epochId: string): Answer<EpochStatement>;
  /** Revenue, share and price of an open epoch as {@link Economy.dryRun} would say them, for what its receipts cost; `null` once it is decided. */
  openFigures(epochId: string): Answer<OpenFigures | null>;
  close(nowUs: bigint, epochId: string, options?: CloseOptions): Answer<ClosedEpoch>;
  statement(epochId: string): Answer<StoredStatement>;
  wallet(nowUs: bigint, payee: string): Promise<Wallet>;
  /** A wallet without the lines, which are computed when they are asked for. */
  walletHead(nowUs: bigint, payee: string): Promise<WalletHead>;
  /** Why a wallet holds what it holds, the newest epochs first; none behind an epoch that is none. */
  walletLines(payee: string, page: LinesAfter): Promise<readonly NumberedLine[]>;
  /** Those of one closed epoch: they sum to what it paid. */
  epochLines(payee: string, epochId: string): Promise<readonly WalletLine[]>;
  /** Redeemed or owed in cash, not yet sent to a bank. */
  payableCents(payee: string): Promise<bigint>;
  requestRedemption(nowUs: bigint, request: RedemptionRequest): Answer<RedemptionView>;
  cancelRedemption(nowUs: bigint, request: { id: string; payee: string }): Answer<RedemptionView>;
  processRedemptions(nowUs: bigint): Answer<RedemptionRun>;
  /** Fixes a sale or listing of the studio, its price and document in the log. */
  announceLiquidity(nowUs: bigint, event: LiquidityEvent): Answer<LiquidityView>;
  /** Converts units at an announced event's price, by the plan's rule; safe to repeat. */
  convertLiquidity(nowUs: bigint, id: string): Answer<LiquidityView>;
  /** Open and past redemptions, the newest first; of one payee or all. */
  redemptions(nowUs: bigint, payee?: string): Promise<readonly RedemptionView[]>;
  /** Receipts in any currency, rates, seats, signed events, hardware. */
  readonly revenue: RevenueDesk;
  /** Files of all closed epochs, the oldest first. */
  publicEpochs(): Promise<readonly PublicFile[]>;
  /** The same, their contents in pieces: for epochs too large for one text. */
  publishedEpochs(): Promise<readonly PublishedEpoch[]>;
  /** What JAM is exchanged for beside money. */
  readonly perks: PerkDesk;
  /** What people read: figures of closed epochs, statements, prices over time, cap table, tax year. */
  readonly reports: ReportReader;
}

/**
 * Brings the economy's tables up to date and opens it. `drawKey` gives 32 random bytes that name an epoch's public rows;
 * they are used once and kept nowhere, so that rows of one payer can never be linked again.
 */
export async function openEconomy(
  database: Database,
  ledger: Ledger,
  options: { drawKey?: () => Uint8Array } = {},
): Promise<Economy> {
  await migrate(database, 'economy', MIGRATIONS);
  const tables = economyTables(database);
  const context: StoreContext = {
    database,
    tables,
    books: new Books(ledger),
    drawKey: options.drawKey ?? (() => randomBytes(32)),
  };
  // Steps that write to both the store and the ledger.
  const inTurn = oneAfterAnother();
  const perks = await openPerks(database, context, inTurn);
  return {
    publishPolicy: (nowUs, document) => inTurn(() => publishPolicy(context, nowUs, document)),
    policy: () => latestPolicy(tables),
    policies: (limit) => publishedPolicies(tables, limit),
    publishedPolicy: (sha256) => publishedPolicy(tables, sha256),
    openEpoch: (nowUs) => inTurn(() => openEpoch(context, nowUs)),
    epoch: (epochId) => epochInfo(tables, epochId),
    unclosedEpochs: () => unclosedEpochs(tables),
    policyOf: async ({ policySha256 }) => (await policyByHash(tables, policySha256)).policy,
    registerPayee: (nowUs, registration) => inTurn(() => registerPayee(context, nowUs, registration)),
    ownerGroupOf: (payee) => ownerGroupOf(tables, payee),
    ownerGroupsOf: (subjects) => ownerGroupsOf(tables, subjects),
    handOverEscrow: (nowUs, handOver) => inTurn(() => handOverEscrow(context, nowUs, handOver)),
    expireEscrow: (nowUs) => inTurn(() => expireEscrow(context, nowUs)),
    addReceipt: (nowUs, receipt) => inTurn(() => addReceipts(context, nowUs, [receipt])),
    addReceipts: (nowUs, receipts) => inTurn(() => addReceipts(context, nowUs, receipts)),
    addValuation: async (nowUs, valuation) => {
      const added = await inTurn(() => addValuation(context, nowUs, valuation));
      if (added.ok) await perks.settle(nowUs);
      return added;
    },
    addContributions: (nowUs, contributions) => inTurn(() => addContributions(context, nowUs, contributions)),
    addUses: (uses) => inTurn(() => addUses(context, uses)),
    meritOf: (span) => meritOf(context, span),
    dryRun: (epochId) => inTurn(() => dryRun(context, epochId)),
    openFigures: (epochId) => openFiguresOf(context, epochId),
    close: (nowUs, epochId, options) => inTurn(() => close(context, nowUs, epochId, options)),
    statement: (epochId) => statement(context, epochId),
    wallet: (nowUs, payee) => wallet(context, nowUs, payee),
    walletHead: (nowUs, payee) => walletHead(context, nowUs, payee),
    walletLines: (payee, page) => walletLines(context.tables, payee, page),
    epochLines: (payee, epochId) => epochLines(context.tables, payee, epochId),
    payableCents: (payee) => context.books.balance(ACCOUNTS.payableUsd(payee)),
    requestRedemption: (nowUs, request) => inTurn(() => requestRedemption(context, nowUs, request)),
    cancelRedemption: (nowUs, request) => inTurn(() => cancelRedemption(context, nowUs, request)),
    processRedemptions: (nowUs) => inTurn(() => processRedemptions(context, nowUs)),
    announceLiquidity: (nowUs, event) => inTurn(() => announceLiquidity(context, nowUs, event)),
    convertLiquidity: (nowUs, id) => inTurn(() => convertLiquidity(context, nowUs, id)),
    redemptions: (nowUs, payee) => redemptionList(context, nowUs, payee),
    revenue: revenueDesk(context, inTurn),
    publicEpochs: () => publicFiles(context),
    publishedEpochs: () => publishedEpochs(context),
    perks,
    reports: await openReports(database, ledger, context),
  };
}

async function statement({ tables }: StoreContext, epochId: string): Answer<StoredStatement> {
  const row = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('id', '=', epochId)
    .executeTakeFirst();
  const epoch = await epochInfo(tables, epochId);
  if (!row || !epoch) return refuse('unknown-epoch', `There is no epoch ${epochId}.`);
  if (row.public_json === null)
    return refuse(
      'epoch-not-closed',
      `Epoch ${epochId} is not closed yet; a dry run shows what it would pay.`,
    );
  const { rows: _, ...publicEpoch } = publicHeadOf(row.public_json);
  return ok({
    epoch,
    sha256: present(row.statement_sha256, 'statement'),
    publicEpoch,
    payments: await paymentsOf(tables, epochId),
  });
}
