import type { BlobCache } from './blob-cache.ts';
import { OwnershipBook } from './core/ownership.ts';
import type { CommitRecord } from './core/people.ts';
import { type Dialect, dialectOf, type Statement } from './core/statement.ts';
import { readBlobs, readSizes, SOURCE_BYTES_MAX } from './git/blobs.ts';
import { isRegularFile, readChanges, readCommits, readTree, type TreeFile } from './git/history.ts';
import type { Repository } from './git/open-repository.ts';
import { parseSource, type UnparsedReason } from './parse/parse-source.ts';

export type SkipReason = UnparsedReason | 'too-large' | 'missing' | 'submodule';

export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
}

export interface ParsedFile {
  readonly path: string;
  readonly statements: readonly Statement[];
}

export interface History {
  /** In arrival order. */
  readonly commits: readonly CommitRecord[];
  readonly book: OwnershipBook;
  readonly tree: readonly TreeFile[];
  /** Source files at the head. */
  readonly files: readonly ParsedFile[];
  /** Source files at the head that could not be read, and submodules. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Parses every source blob the history ever held and enters its statements in arrival order. `earlierHeads`: where the main
 * line stood before it was rewritten; what they hold arrived before.
 */
export async function readHistory(
  repository: Repository,
  cache: BlobCache,
  earlierHeads: readonly string[],
): Promise<History> {
  const heads = [...earlierHeads, repository.head];
  const commits = await readCommits(repository, heads);
  const order = commits.map((commit) => commit.id);
  const changes = await readChanges(repository, order, heads);
  const tree = await readTree(repository, repository.head);
  const wanted = new Map<string, Set<Dialect>>();
  const headKeys = new Set<string>();
  const want = (path: string, blob: string): string | null => {
    const dialect = dialectOf(path);
    if (dialect === null) return null;
    const dialects = wanted.get(blob) ?? new Set();
    wanted.set(blob, dialects.add(dialect));
    return blobKey(blob, dialect);
  };
  for (const files of changes.values()) for (const file of files) want(file.path, file.blob);
  for (const file of tree) {
    const key = isRegularFile(file.mode) ? want(file.path, file.blob) : null;
    if (key !== null) headKeys.add(key);
  }
  const blobs = await parseBlobs(repository, cache, wanted, headKeys);
  const book = new OwnershipBook();
  for (const commit of order) {
    for (const file of changes.get(commit) ?? []) book.arrive(commit, blobs.keysOf(file.path, file.blob));
  }
  return { commits, book, tree, ...describeHead(tree, blobs) };
}

interface ParsedBlobs {
  keysOf(path: string, blob: string): readonly string[];
  statements: ReadonlyMap<string, readonly Statement[]>;
  failures: ReadonlyMap<string, SkipReason>;
}

async function parseBlobs(
  repository: Repository,
  cache: BlobCache,
  wanted: ReadonlyMap<string, ReadonlySet<Dialect>>,
  headKeys: ReadonlySet<string>,
): Promise<ParsedBlobs> {
  const keys = new Map<string, readonly string[]>();
  const statements = new Map<string, readonly Statement[]>();
  const failures = new Map<string, SkipReason>();
  const interned = new Map<string, string>();
  const intern = (key: string): string => {
    const known = interned.get(key);
    if (known === undefined) interned.set(key, key);
    return known ?? key;
  };
  const enter = (key: string, found: readonly Statement[]): void => {
    keys.set(key, [...new Set(found.map((statement) => intern(statement.key)))]);
    if (headKeys.has(key)) statements.set(key, found);
  };
  const unread: string[] = [];
  for (const [blob, dialects] of wanted) {
    for (const dialect of dialects) {
      const known = cache.get(blobKey(blob, dialect));
      if (known !== null) enter(blobKey(blob, dialect), known);
      else if (unread.at(-1) !== blob) unread.push(blob);
    }
  }
  const sizes = await readSizes(repository, unread);
  for (const blob of unread) {
    const size = sizes.get(blob);
    if (size === undefined) failures.set(blob, 'missing');
    else if (size > SOURCE_BYTES_MAX) failures.set(blob, 'too-large');
    if (failures.has(blob)) sizes.delete(blob);
  }
  await readBlobs(repository, sizes, async (blob, bytes) => {
    for (const dialect of wanted.get(blob) ?? []) {
      const found = await parseSource(bytes, dialect);
      if (typeof found === 'string') failures.set(blob, found);
      else {
        enter(blobKey(blob, dialect), found);
        cache.set(blobKey(blob, dialect), found);
      }
    }
  });
  const keysOf = (path: string, blob: string): readonly string[] => {
    const dialect = dialectOf(path);
    return (dialect === null ? undefined : keys.get(blobKey(blob, dialect))) ?? [];
  };
  return { keysOf, statements, failures };
}

function describeHead(tree: readonly TreeFile[], blobs: ParsedBlobs): Pick<History, 'files' | 'skipped'> {
  const files: ParsedFile[] = [];
  const skipped: SkippedFile[] = [];
  for (const file of tree) {
    if (file.mode === '160000') skipped.push({ path: file.path, reason: 'submodule' });
    const dialect = isRegularFile(file.mode) ? dialectOf(file.path) : null;
    if (dialect === null) continue;
    const reason = blobs.failures.get(file.blob);
    const statements = blobs.statements.get(blobKey(file.blob, dialect));
    if (statements !== undefined) files.push({ path: file.path, statements });
    else skipped.push({ path: file.path, reason: reason ?? 'missing' });
  }
  return { files, skipped };
}

function blobKey(blob: string, dialect: Dialect): string {
  return `${dialect}:${blob}`;
}
