import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { Failure, RELEASE } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { createTarPacker, type TarPackController } from 'modern-tar';
import { lockDirectory } from '../config/directory-lock.ts';
import { schemaSteps } from '../health/schema-steps.ts';
import { type BackupKey, encrypterOf } from './backup-key.ts';
import { DATABASE, type DataFile, filesAfter, filesBefore, STAGING } from './data-files.ts';
import { BACKUP_FORMAT, MANIFEST, MANIFEST_BYTES_MAX, type Manifest, type ManifestFile } from './manifest.ts';
import { readableOf, streamOf } from './web-streams.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface MakeBackupOptions {
  readonly dataDirectory: string;
  /** The file to write; must not be there. */
  readonly out: string;
  readonly key: BackupKey;
  readonly nowMs: () => number;
  /** Called after each file. */
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void;
}

export interface BackupReport {
  readonly file: string;
  /** Of the backup, encrypted. */
  readonly bytes: number;
  readonly manifest: Manifest;
}

/**
 * Writes everything that a studio's data directory holds into one file, while the studio runs: zstd over tar inside age, which `age -d |
 * tar --zstd -x` reads as well. What the studio answered before `manifest.snapshotAtMs` is in it. The public log is read before the
 * database and the rest after it: so the log is a beginning of the journal, and every file that the journal names is there.
 * Throws `backup-exists`, `backup-inside`, `backup-running`, `data-directory-missing`, and as {@link encrypterOf} and {@link filesBefore}; then
 * nothing is left behind.
 */
export async function makeBackup(options: MakeBackupOptions): Promise<BackupReport> {
  const { dataDirectory } = options;
  const out = resolve(options.out);
  const encrypter = encrypterOf(options.key);
  if (!existsSync(join(dataDirectory, DATABASE)))
    throw new Failure(
      'data-directory-missing',
      `There is no studio's database in ${dataDirectory}: name its --data directory.`,
    );
  if (existsSync(out)) throw new Failure('backup-exists', `${out} is there already: name another file.`);
  if (out.startsWith(resolve(dataDirectory) + sep))
    throw new Failure(
      'backup-inside',
      `${out} lies in the data directory, where the next backup would hold it too: name a place elsewhere with --out.`,
    );
  const staging = join(dataDirectory, STAGING);
  const lock = lockDirectory(staging);
  if (!lock.ok)
    throw new Failure(
      'backup-running',
      `Another backup of ${dataDirectory} is being made: wait until it has ended.`,
    );
  const partial = `${out}.partial`;
  try {
    mkdirSync(dirname(out), { recursive: true });
    const { readable, controller } = createTarPacker();
    const compressor = createZstdCompress();
    const compressing = pipeline(readableOf(readable), compressor);
    const sealed = await encrypter.encrypt(streamOf(compressor));
    const writing = pipeline(readableOf(sealed), createWriteStream(partial, { mode: 0o600, flush: true }));
    const packing = pack(options, staging, controller).catch((error: unknown) => {
      controller.error(error);
      throw error;
    });
    const [manifest] = await Promise.all([packing, compressing, writing]);
    renameSync(partial, out);
    return { file: out, bytes: statSync(out).size, manifest };
  } finally {
    rmSync(partial, { force: true });
    lock.value.release();
    rmSync(staging, { recursive: true, force: true });
  }
}

async function pack(
  options: MakeBackupOptions,
  staging: string,
  controller: TarPackController,
): Promise<Manifest> {
  const { dataDirectory, nowMs, onProgress } = options;
  const files: ManifestFile[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  const add = async (name: string, file: string): Promise<void> => {
    const packed = await packFile(controller, name, file);
    if (packed === null) return;
    files.push(packed);
    taken.add(name);
    bytes += packed.bytes;
    onProgress?.({ files: files.length, bytes });
  };
  const addAll = async (found: readonly DataFile[]): Promise<void> => {
    for (const { path } of found) if (!taken.has(path)) await add(path, join(dataDirectory, path));
  };
  await addAll(filesBefore(dataDirectory));
  // A tile of the log that was filled up meanwhile has a new name: the checkpoint that was read first needs it under that one.
  await addAll(filesBefore(dataDirectory));
  const snapshot = await takeSnapshot(dataDirectory, join(staging, DATABASE), nowMs);
  await add(DATABASE, join(staging, DATABASE));
  rmSync(join(staging, DATABASE));
  await addAll(filesAfter(dataDirectory));
  const manifest: Manifest = { format: BACKUP_FORMAT, jamnet: RELEASE, ...snapshot, files };
  const text = Buffer.from(JSON.stringify(manifest));
  if (text.length > MANIFEST_BYTES_MAX)
    throw new Failure(
      'too-many-files',
      `The list of files is longer than ${MANIFEST_BYTES_MAX} bytes: back the directory up by the file system's own snapshots.`,
    );
  const writer = controller.add({ name: MANIFEST, size: text.length, mode: 0o600 }).getWriter();
  await writer.write(text);
  await writer.close();
  controller.finalize();
  return manifest;
}

/** Copies the database as it is in one moment, in a read transaction: writers go on meanwhile. */
async function takeSnapshot(
  dataDirectory: string,
  into: string,
  nowMs: () => number,
): Promise<Pick<Manifest, 'snapshotAtMs' | 'leaves' | 'schemas'>> {
  rmSync(into, { force: true });
  const live = new DatabaseSync(join(dataDirectory, DATABASE), { timeout: 10_000 });
  const snapshotAtMs = nowMs();
  try {
    live.prepare('VACUUM INTO ?').run(into);
  } finally {
    live.close();
  }
  const database = openSqlite({ file: into });
  try {
    const schemas = await schemaSteps(database);
    const ledger = await openLedger(database);
    return { snapshotAtMs, leaves: Number(await ledger.size()), schemas: [...schemas] };
  } finally {
    await database.close();
  }
}

/** Answers `null` for a file that is gone by now. What is appended while it is read is left to the next backup. */
async function packFile(
  controller: TarPackController,
  name: string,
  file: string,
): Promise<ManifestFile | null> {
  const handle = await openOrNull(file);
  if (handle === null) return null;
  try {
    const { size, mode, mtime } = await handle.stat();
    const writer = controller.add({ name, size, mode: mode & 0o777, mtime }).getWriter();
    const hash = createHash('sha256');
    for (let at = 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0)
        throw new Failure('file-shrank', `${file} became shorter while it was read: try the backup again.`);
      const read = piece.subarray(0, bytesRead);
      hash.update(read);
      await writer.write(read);
      at += bytesRead;
    }
    await writer.close();
    return { path: name, bytes: size, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function openOrNull(file: string): Promise<FileHandle | null> {
  try {
    return await open(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}
