import type { Result } from '@jamnet/base';
import { requestOf } from '@jamnet/studio/api';
import type { FetchCode } from './fetch-json.ts';
import { fetchRoute } from './fetch-route.ts';
import { audit } from './parse-state.ts';
import { amount, count, list, number, oneOf, orNull, record, text } from './shape.ts';
import type { Audit, Variant } from './state.ts';

export type Answer<T> = Promise<Result<T, FetchCode>>;

/** `peaks` alternates least and greatest sample of each bucket, each in [−1, 1]. */
export interface Peaks {
  readonly sampleRateHz: number;
  readonly frames: number;
  readonly peaks: readonly number[];
}

export interface EntryLeg {
  readonly account: string;
  readonly amount: string;
}

export interface LedgerEntry {
  readonly index: number;
  readonly leafBase64: string;
  readonly kind: string;
  readonly legs: readonly EntryLeg[];
  readonly text: string;
}

export interface EntryPage {
  readonly size: number;
  readonly entries: readonly LedgerEntry[];
}

/** Everything a browser needs to check by itself that entry `index` is in the log of `size` entries. */
export interface EntryProof {
  readonly index: number;
  readonly size: number;
  readonly leafBase64: string;
  readonly hashesBase64: readonly string[];
  readonly checkpoint: string;
  readonly vkey: string;
  readonly origin: string;
}

const WORKS = ['take', 'model', 'code', 'package', 'bounty', 'work', 'votes'] as const;

export interface WalletLine {
  readonly epoch: string;
  readonly kind: string;
  readonly rule: 'merit' | 'use';
  /** What earned it, and the beginning of its name. */
  readonly what: (typeof WORKS)[number];
  readonly name: string;
  readonly amountMicroJam: string;
  readonly contribution: string;
}

export interface Wallet {
  readonly payee: string;
  readonly label: string;
  readonly balanceMicroJam: string;
  /** Asked for and not priced yet. */
  readonly reservedMicroJam: string;
  /** Waits until whose it is has been shown. */
  readonly escrowMicroJam: string;
  /** Of all three together. */
  readonly worthCents: string;
  /** That paid something, the newest first; only so many. */
  readonly epochs: readonly string[];
}

const peaks = record<Peaks>({ sampleRateHz: number, frames: count, peaks: list(number) });

const entry = record<LedgerEntry>({
  index: count,
  leafBase64: text,
  kind: text,
  legs: list(record<EntryLeg>({ account: text, amount })),
  text,
});

const proof = record<EntryProof>({
  index: count,
  size: count,
  leafBase64: text,
  hashesBase64: list(text),
  checkpoint: text,
  vkey: text,
  origin: text,
});

export const wallet = record<Wallet>({
  payee: text,
  label: text,
  balanceMicroJam: amount,
  reservedMicroJam: amount,
  escrowMicroJam: amount,
  worthCents: amount,
  epochs: list(text),
});
const line = record<WalletLine>({
  epoch: text,
  kind: text,
  rule: oneOf('merit', 'use'),
  what: oneOf(...WORKS),
  name: text,
  amountMicroJam: amount,
  contribution: text,
});
interface WalletLines {
  readonly lines: readonly WalletLine[];
  readonly next: string | null;
}
/** A page of a wallet's lines. */
export const walletLines = record<WalletLines>({ lines: list(line), next: orNull(text) });

export interface WalletLinesPage {
  readonly rows: readonly WalletLine[];
  readonly next: string | null;
}

export function asPage(answer: Awaited<Answer<WalletLines>>): Awaited<Answer<WalletLinesPage>> {
  return answer.ok ? { ...answer, value: { rows: answer.value.lines, next: answer.value.next } } : answer;
}

export function fetchPeaks(takeId: string, variant: Variant, buckets: number): Answer<Peaks> {
  return fetchRoute('GET /api/takes/:id/peaks', peaks, {
    params: { id: takeId },
    query: { variant, buckets },
  });
}

export function audioPath(takeId: string, variant: Variant): string {
  return requestOf('GET /api/takes/:id/audio/:file', { params: { id: takeId, file: `${variant}.wav` } }).path;
}

export function fetchEntries(from: number, limit: number): Answer<EntryPage> {
  const page = record<EntryPage>({ size: count, entries: list(entry) });
  return fetchRoute('GET /api/ledger/entries', page, { query: { from, limit } });
}

export function fetchProof(index: number): Answer<EntryProof> {
  return fetchRoute('GET /api/ledger/entries/:index/proof', proof, { params: { index } });
}

/** Lines of a wallet asked for at a time; a month of a busy machine has hundreds. */
export const LINES_PER_PAGE = 40;

/** What a payee was paid and why, page by page, the newest epochs first. */
export async function fetchWalletLines(payee: string, after: string | null): Answer<WalletLinesPage> {
  const query = { limit: LINES_PER_PAGE, ...(after === null ? {} : { after }) };
  return asPage(await fetchRoute('GET /api/wallets/:payee/lines', walletLines, { params: { payee }, query }));
}

export function runAudit(): Answer<Audit> {
  return fetchRoute('POST /api/audit', audit);
}
