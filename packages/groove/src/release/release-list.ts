import { canonicalJson, encodeUtf8, equalBytes, fromHex, ok, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { VerifySignature } from '../performance/bar-stream.ts';
import { tagged } from '../tagged-hash.ts';

const DOMAIN = 'jamnet/groove/release/v1';
/** Entries of a list: a release a day for ten years. */
export const RELEASES_MAX = 3660;

/** One step in the history of the released model. */
export interface ReleaseEntry {
  /** 1, 2, 3, … */
  readonly version: number;
  readonly kind: 'first' | 'release' | 'rollback';
  /** Name inside the model file. */
  readonly model: string;
  /** Of the model file; nodes fetch it by this. */
  readonly modelSha256: string;
  readonly modelBytes: number;
  /** Joint gain over the model before in tier bar on the held-out set, and its lower bound, 1/1 000 000; `null` unless a release. */
  readonly gainPpm: bigint | null;
  readonly gainLowerPpm: bigint | null;
  /** SHA-256 over the held-out performances' hits; `null` unless a release. */
  readonly heldOutSha256: string | null;
  readonly releasedAtUs: bigint;
}

/** An entry, chained to the one before and signed. */
export interface SignedRelease extends ReleaseEntry {
  /** SHA-256 of the line before, hex; zeros before the first. */
  readonly previousSha256: string;
  /** Ed25519 over {@link releaseStatement}, hex. */
  readonly signature: string;
}

export type ReleaseCode = 'list-malformed' | 'list-broken' | 'release-forged' | 'list-full';

export const NO_LINE_BEFORE = '0'.repeat(64);

export function releaseStatement(entry: ReleaseEntry, previousSha256: string): Uint8Array {
  return tagged(DOMAIN, encodeUtf8(canonicalJson({ ...fieldsOf(entry), previousSha256 })));
}

/** The line of a list for one entry, without its line feed. */
export function releaseLine(entry: ReleaseEntry, previousSha256: string, signature: Uint8Array): string {
  return canonicalJson({ ...fieldsOf(entry), previousSha256, signature: toHex(signature) });
}

export function lineSha256(line: string): string {
  return toHex(sha256(encodeUtf8(line)));
}

/** Reads a whole list: every line canonical, chained, numbered and signed by `publicKey`. The last one is what nodes run. */
export function readReleases(
  text: string,
  publicKey: Uint8Array,
  verify: VerifySignature,
): Result<SignedRelease[], ReleaseCode> {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  if (lines.length > RELEASES_MAX)
    return refuse('list-full', `A list has at most ${RELEASES_MAX} releases: begin another.`);
  const releases: SignedRelease[] = [];
  let previous = NO_LINE_BEFORE;
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (!entry)
      return refuse('list-malformed', `Line ${index + 1} of the releases is none: fetch the list again.`);
    if (entry.version !== index + 1 || entry.previousSha256 !== previous)
      return refuse('list-broken', `Line ${index + 1} of the releases does not follow the one before.`);
    const signature = fromHex(entry.signature);
    if (!signature || !verify(publicKey, releaseStatement(entry, previous), signature))
      return refuse('release-forged', `Line ${index + 1} of the releases is not signed by their key.`);
    releases.push(entry);
    previous = lineSha256(line);
  }
  return ok(releases);
}

/** Is this the file that was released? */
export function isReleasedFile(release: ReleaseEntry, bytes: Uint8Array): boolean {
  const expected = fromHex(release.modelSha256);
  return bytes.length === release.modelBytes && expected !== null && equalBytes(sha256(bytes), expected);
}

/** What is hashed and written of an entry; canonical JSON puts it in its own order. */
const FIELDS = [
  'version',
  'kind',
  'model',
  'modelSha256',
  'modelBytes',
  'gainPpm',
  'gainLowerPpm',
  'heldOutSha256',
  'releasedAtUs',
] as const satisfies readonly (keyof ReleaseEntry)[];

function fieldsOf(entry: ReleaseEntry) {
  return Object.fromEntries(FIELDS.map((field) => [field, entry[field]]));
}

const KINDS: readonly string[] = ['first', 'release', 'rollback'];

function parseLine(line: string): SignedRelease | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const row = value as Readonly<Record<string, unknown>>; // Each member is checked below.
  const hash = (member: unknown): member is string =>
    typeof member === 'string' && /^[0-9a-f]{64}$/.test(member);
  const number = (member: unknown): bigint | null =>
    typeof member === 'string' && /^(0|-?[1-9]\d{0,18})$/.test(member) ? BigInt(member) : null;
  const { version, kind, model, modelSha256, modelBytes, heldOutSha256, previousSha256, signature } = row;
  const releasedAtUs = number(row.releasedAtUs);
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(modelBytes) || releasedAtUs === null)
    return null;
  if (typeof kind !== 'string' || !KINDS.includes(kind) || typeof model !== 'string') return null;
  if (!hash(modelSha256) || !hash(previousSha256) || (heldOutSha256 !== null && !hash(heldOutSha256)))
    return null;
  if (typeof signature !== 'string' || !/^[0-9a-f]{128}$/.test(signature)) return null;
  const entry: SignedRelease = {
    version: Number(version),
    kind: kind as ReleaseEntry['kind'], // Checked against KINDS.
    model,
    modelSha256,
    modelBytes: Number(modelBytes),
    gainPpm: number(row.gainPpm),
    gainLowerPpm: number(row.gainLowerPpm),
    heldOutSha256,
    releasedAtUs,
    previousSha256,
    signature,
  };
  // One text per entry: what was signed is what stands here.
  return canonicalJson({ ...fieldsOf(entry), previousSha256, signature }) === line ? entry : null;
}
