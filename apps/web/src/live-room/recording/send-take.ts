import { toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { type ByteFile, piecesOf } from './byte-file.ts';

/** The studio's archive as whoever sends sees it; every call may throw a refusal. */
export interface ArchiveDoor {
  hasChunk(sha256: string): Promise<boolean>;
  putChunk(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Makes a take of chunks that are there. */
  complete(id: string, chunks: readonly string[]): Promise<'filed' | 'chunks-missing'>;
}

export interface Sent {
  /** SHA-256 of the whole take, hex. */
  readonly id: string;
  /** Chunks that were not there yet. */
  readonly sentChunks: number;
}

/** Sends what the studio does not have yet, then the list that makes it a take. May be broken off and begun again at any time. */
export async function sendTake(
  file: ByteFile,
  door: ArchiveDoor,
  onShare: (share: number) => void,
): Promise<Sent> {
  const sum = sha256.create();
  const chunks: string[] = [];
  for (const piece of piecesOf(file)) {
    sum.update(piece);
    chunks.push(toHex(sha256(piece)));
  }
  const id = toHex(sum.digest());
  // A take that is there already needs nothing but its name.
  if ((await door.complete(id, chunks)) === 'filed') return { id, sentChunks: 0 };
  let sentChunks = 0;
  let seen = 0;
  for (const piece of piecesOf(file)) {
    const hash = chunks[seen] ?? '';
    if (!(await door.hasChunk(hash))) {
      await door.putChunk(hash, piece);
      sentChunks++;
    }
    onShare(++seen / chunks.length);
  }
  if ((await door.complete(id, chunks)) !== 'filed') throw new Error('the studio has lost chunks meanwhile');
  return { id, sentChunks };
}
