import { createHash } from 'node:crypto';
import { Failure, ok } from '@jamnet/base';
import { checkObject, ERASED } from './check-object.ts';
import {
  isObjectName,
  LIST_MAX,
  OBJECT_BYTES_MAX,
  type ObjectSource,
  type ObjectStore,
  PIECE_BYTES,
} from './object-store.ts';
import { piecesOf } from './pieces-of.ts';
import type { Bucket } from './s3-bucket.ts';

/** What an object's list says; it is written last, so an object without one is not there yet. */
interface PieceList {
  readonly bytes: number;
  /** SHA-256 of each piece, in order. */
  readonly pieces: readonly string[];
}

export interface S3StoreOptions {
  readonly bytesMax?: number;
  readonly pieceBytes?: number;
}

/**
 * Objects in a bucket of any S3 API: `lists/NAME` and `pieces/NAME/SHA-256 OF PIECE`, marks of erased ones under `erased/`. Pieces in place of
 * S3's own uploads in parts: they need no session that a crash would lose, what is there is seen by name, and each is checked as it comes.
 */
export function s3Store(bucket: Bucket, options: S3StoreOptions = {}): ObjectStore {
  const { bytesMax = OBJECT_BYTES_MAX, pieceBytes = PIECE_BYTES } = options;
  const isErased = async (sha256: string): Promise<boolean> =>
    (await bucket.read(`erased/${sha256}`)) !== null;
  const listOf = async (sha256: string): Promise<PieceList | null> => {
    const text = isObjectName(sha256) ? await bucket.read(`lists/${sha256}`) : null;
    return text === null ? null : parseList(sha256, text);
  };
  return {
    isErased,
    async size(sha256) {
      return (await listOf(sha256))?.bytes ?? null;
    },
    async put(sha256, source) {
      const checked = await checkObject(sha256, source, bytesMax);
      if (!checked.ok) return checked;
      if (await isErased(sha256)) return ERASED;
      if ((await listOf(sha256)) !== null) return ok({ sentBytes: 0 });
      const { pieces, sentBytes } = await sendPieces(bucket, sha256, source, pieceBytes);
      const list: PieceList = { bytes: source.bytes, pieces };
      await bucket.write(`lists/${sha256}`, Buffer.from(JSON.stringify(list)));
      // Erased meanwhile: the mark was there before the list.
      if (await isErased(sha256)) await removeAll(bucket, sha256);
      return ok({ sentBytes });
    },
    async get(sha256) {
      const list = await listOf(sha256);
      return list === null ? null : pieceBytesOf(bucket, sha256, list);
    },
    async list(after, limit) {
      const start = after === '' ? '' : `lists/${after}`;
      const found = await bucket.list('lists/', start, Math.min(limit, LIST_MAX));
      return found.map(({ key }) => key.slice('lists/'.length)).filter(isObjectName);
    },
    async erase(sha256) {
      if (!isObjectName(sha256)) return;
      await bucket.write(`erased/${sha256}`, new Uint8Array(0));
      await removeAll(bucket, sha256);
    },
    sweep: (beforeMs) => sweep(bucket, beforeMs),
  };
}

async function sendPieces(
  bucket: Bucket,
  sha256: string,
  source: ObjectSource,
  pieceBytes: number,
): Promise<{ pieces: string[]; sentBytes: number }> {
  const there = new Set((await everyKey(bucket, `pieces/${sha256}/`)).map(({ key }) => key));
  const pieces: string[] = [];
  let sentBytes = 0;
  for await (const piece of piecesOf(source.read(0), pieceBytes)) {
    const hash = createHash('sha256').update(piece).digest('hex');
    pieces.push(hash);
    const key = `pieces/${sha256}/${hash}`;
    if (there.has(key)) continue;
    await bucket.write(key, piece);
    there.add(key);
    sentBytes += piece.length;
  }
  return { pieces, sentBytes };
}

async function* pieceBytesOf(
  bucket: Bucket,
  sha256: string,
  { pieces }: PieceList,
): AsyncGenerator<Uint8Array> {
  for (const hash of pieces) {
    const bytes = await bucket.read(`pieces/${sha256}/${hash}`);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== hash)
      throw damaged(sha256, 'a piece of it is gone or changed');
    yield bytes;
  }
}

/** The list first: from then on nobody begins to read. */
async function removeAll(bucket: Bucket, sha256: string): Promise<void> {
  await bucket.remove(`lists/${sha256}`);
  for (const { key } of await everyKey(bucket, `pieces/${sha256}/`)) await bucket.remove(key);
}

async function sweep(bucket: Bucket, beforeMs: number): Promise<number> {
  const torn = new Map<string, string[]>();
  const young = new Set<string>();
  for (const { key, changedAtMs } of await everyKey(bucket, 'pieces/')) {
    const name = key.split('/')[1] ?? '';
    if (changedAtMs >= beforeMs) young.add(name);
    else torn.set(name, [...(torn.get(name) ?? []), key]);
  }
  let swept = 0;
  for (const [name, keys] of torn) {
    // Of a put that goes on, or of an object that is whole.
    if (young.has(name) || (await bucket.read(`lists/${name}`)) !== null) continue;
    for (const key of keys) await bucket.remove(key);
    swept++;
  }
  return swept;
}

async function everyKey(bucket: Bucket, prefix: string): Promise<Awaited<ReturnType<Bucket['list']>>> {
  const all: { key: string; changedAtMs: number }[] = [];
  for (;;) {
    const page = await bucket.list(prefix, all.at(-1)?.key ?? '', LIST_MAX);
    all.push(...page);
    if (page.length < LIST_MAX) return all;
  }
}

function parseList(sha256: string, bytes: Uint8Array): PieceList {
  try {
    // Checked right below, field by field.
    const list = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<PieceList>;
    const isList =
      Number.isSafeInteger(list.bytes) && Array.isArray(list.pieces) && list.pieces.every(isObjectName);
    if (isList) return list as PieceList;
  } catch {
    // No JSON: told below.
  }
  throw damaged(sha256, 'its list is not one of ours');
}

function damaged(sha256: string, why: string): Failure {
  return new Failure(
    'object-damaged',
    `${sha256} in the object store is damaged (${why}): bring it back from a backup.`,
  );
}
