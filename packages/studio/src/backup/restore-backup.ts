import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '@jamnet/base';
import { earlierKeys, KEYS_PATH, verifyCheckpoint, verifyConsistency } from '@jamnet/ledger';
import type { Decrypter } from 'age-encryption';
import { auditBooks } from '../books/audit.ts';
import { PUBLIC } from '../books/public-layout.ts';
import { directoryReader } from '../books/readers.ts';
import { openParts } from '../composition/open-studio.ts';
import type { StudioParts } from '../composition/studio-parts.ts';
import { parseStudioConfig } from '../config/studio-config.ts';
import type { AuditView } from '../live/studio-state.ts';
import { DATABASE, RESTORING } from './data-files.ts';
import type { Manifest } from './manifest.ts';
import { unpackBackup } from './unpack.ts';

export interface RestoreOptions {
  readonly file: string;
  /** Must not be there, or be empty. */
  readonly dataDirectory: string;
  readonly decrypter: Decrypter;
  /** Folder of this build; see {@link openParts}. */
  readonly checkout: string;
  /** The newest checkpoint of this log that anybody outside holds: a witness, a mirror, an auditor. */
  readonly seen?: Uint8Array;
  /** Restore although entries that `seen` vouches for are lost. */
  readonly acceptLoss?: boolean;
  /** Only look whether the backup restores: nothing of it stays. */
  readonly checkOnly?: boolean;
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void;
}

export interface RestoreReport {
  readonly manifest: Manifest;
  /** Entries of the log as it goes on. */
  readonly entries: number;
  readonly audit: AuditView;
  /** Entries of the checkpoint seen outside, where one was given. */
  readonly seenEntries: number | null;
}

/**
 * Brings a studio back from one file: unpacked beside its place (inside it, where an empty directory is there), every file held against the manifest, the database checked, the log
 * made anew from the journal and the public books audited; only then it takes its place. Throws `data-directory-in-use`, `restore-failed-audit`,
 * `restore-rolls-back`, `checkpoint-not-ours`, and as {@link unpackBackup}; then nothing of it stays.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { file, decrypter, onProgress, checkOnly = false } = options;
  const dataDirectory = resolve(options.dataDirectory);
  const isThere = !checkOnly && existsSync(dataDirectory);
  if (isThere && readdirSync(dataDirectory).length > 0)
    throw new Failure(
      'data-directory-in-use',
      `${dataDirectory} is not empty: restore into a new directory, look at it, and then move it here.`,
    );
  // An empty directory that is there may be a disk of its own: what moves into it must come from inside.
  const beside = isThere ? join(dataDirectory, RESTORING) : `${dataDirectory}.${RESTORING}`;
  mkdirSync(dirname(beside), { recursive: true });
  const fresh = mkdtempSync(beside);
  try {
    const manifest = await unpackBackup(file, fresh, decrypter, onProgress);
    checkDatabase(join(fresh, DATABASE));
    const report = { manifest, ...(await bringUp(fresh, options)) };
    if (checkOnly) return report;
    if (isThere) moveOut(fresh, dataDirectory);
    else renameSync(fresh, dataDirectory);
    return report;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The keys last: without them the directory is no studio's yet. */
function moveOut(from: string, into: string): void {
  const names = readdirSync(from).filter((name) => name !== 'keys');
  for (const name of [...names, 'keys']) renameSync(join(from, name), join(into, name));
}

function checkDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const [row] = database.prepare('PRAGMA integrity_check(1)').all();
    const [stray] = database.prepare('PRAGMA foreign_key_check').all();
    if (row?.integrity_check !== 'ok' || stray !== undefined)
      throw new Failure('backup-damaged', 'The database in the backup is damaged: use another backup.');
  } finally {
    database.close();
  }
}

/** Opening a studio migrates its tables and publishes what the log lacks; then the auditor reads what everybody could read. */
async function bringUp(
  directory: string,
  { checkout, seen, acceptLoss = false }: RestoreOptions,
): Promise<Omit<RestoreReport, 'manifest'>> {
  const config = parseStudioConfig({ data: directory });
  if (!config.ok) throw new Failure(config.code, config.message);
  const studio = await openParts(config.value, { checkout, create: false });
  if (!studio.ok) throw new Failure(studio.code, studio.message);
  try {
    const { ledger, log } = studio.value.parts;
    const entries = Number(await ledger.size());
    const keys = await directoryReader(join(directory, 'public', PUBLIC.log))(KEYS_PATH);
    const earlier = keys === null ? [] : earlierKeys(keys, log.vkey);
    const seenEntries = seen === undefined ? null : await seenBefore(log, earlier, seen, entries, acceptLoss);
    const audit = await auditBooks(directoryReader(join(directory, 'public')), log.vkey);
    if (audit.verdict !== 'ok') {
      const faults = audit.checks
        .filter((check) => !check.ok)
        .map((check) => `${check.name}: ${check.detail}`);
      throw new Failure(
        'restore-failed-audit',
        `The restored books do not agree (${faults.join('; ')}): use another backup.`,
      );
    }
    return { entries, audit, seenEntries };
  } finally {
    await studio.value.close();
  }
}

/** A log that goes on from fewer entries than it has signed contradicts itself, and every witness will say so. */
async function seenBefore(
  log: StudioParts['log'],
  earlierVkeys: readonly string[],
  note: Uint8Array,
  entries: number,
  acceptLoss: boolean,
): Promise<number> {
  // It may have been signed before the log's key was changed.
  const signedBy = [log.vkey, ...earlierVkeys].find((vkey) => verifyCheckpoint(note, vkey).ok);
  const seen = verifyCheckpoint(note, signedBy ?? log.vkey);
  if (!seen.ok)
    throw new Failure(
      'checkpoint-not-ours',
      `The checkpoint is none of this studio's log (${seen.message}): give the one of its own log.`,
    );
  const { size, root } = seen.value;
  if (size > BigInt(entries)) {
    if (acceptLoss) return Number(size);
    throw new Failure(
      'restore-rolls-back',
      `The log had ${size} entries when that checkpoint was signed, this backup has ${entries}: ${size - BigInt(entries)} entries are lost, and a log that goes on from here contradicts what witnesses have seen. Restore a later backup; or accept the loss, and tell everybody who holds a receipt.`,
    );
  }
  const own = verifyCheckpoint(await log.checkpoint(), log.vkey);
  if (!own.ok) throw new Failure(own.code, own.message);
  const proof = await log.consistencyProof(size, own.value.size);
  const holds =
    proof.ok &&
    verifyConsistency({
      oldSize: size,
      oldRoot: root,
      size: own.value.size,
      root: own.value.root,
      proof: proof.value,
    }).ok;
  if (!holds)
    throw new Failure(
      'checkpoint-not-ours',
      'The checkpoint and this backup tell different histories: one of them is not of this studio, or its log was rolled back before.',
    );
  return Number(size);
}
