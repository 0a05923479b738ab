import type { Result } from '@jamnet/base';
import { requestOf } from '@jamnet/studio/api';
import type { FetchCode } from './fetch-json.ts';
import { fetchRoute } from './fetch-route.ts';
import { audit } from './parse-state.ts';
import { amount, count, list, number, oneOf, record, text } from './shape.ts';
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
  readonly lines: readonly WalletLine[];
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
  lines: list(
    record<WalletLine>({
      epoch: text,
      kind: text,
      rule: oneOf('merit', 'use'),
      what: oneOf(...WORKS),
      name: text,
      amountMicroJam: amount,
      contribution: text,
    }),
  ),
});

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

export function fetchWallet(payee: string): Answer<Wallet> {
  return fetchRoute('GET /api/wallets/:payee', wallet, { params: { payee } });
}

export function runAudit(): Answer<Audit> {
  return fetchRoute('POST /api/audit', audit);
}
