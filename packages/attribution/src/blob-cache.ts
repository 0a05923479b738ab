import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeUtf8, Failure, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Statement } from './core/statement.ts';
import { CANONICAL_VERSION } from './parse/parse-source.ts';

/** Segments kept at most; a run that finds more puts one in their place that holds them all. */
export const SEGMENTS_MAX = 256;

type Row = readonly [
  key: string,
  tokens: number,
  startLine: number,
  endLine: number,
  probes: readonly number[],
];

/**
 * Parsed statements by blob, kept on disk as immutable segments: a run adds one file by rename, so that parallel runs and a
 * crash leave nothing half-written. A segment of another canonical version or one that cannot be read is passed over.
 */
export class BlobCache {
  readonly #directory: string | null;
  readonly #known = new Map<string, readonly Row[]>();
  readonly #fresh = new Map<string, readonly Row[]>();
  /** Segments that the next one replaces. */
  #replaced: readonly string[] = [];

  private constructor(directory: string | null) {
    this.#directory = directory;
  }

  static async open(directory: string | null): Promise<BlobCache> {
    const cache = new BlobCache(directory);
    if (directory === null) return cache;
    const names = (await filesIn(directory)).filter(
      (name) => name.startsWith(`${PREFIX}-`) && name.endsWith('.json'),
    );
    for (const name of names.sort()) await cache.#load(join(directory, name));
    if (names.length > SEGMENTS_MAX) {
      for (const [key, rows] of cache.#known) cache.#fresh.set(key, rows);
      cache.#replaced = names.map((name) => join(directory, name));
    }
    return cache;
  }

  get(blobKey: string): Statement[] | null {
    const rows = this.#known.get(blobKey);
    return (
      rows?.map(([key, tokens, startLine, endLine, probes]) => ({
        key,
        tokens,
        startLine,
        endLine,
        probes,
      })) ?? null
    );
  }

  set(blobKey: string, statements: readonly Statement[]): void {
    const rows = statements.map((one): Row => [one.key, one.tokens, one.startLine, one.endLine, one.probes]);
    if (this.#directory !== null) this.#fresh.set(blobKey, rows);
  }

  /** Writes what this run learnt. */
  async save(): Promise<void> {
    if (this.#directory === null || this.#fresh.size === 0) return;
    const text = JSON.stringify(Object.fromEntries(this.#fresh));
    const path = join(this.#directory, `${PREFIX}-${toHex(sha256(encodeUtf8(text))).slice(0, 24)}.json`);
    await writeFile(`${path}.${process.pid}`, text);
    await rename(`${path}.${process.pid}`, path);
    // A parallel run that misses one of them parses its blobs anew.
    for (const old of this.#replaced) if (old !== path) await rm(old, { force: true });
    this.#replaced = [];
  }

  async #load(path: string): Promise<void> {
    try {
      const segment: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (typeof segment !== 'object' || segment === null) return;
      for (const [key, rows] of Object.entries(segment)) if (isRows(rows)) this.#known.set(key, rows);
    } catch {
      // Unreadable: the blobs are parsed anew.
    }
  }
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    await mkdir(directory, { recursive: true });
    return await readdir(directory);
  } catch (cause) {
    const message = `Nothing can be kept in ${directory}: give a folder for the cache that may be written.`;
    throw new Failure('cache-unwritable', message, { cause });
  }
}

const PREFIX = `statements-${toHex(sha256(encodeUtf8(CANONICAL_VERSION))).slice(0, 12)}`;

function isRows(value: unknown): value is readonly Row[] {
  return (
    Array.isArray(value) &&
    value.every(
      (row) =>
        Array.isArray(row) &&
        typeof row[0] === 'string' &&
        row.slice(1, 4).every(Number.isSafeInteger) &&
        Array.isArray(row[4]) &&
        row[4].every(Number.isSafeInteger),
    )
  );
}
