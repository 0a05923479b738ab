import { dialectOf, isNobodysWork } from './core/statement.ts';
import type { FileUsage } from './core/usage.ts';
import { blameLines } from './git/blame.ts';
import { isRegularFile } from './git/history.ts';
import type { Repository } from './git/open-repository.ts';
import { giveTexts } from './head-texts.ts';
import { lineStatements } from './parse/lines.ts';
import { isTreeDialect } from './parse/parse-source.ts';
import type { History, ParsedFile } from './read-history.ts';

/** Files read line by line at most, the first by path: each costs a `git blame`. */
export const BLAMED_FILES_MAX = 1000;

/** What is known line by line of files in languages that no parser here reads. */
export interface LineHistory {
  readonly files: readonly ParsedFile[];
  /** Commit of each line, by the key of what it says: of several the first in arrival order. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Reads the files that ran and that no parser here reads (or a tree-sitter grammar cannot within its limits), as lines owned by `git blame -w -C -M`. */
export async function readLines(
  repository: Repository,
  history: History,
  usage: ReadonlyMap<string, FileUsage>,
): Promise<LineHistory> {
  const unparsable = new Set(
    history.skipped.filter((file) => file.reason === 'unparsable').map((file) => file.path),
  );
  const isWanted = (path: string): boolean =>
    isReadByLine(path) || (unparsable.has(path) && isTreeDialect(dialectOf(path)));
  const wanted = history.tree
    .filter((file) => isRegularFile(file.mode) && usage.has(file.path) && isWanted(file.path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, BLAMED_FILES_MAX);
  const texts = new Map<string, string>();
  await giveTexts(repository, wanted, (path, text) => void texts.set(path, text));
  const arrival = new Map(history.commits.map((commit, index) => [commit.id, index]));
  const files: ParsedFile[] = [];
  const owners = new Map<string, string>();
  for (const [path, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const commits = await blameLines(repository, path);
    const statements = lineStatements(text).filter((one) => arrival.has(commits.get(one.startLine) ?? ''));
    for (const { key, startLine } of statements) {
      const commit = commits.get(startLine) ?? '';
      const known = owners.get(key);
      if (known === undefined || (arrival.get(commit) ?? 0) < (arrival.get(known) ?? 0))
        owners.set(key, commit);
    }
    files.push({ path, statements });
  }
  return { files, owners };
}

/** In a language that no parser here reads, and this repository's own. */
export function isReadByLine(path: string): boolean {
  return dialectOf(path) === null && !isNobodysWork(path);
}
