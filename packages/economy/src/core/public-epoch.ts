import { assert, type CanonicalValue, canonicalJson, encodeUtf8, toHex } from '@jamnet/base';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ByKind, Stream } from './kinds.ts';
import type { Policy } from './policy.ts';
import type { Valuation } from './records.ts';
import type { Row } from './rows.ts';
import type { PublicRow } from './settle.ts';

/** One epoch as anybody may read and recompute it. Bigints are decimal strings in its JSON. */
export interface PublicEpoch {
  readonly schema: 'jamnet/public-epoch/v1';
  readonly epochId: string;
  readonly policy: Policy;
  readonly valuation: Valuation | null;
  readonly streamCents: Readonly<Record<Stream, bigint>>;
  readonly shortfallCents: bigint;
  readonly deficitInCents: bigint;
  readonly deficitOutCents: bigint;
  readonly revenueCents: bigint;
  readonly contributorShareCents: bigint;
  readonly carriedInCents: ByKind<bigint>;
  readonly carriedOutCents: ByKind<bigint>;
  readonly poolMicroJam: bigint;
  readonly entitledMicroJam: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly rows: readonly PublicRow[];
  /** Payees of each owner group that the cap held; groups below the cap are not told. */
  readonly capped: readonly (readonly string[])[];
  /** Payees whose key is not verified yet: their pay waits in escrow. */
  readonly escrowed: readonly string[];
}

/** The name of an unverifiable, unlinkable row: HMAC-SHA256(key, principal ‖ 0 ‖ epoch ‖ 0 ‖ kind), hex. */
export function rowIdOf(key: Uint8Array, row: Pick<Row, 'principal' | 'kind'>, epochId: string): string {
  return toHex(hmac(sha256, key, encodeUtf8(`${row.principal ?? ''}\0${epochId}\0${row.kind}`)));
}

/** Shares summed by payee and sorted; contributions and payer are left out. */
export function publicRow(row: Row, rowId: string): PublicRow {
  const weights = new Map<string, bigint>();
  for (const { payee, weight } of row.shares) weights.set(payee, (weights.get(payee) ?? 0n) + weight);
  const shares = [...weights]
    .filter(([, weight]) => weight > 0n)
    .map(([payee, weight]) => ({ payee, weight }))
    .sort((a, b) => (a.payee < b.payee ? -1 : 1));
  return { rowId, rule: row.rule, kind: row.kind, netMicroCents: row.netMicroCents, shares };
}

/** The document whose canonical JSON is published and hashed. */
export function publicEpochDocument(epoch: PublicEpoch): CanonicalValue {
  const { rows, ...rest } = epoch;
  return {
    ...rest,
    valuation: epoch.valuation && { ...epoch.valuation },
    rows: rows.map((row) => ({ ...row, shares: row.shares.map((share) => ({ ...share })) })),
  };
}

/** SHA-256 of {@link publicEpochPieces}, hex: the statement's hash. */
export function publicEpochSha256(epoch: PublicEpoch): string {
  const hash = sha256.create();
  for (const piece of publicEpochPieces(epoch)) hash.update(encodeUtf8(piece));
  return toHex(hash.digest());
}

/** The canonical JSON of {@link publicEpochDocument}, row by row: an epoch with millions of shares is never one string here. */
export function* publicEpochPieces(epoch: PublicEpoch): Generator<string> {
  const { rows, ...rest } = epoch;
  const marked = canonicalJson(publicEpochDocument({ ...rest, rows: [] }));
  const [before = '', after = ''] = splitOnce(marked, '"rows":[');
  yield `${before}"rows":[`;
  let separator = '';
  for (const row of rows) {
    yield separator + canonicalJson({ ...row, shares: row.shares.map((share) => ({ ...share })) });
    separator = ',';
  }
  yield after;
}

/** No text of the document holds an unescaped quote, so its first `"rows":[` is the member itself. */
function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  assert(at >= 0, 'the document has rows');
  return [text.slice(0, at), text.slice(at + mark.length)];
}
