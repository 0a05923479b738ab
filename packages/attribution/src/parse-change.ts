import { dialectOf, type PlacedStatement } from './core/statement.ts';
import type { ChangedFile } from './git/hunks.ts';
import { lineStatements } from './parse/lines.ts';
import { isTreeDialect, parseSource } from './parse/parse-source.ts';

/** A changed file with the statements of both its texts. */
export interface ParsedChange {
  readonly file: ChangedFile;
  readonly before: readonly PlacedStatement[];
  readonly after: readonly PlacedStatement[];
}

/** The file with those statements of both its texts among which `keys` are found: a parser's, else its lines. */
export async function parseChange(file: ChangedFile, keys: ReadonlySet<string>): Promise<ParsedChange> {
  const [before, after] = [
    await statementsIn(file.path, file.oldText),
    await statementsIn(file.path, file.newText),
  ];
  // A file that a grammar reads at this commit may be read by line at the head.
  const isByLine = after.lines.some(({ key }) => keys.has(key));
  const isByTree = !isByLine || after.tree.some(({ key }) => keys.has(key));
  return isByTree
    ? { file, before: before.tree, after: after.tree }
    : { file, before: before.lines, after: after.lines };
}

async function statementsIn(
  path: string,
  text: string,
): Promise<{ readonly tree: readonly PlacedStatement[]; readonly lines: readonly PlacedStatement[] }> {
  const bytes = Buffer.from(text, 'latin1');
  const dialect = dialectOf(path);
  const read = dialect === null ? 'unparsable' : await parseSource(bytes, dialect);
  const isByLine = dialect === null || isTreeDialect(dialect);
  const lines = isByLine ? lineStatements(new TextDecoder().decode(bytes)) : [];
  return { tree: typeof read === 'string' ? [] : read, lines };
}
