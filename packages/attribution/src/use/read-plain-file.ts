import { constants, open } from 'node:fs/promises';

/**
 * The bytes of a plain file that hostile code may have put there; `null` when it is anything else. A link is not followed, as
 * it could name a file of the operator's, and a pipe is not waited for.
 */
export async function readPlainFile(path: string, bytesMax: number): Promise<Buffer | 'too-large' | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch(() => null);
  if (file === null) return null;
  try {
    const found = await file.stat();
    if (!found.isFile()) return null;
    return found.size > bytesMax ? 'too-large' : await file.readFile();
  } finally {
    await file.close();
  }
}
