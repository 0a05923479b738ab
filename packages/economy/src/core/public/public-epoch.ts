import { assert, type CanonicalValue, canonicalJson, encodeUtf8, toHex } from '@jamnet/base';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Sha256Stream } from '../epoch/epoch-terms.ts';
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

/** Names rows that nobody can link: HMAC-SHA256(key, principal ‖ 0 ‖ epoch ‖ 0 ‖ kind), hex; no principal for merit. */
export function rowNames(
  key: Uint8Array,
  epochId: string,
): (principal: string | null, kind: ContributionKind) => string {
  const keyed = hmac.create(sha256, key);
  return (principal, kind) =>
    flatHex(
      keyed
        .clone()
        .update(encodeUtf8(`${principal ?? ''}\0${epochId}\0${kind}`))
        .digest(),
    );
}

/** Hex as one flat string: pieces put together stay a rope of a kilobyte a name, and a large epoch keeps a million names. */
function flatHex(bytes: Uint8Array): string {
  const codes: number[] = [];
  for (const byte of bytes) {
    codes.push(HEX.charCodeAt(byte >> 4), HEX.charCodeAt(byte & 15));
  }
  return String.fromCharCode(...codes);
}

const HEX = '0123456789abcdef';

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
  const hash = newSha256();
  for (const piece of publicEpochPieces(epoch)) hash.update(bytesOf(piece));
  return toHex(hash.digest());
}

/** Characters of rows in one piece. */
const PIECE_CHARACTERS = 16_384;

/** The canonical JSON of {@link publicEpochDocument} in pieces: an epoch with millions of shares is never one string here. */
export function* publicEpochPieces(epoch: StreamedEpoch): Generator<string> {
  const { rows, ...rest } = epoch;
  const marked = canonicalJson(publicEpochDocument({ ...rest, rows: [] }));
  const [before = '', after = ''] = splitOnce(marked, '"rows":[');
  let piece = `${before}"rows":[`;
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

/** No text of the document holds an unescaped quote, so its first `"rows":[` is the member itself. */
function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  assert(at >= 0, 'the document has rows');
  return [text.slice(0, at), text.slice(at + mark.length)];
}
