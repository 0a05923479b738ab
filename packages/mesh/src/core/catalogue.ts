import {
  type CanonicalValue,
  canonicalJson,
  encodeUtf8,
  fromHex,
  ok,
  type Result,
  refuse,
  toHex,
} from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { Tolerance } from './agreement.ts';

/** Who may see a task's input: `public` anyone, `excerpt` strangers with the players' consent, `trusted` the studio's hosts only. */
export type PrivacyClass = 'public' | 'excerpt' | 'trusted';

/** `real-time` kinds run in sessions (a performance goes by), never from the queue. */
export type Lane = 'batch' | 'real-time';

/** One kind of task that hosts may run. Fields are added, never changed; a new kernel is a new `version`. */
export interface CatalogueEntry {
  /** e.g. `take.repair`; lower-case words joined by dots, at most 64 characters. */
  readonly kind: string;
  readonly version: number;
  /** SHA-256 (hex) of the kernel's source as a host computes it over its own copy. */
  readonly kernelSha256: string;
  /** SHA-256 (hex) of the model file, for kinds that need one. */
  readonly modelSha256: string | null;
  readonly limits: {
    readonly inputBytesMax: number;
    readonly resultBytesMax: number;
    readonly operationsMax: bigint;
  };
  /** Into how many pieces a result is cut for commitments and re-checks. */
  readonly chunkCount: number;
  readonly tolerance: Tolerance;
  /** From lease to reveal. */
  readonly deadlineMs: number;
  readonly privacy: PrivacyClass;
  readonly lane: Lane;
  /** The meter under which verified work counts in the epoch. */
  readonly meter: string;
  /** Owner groups that compute each task, 2 … 5, whose results are held against each other; left out: one. */
  readonly replicas?: number;
}

export interface SignedEntry {
  readonly entry: CatalogueEntry;
  /** Ed25519 (RFC 8032) over {@link entryBytes}, hex. */
  readonly signature: string;
}

export function entryKey(kind: string, version: number): string {
  return `${kind}@${version}`;
}

/** The signed bytes of an entry: a domain, a zero byte, canonical JSON. */
export function entryBytes(entry: CatalogueEntry): Uint8Array {
  return encodeUtf8(`jamnet/mesh/catalogue/v1\0${canonicalJson(entryValue(entry))}`);
}

function entryValue(entry: CatalogueEntry): CanonicalValue {
  return {
    kind: entry.kind,
    version: entry.version,
    kernelSha256: entry.kernelSha256,
    modelSha256: entry.modelSha256,
    limits: { ...entry.limits },
    chunkCount: entry.chunkCount,
    tolerance: { ...entry.tolerance },
    deadlineMs: entry.deadlineMs,
    privacy: entry.privacy,
    lane: entry.lane,
    meter: entry.meter,
    ...(entry.replicas === undefined ? {} : { replicas: entry.replicas }),
  };
}

export function signEntry(entry: CatalogueEntry, secretKey: Uint8Array): SignedEntry {
  return { entry, signature: toHex(ed25519.sign(entryBytes(entry), secretKey)) };
}

/** The entry, if `publicKey` (32 bytes) signed exactly it. */
export function openEntry(
  signed: SignedEntry,
  publicKey: Uint8Array,
): Result<CatalogueEntry, 'catalogue-forged'> {
  const signature = fromHex(signed.signature);
  const { kind } = signed.entry;
  const forged = refuse(
    'catalogue-forged',
    `Entry "${kind}" is not signed by the studio: update the node or check the URL.`,
  );
  if (signature?.length !== 64 || publicKey.length !== 32) return forged;
  return ed25519.verify(signature, entryBytes(signed.entry), publicKey) ? ok(signed.entry) : forged;
}

/** The entries of a studio, by kind and version. */
export class Catalogue {
  readonly #entries = new Map<string, CatalogueEntry>();

  constructor(entries: Iterable<CatalogueEntry>) {
    for (const entry of entries) this.#entries.set(entryKey(entry.kind, entry.version), entry);
  }

  find(kind: string, version: number): CatalogueEntry | undefined {
    return this.#entries.get(entryKey(kind, version));
  }
}
