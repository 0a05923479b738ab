import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, ok } from '@jamnet/base';
import { checkObject, ERASED } from './check-object.ts';
import {
  isObjectName,
  LIST_MAX,
  OBJECT_BYTES_MAX,
  type ObjectSource,
  type ObjectStore,
} from './object-store.ts';

/** Objects as files of a directory, named by their hash; `.part` while they come, `.erased` where they were. */
export function directoryStore(directory: string, bytesMax = OBJECT_BYTES_MAX): ObjectStore {
  const place = (name: string): string => join(directory, name);
  const isErased = (sha256: string): Promise<boolean> => isThere(place(`${sha256}.erased`));
  return {
    isErased,
    async size(sha256) {
      return isObjectName(sha256) ? sizeOf(place(sha256)) : null;
    },
    async put(sha256, source) {
      const checked = await checkObject(sha256, source, bytesMax);
      if (!checked.ok) return checked;
      await mkdir(directory, { recursive: true });
      if (await isErased(sha256)) return ERASED;
      if (await isThere(place(sha256))) return ok({ sentBytes: 0 });
      const part = place(`${sha256}.part`);
      // Nobody else writes to what has a name of its own; what an error tears is left to the next.
      const own = place(`${sha256}.${randomUUID()}.part`);
      await moveIfThere(part, own);
      let sentBytes = 0;
      try {
        sentBytes = await append(own, sha256, source);
      } catch (cause) {
        await moveIfThere(own, part);
        throw cause;
      }
      await rename(own, place(sha256));
      // Erased meanwhile: the mark was there before the name.
      if (await isErased(sha256)) await rm(place(sha256), { force: true });
      return ok({ sentBytes });
    },
    async get(sha256) {
      if (!isObjectName(sha256) || !(await isThere(place(sha256)))) return null;
      return checkedBytes(place(sha256), sha256);
    },
    async list(after, limit) {
      const names = (await namesIn(directory)).filter((name) => isObjectName(name) && name > after);
      return names.sort().slice(0, Math.min(limit, LIST_MAX));
    },
    async erase(sha256) {
      if (!isObjectName(sha256)) return;
      await mkdir(directory, { recursive: true });
      await writeFile(place(`${sha256}.erased`), '', { flush: true });
      const its = (await namesIn(directory)).filter(
        (name) => name.startsWith(sha256) && !name.endsWith('.erased'),
      );
      for (const name of its) await rm(place(name), { force: true });
    },
    async sweep(beforeMs) {
      const parts = (await namesIn(directory)).filter((name) => name.endsWith('.part'));
      let swept = 0;
      for (const name of parts) {
        if ((await stat(place(name))).mtimeMs >= beforeMs) continue;
        await rm(place(name), { force: true });
        swept++;
      }
      return swept;
    },
  };
}

/** Goes on after what is there, if that is the beginning of the source; on the disk when it answers. */
async function append(part: string, sha256: string, source: ObjectSource): Promise<number> {
  const there = (await sizeOf(part)) ?? 0;
  const from = there <= source.bytes && (await isBeginning(part, there, source)) ? there : 0;
  const file = await open(part, from === 0 ? 'w' : 'a');
  let sent = 0;
  try {
    for await (const piece of source.read(from)) {
      await file.writeFile(piece);
      sent += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (from + sent !== source.bytes)
    throw new Failure('object-shrank', `The bytes of ${sha256} changed while they were read: try again.`);
  return sent;
}

async function isBeginning(part: string, bytes: number, source: ObjectSource): Promise<boolean> {
  if (bytes === 0) return false;
  const [here, there] = [createHash('sha256'), createHash('sha256')];
  for await (const piece of createReadStream(part)) here.update(piece);
  let left = bytes;
  for await (const piece of source.read(0)) {
    there.update(piece.subarray(0, left));
    left -= Math.min(left, piece.length);
    if (left === 0) break;
  }
  return here.digest('hex') === there.digest('hex');
}

/** What was handed on before a fault showed is not to be kept. */
async function* checkedBytes(file: string, sha256: string): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  for await (const piece of createReadStream(file)) {
    sum.update(piece);
    yield piece;
  }
  if (sum.digest('hex') !== sha256)
    throw new Failure('object-damaged', `${file} is not what was put there: bring it back from a backup.`);
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await sizeOf(file)) !== null;
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw cause;
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (isAbsent(cause)) return [];
    throw cause;
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
