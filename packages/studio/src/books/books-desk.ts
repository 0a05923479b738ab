import { ok, type Result, refuse } from '@jamnet/base';
import {
  byKind,
  CONTRIBUTION_KINDS,
  type Economy,
  type PaidShare,
  type PublishedPolicy,
  type ReportedEpoch,
  STREAMS,
} from '@jamnet/economy';
import type { Account, Ledger, Move, MovePlace } from '@jamnet/ledger';
import { type Page, type PageRequest, pageOf } from '../paging/page.ts';
import { type PublicFileList, publicFiles } from './public-files.ts';
import { PUBLIC } from './public-layout.ts';

/** Policies shown, the newest: ten years of months. */
export const POLICIES_SHOWN_MAX = 120;

/** An account as the log publishes it: whose it is, is not published. */
export type PublicAccount = Pick<Account, 'code' | 'asset' | 'kind' | 'balance' | 'held'>;

/** A closed epoch in one line: what came in, what went back, and where its proof lies. */
export interface EpochLine {
  readonly epoch: string;
  readonly sample: boolean;
  readonly policyName: string;
  readonly closedAtUs: bigint;
  readonly revenueCents: bigint;
  readonly shareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly participants: number;
  readonly file: string;
  readonly sha256: string;
  readonly statementLeaf: bigint;
}

export interface EpochSheet extends EpochLine {
  readonly price: ReportedEpoch['price'];
  readonly streams: readonly { readonly stream: string; readonly netCents: bigint }[];
  readonly kinds: readonly { readonly kind: string; readonly microJam: bigint }[];
  readonly payees: number;
}

/** What a payee got in an epoch. */
export type PaidLine = PaidShare & { readonly name: string | null };

/** The public books, as anybody may look through them: page by page, never more than `PAGE_ROWS_MAX` rows at once. */
export interface BooksDesk {
  accounts(prefix: string, page: PageRequest): Promise<Page<PublicAccount>>;
  /** What moved an account, the newest first. */
  moves(
    code: string,
    page: PageRequest,
  ): Promise<Result<Page<Move> & { readonly account: PublicAccount }, BooksCode>>;
  epochs(page: PageRequest): Promise<Page<EpochLine>>;
  epoch(id: string): Promise<Result<EpochSheet, BooksCode>>;
  /** The largest first. */
  paid(id: string, page: PageRequest): Promise<Result<Page<PaidLine>, BooksCode>>;
  /** The newest first. */
  policies(): Promise<readonly PublishedPolicy[]>;
  files(): Promise<PublicFileList>;
}

export type BooksCode = 'account-unknown' | 'epoch-not-closed' | 'cursor-malformed';

export interface BooksParts {
  readonly ledger: Ledger;
  readonly economy: Economy;
  readonly publicDirectory: string;
}

export function booksDesk({ ledger, economy, publicDirectory }: BooksParts): BooksDesk {
  const epochOf = async (id: string): Promise<Result<ReportedEpoch, BooksCode>> => {
    const epoch = await economy.reports.epoch(id);
    return epoch
      ? ok(epoch)
      : refuse('epoch-not-closed', `There is no closed epoch ${id}: the list of epochs has all that are.`);
  };
  return {
    accounts: async (prefix, { after, limit }) => {
      const rows = await ledger.balances(prefix, after ?? '', limit + 1);
      return pageOf(rows.map(publicAccount), limit, ({ code }) => code);
    },
    moves: async (code, { after, limit }) => {
      const before = after === null ? ok(null) : placeOf(after);
      if (!before.ok) return before;
      const account = await ledger.account(code);
      const moves = account && (await ledger.moves(code, before.value, limit + 1));
      if (!account || !moves) return refuse('account-unknown', `There is no account ${code}.`);
      return ok({
        account: publicAccount(account),
        ...pageOf(moves, limit, (move) => `${move.entryIndex}.${move.legNumber}`),
      });
    },
    epochs: async ({ after, limit }) => {
      const epochs = await economy.reports.epochsBefore(after, limit + 1);
      return pageOf(epochs.map(lineOf), limit, ({ epoch }) => epoch);
    },
    epoch: async (id) => {
      const epoch = await epochOf(id);
      return epoch.ok ? ok(sheetOf(epoch.value)) : epoch;
    },
    paid: async (id, { after, limit }) => {
      const epoch = await epochOf(id);
      if (!epoch.ok) return epoch;
      const from = after === null ? ok(0) : offsetOf(after);
      if (!from.ok) return from;
      const { paid } = epoch.value;
      const shares = paid.slice(from.value, from.value + limit);
      const names = await economy.reports.names(shares.map(({ payee }) => payee));
      const end = from.value + shares.length;
      return ok({
        rows: shares.map((share) => ({ ...share, name: names.get(share.payee) ?? null })),
        next: end < paid.length ? end.toString() : null,
      });
    },
    policies: () => economy.policies(POLICIES_SHOWN_MAX),
    files: () => publicFiles(publicDirectory),
  };
}

function publicAccount({ code, asset, kind, balance, held }: Account): PublicAccount {
  return { code, asset, kind, balance, held };
}

function placeOf(cursor: string): Result<MovePlace, BooksCode> {
  const [, entryIndex, legNumber] = /^(\d{1,18})\.(\d{1,9})$/.exec(cursor) ?? [];
  if (entryIndex === undefined || legNumber === undefined) return malformed(cursor);
  return ok({ entryIndex: BigInt(entryIndex), legNumber: BigInt(legNumber) });
}

function offsetOf(cursor: string): Result<number, BooksCode> {
  return /^\d{1,9}$/.test(cursor) ? ok(Number(cursor)) : malformed(cursor);
}

function malformed(cursor: string): Result<never, BooksCode> {
  return refuse(
    'cursor-malformed',
    `“${cursor.slice(0, 40)}” is not where a page ended: give back its “next”.`,
  );
}

function lineOf(epoch: ReportedEpoch): EpochLine {
  return {
    epoch: epoch.epochId,
    sample: epoch.sample,
    policyName: epoch.policyName,
    closedAtUs: epoch.closedAtUs,
    revenueCents: epoch.revenueCents,
    shareCents: epoch.shareCents,
    issuedMicroJam: epoch.issuedMicroJam,
    cashCents: epoch.cashCents,
    participants: epoch.participants,
    file: `/public/${PUBLIC.epoch(epoch.epochId)}`,
    sha256: epoch.sha256,
    statementLeaf: epoch.statementLeaf,
  };
}

function sheetOf(epoch: ReportedEpoch): EpochSheet {
  const sums = byKind((kind) => epoch.paid.reduce((sum, share) => sum + share.byKind[kind], 0n));
  return {
    ...lineOf(epoch),
    price: epoch.price,
    streams: STREAMS.filter((stream) => epoch.streamCents[stream] !== 0n).map((stream) => ({
      stream,
      netCents: epoch.streamCents[stream],
    })),
    kinds: CONTRIBUTION_KINDS.map((kind) => ({ kind, microJam: sums[kind] })),
    payees: epoch.paid.length,
  };
}
