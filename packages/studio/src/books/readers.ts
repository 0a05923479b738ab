import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { Failure } from '@jamnet/base';

/** Reads a file of the public books by its path inside them; `null` where there is none. */
export type BooksReader = (path: string) => Promise<Uint8Array | null>;

/** Largest file of the books: an epoch with a hundred thousand rows stays below it. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

export function directoryReader(directory: string): BooksReader {
  return async (path) => {
    const inside = normalize(path);
    if (inside.startsWith('..') || inside.startsWith(sep)) return null;
    try {
      return await readFile(join(directory, inside));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new Failure('books-unreadable', `${join(directory, inside)} cannot be read`, { cause: error });
    }
  };
}

/** Over HTTP; any web server that serves the directory's files will do. */
export function urlReader(url: string): BooksReader {
  const base = url.endsWith('/') ? url : `${url}/`;
  return async (path) => {
    const answer = await fetch(new URL(path, base)).catch((cause: unknown) => {
      throw new Failure(
        'books-unreadable',
        `${base} does not answer: is the studio running, and the address right?`,
        { cause },
      );
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Failure('books-unreadable', `${base}${path} answers ${answer.status}.`);
    if (Number(answer.headers.get('content-length') ?? 0) > FILE_BYTES_MAX) {
      throw new Failure('books-unreadable', `${base}${path} is larger than any file of the books.`);
    }
    return new Uint8Array(await answer.arrayBuffer());
  };
}
