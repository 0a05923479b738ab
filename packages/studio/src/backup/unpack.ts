import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { Failure } from '@jamnet/base';
import type { Decrypter } from 'age-encryption';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import {
  FILES_MAX,
  isSafePath,
  MANIFEST,
  MANIFEST_BYTES_MAX,
  type Manifest,
  type ManifestFile,
  parseManifest,
} from './manifest.ts';
import { readableOf, streamOf } from './web-streams.ts';

/**
 * Writes a backup's files below `into` and holds each against the manifest, which comes last. Throws `backup-missing`,
 * `backup-key-wrong`, `backup-damaged`, `backup-too-new`; what was written by then stays for the caller to remove.
 */
export async function unpackBackup(
  file: string,
  into: string,
  decrypter: Decrypter,
  onProgress?: (done: { readonly files: number; readonly bytes: number }) => void,
  filesMax = FILES_MAX,
): Promise<Manifest> {
  const found = new Map<string, ManifestFile>();
  let manifest: Manifest | null = null;
  let bytes = 0;
  try {
    const opened = await openSealed(file, decrypter);
    const decompressor = createZstdDecompress();
    // What fails here is met again by who reads the entries.
    pipeline(readableOf(opened), decompressor).catch(() => undefined);
    const entries = streamOf(decompressor).pipeThrough(createTarDecoder({ strict: true }));
    for await (const { header, body } of entries as AsyncIterable<ParsedTarEntry>) {
      if (manifest !== null) throw damaged('something follows the manifest');
      if (header.type !== 'file') throw damaged(`"${header.name.slice(0, 80)}" is no plain file`);
      if (header.name === MANIFEST) {
        manifest = parseManifest(await readText(body));
        continue;
      }
      if (!isSafePath(header.name) || found.has(header.name))
        throw damaged(`"${header.name.slice(0, 80)}" may not be the name of a file`);
      if (found.size >= filesMax) throw damaged(`it holds more than ${filesMax} files`);
      const written = await writeEntry(join(into, header.name), header.mode, body);
      found.set(header.name, { path: header.name, ...written });
      bytes += written.bytes;
      onProgress?.({ files: found.size, bytes });
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    if (isOfTheDisk(cause)) throw cause;
    throw damaged('it ends early or was changed', cause);
  }
  if (manifest === null) throw damaged('it ends before its manifest');
  compare(manifest, found);
  return manifest;
}

async function openSealed(file: string, decrypter: Decrypter): Promise<ReadableStream<Uint8Array>> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new Failure('backup-missing', `${file} cannot be read: check the path.`, { cause });
  });
  await handle.close();
  try {
    return await decrypter.decrypt(streamOf(createReadStream(file)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (/no identity matched/i.test(why))
      throw new Failure(
        'backup-key-wrong',
        `None of the keys and passphrases given opens ${file}: give the one it was made for.`,
        { cause },
      );
    throw new Failure(
      'backup-damaged',
      `${file} is no backup, or its beginning is damaged: use another one.`,
      { cause },
    );
  }
}

async function writeEntry(
  file: string,
  mode: number | undefined,
  body: ReadableStream<Uint8Array>,
): Promise<Omit<ManifestFile, 'path'>> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const handle: FileHandle = await open(file, 'wx', (mode ?? 0o600) & 0o777);
  try {
    for await (const piece of body) {
      hash.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MANIFEST_BYTES_MAX)
      throw damaged(`its ${MANIFEST} is longer than ${MANIFEST_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function compare(manifest: Manifest, found: ReadonlyMap<string, ManifestFile>): void {
  for (const named of manifest.files) {
    const file = found.get(named.path);
    if (file === undefined || file.sha256 !== named.sha256)
      throw damaged(`"${named.path}" is not what its manifest says`);
  }
  if (found.size !== manifest.files.length) throw damaged('it holds files that its manifest does not name');
}

/** No space, no permission: the backup is not to blame. */
function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function damaged(why: string, cause?: unknown): Failure {
  return new Failure('backup-damaged', `The backup is damaged: ${why}. Use another one.`, { cause });
}
