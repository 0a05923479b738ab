import { assert, type CanonicalValue, canonicalJson, encodeUtf8, toHex } from '@jamnet/base';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { HmacOf, Sha256Stream } from '../epoch/epoch-terms.ts';
import type { PublicRow } from '../epoch/settle.ts';
import type { Policy } from '../policy/policy.ts';
import type { ByKind, ContributionKind, Stream } from '../records/kinds.ts';
import type { Valuation } from '../records/records.ts';

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

/** A public epoch without its rows. */
export type PublicHead = Omit<PublicEpoch, 'rows'>;

/** A public epoch whose rows may be made on the way. */
type StreamedEpoch = PublicHead & { readonly rows: Iterable<PublicRow> };

/** Names rows that nobody can link: HMAC-SHA256(key, principal ‖ 0 ‖ epoch ‖ 0 ‖ kind); no principal for merit. */
export function rowNames(
  key: Uint8Array,
  epochId: string,
  hmacOf: HmacOf = pureHmacOf,
): (principal: string | null, kind: ContributionKind) => Uint8Array {
  const digest = hmacOf(key);
  return (principal, kind) => digest(encodeUtf8(`${principal ?? ''}\0${epochId}\0${kind}`));
}

function pureHmacOf(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const keyed = hmac.create(sha256, key);
  return (message) => keyed.clone().update(message).digest();
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
export function publicEpochSha256(
  epoch: StreamedEpoch,
  newSha256: () => Sha256Stream = () => sha256.create(),
): string {
  return sha256OfPieces(bytesOfPieces(epoch), newSha256);
}

function* bytesOfPieces(epoch: StreamedEpoch): Generator<Uint8Array> {
  for (const piece of publicEpochPieces(epoch)) yield bytesOf(piece);
}

/** SHA-256 of bytes that come in pieces, hex. */
export function sha256OfPieces(
  pieces: Iterable<Uint8Array>,
  newSha256: () => Sha256Stream = () => sha256.create(),
): string {
  const hash = newSha256();
  for (const piece of pieces) hash.update(piece);
  return toHex(hash.digest());
}

/** Characters of rows in one piece. */
const PIECE_CHARACTERS = 16_384;

/** The canonical JSON of {@link publicEpochDocument} in pieces: an epoch with millions of shares is never one string here. */
export function* publicEpochPieces(epoch: StreamedEpoch): Generator<string> {
  const { rows, ...rest } = epoch;
  const [before, after] = splitDocument(rest);
  let piece = before;
  let separator = '';
  for (const row of rows) {
    piece += separator + rowJson(row);
    separator = ',';
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece + after;
}

/** A row's canonical JSON, member by member: no member of a row needs escaping, and there are millions. */
function rowJson({ kind, netMicroCents, rowId, rule, shares }: PublicRow): string {
  let text = `{"kind":"${kind}","netMicroCents":"${netMicroCents}","rowId":"${rowId}","rule":"${rule}","shares":[`;
  let separator = '';
  for (const { payee, weight } of shares) {
    text += `${separator}{"payee":"${payee}","weight":"${weight}"}`;
    separator = ',';
  }
  return `${text}]}`;
}

/** UTF-8, the fast way where all is ASCII. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encodeUtf8(text);
    bytes[i] = unit;
  }
  return bytes;
}

/** What the canonical JSON has before its rows and after them. No text of it holds an unescaped quote, so the first `"rows":[` is the member itself. */
export function splitDocument(head: PublicHead): [before: string, after: string] {
  const text = canonicalJson(publicEpochDocument({ ...head, rows: [] }));
  const at = text.indexOf(ROWS_MARK) + ROWS_MARK.length;
  assert(at >= ROWS_MARK.length, 'the document has rows');
  return [text.slice(0, at), text.slice(at)];
}

const ROWS_MARK = '"rows":[';
