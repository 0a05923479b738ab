import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { LogReader } from '../core/read-tiles.ts';

/** A full bundle of the longest leaves has 16.8 MB; nothing in a log is larger. */
const FILE_BYTES_MAX = 256 * (2 + 65_535);
/** How long one file may take, ms. */
const ANSWER_MS = 30_000;

/** Reads a log where it lies: a directory, or the URL of any web server that serves one. */
export function logReader(place: string): LogReader {
  return /^https?:\/\//.test(place) ? urlReader(place) : directoryReader(place);
}

function directoryReader(directory: string): LogReader {
  return async (path) => {
    try {
      return await readFile(join(directory, path));
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new Failure('log-unreadable', `${join(directory, path)} could not be read`, { cause });
    }
  };
}

function urlReader(url: string): LogReader {
  const base = url.endsWith('/') ? url : `${url}/`;
  return async (path) => {
    const where = new URL(path, base);
    try {
      const answer = await fetch(where, { signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.ok) return await limitedBody(answer, where);
      await answer.body?.cancel();
      if (answer.status === 404) return null;
      throw new Failure('log-unreadable', `${where} answers ${answer.status}`);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure('log-unreachable', `${where} does not answer: is the address right?`, { cause });
    }
  };
}

/** The length a server states may be a lie, so what arrives is counted. */
async function limitedBody(answer: Response, where: URL): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > FILE_BYTES_MAX)
      throw new Failure('log-unreadable', `${where} is larger than any file of a log`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
