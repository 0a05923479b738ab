import type { Dialect, PlacedStatement } from '../core/statement.ts';
import { isScript, parseStatements, TYPESCRIPT_VERSION } from './statements.ts';
import { GRAMMARS_VERSION, loadGrammar } from './tree-sitter/grammars.ts';
import { LANGUAGES } from './tree-sitter/languages.ts';
import { readTree } from './tree-sitter/read-tree.ts';
import { statementsOf } from './tree-sitter/tree-statements.ts';

/** Version of the canonical form; a change of rule or parser starts new caches. */
export const CANONICAL_VERSION = `canonical/2 ${TYPESCRIPT_VERSION} ${GRAMMARS_VERSION}`;

export type UnparsedReason = 'binary' | 'unparsable';

/** Statements of a source file's bytes. What is no UTF-8 decodes as Node decodes it, so places agree with the counts. */
export async function parseSource(
  bytes: Uint8Array,
  dialect: Dialect,
): Promise<PlacedStatement[] | UnparsedReason> {
  if (bytes.includes(0)) return 'binary';
  const text = new TextDecoder().decode(bytes);
  try {
    return isScript(dialect) ? parseStatements(text, dialect) : await parseTree(text, dialect);
  } catch (error) {
    // Nesting deeper than the parser's stack, the one way a text can defeat it.
    if (error instanceof RangeError) return 'unparsable';
    throw error;
  }
}

/** Read by a tree-sitter grammar; what one cannot read within its limits is read by line. */
export function isTreeDialect(dialect: Dialect | null): boolean {
  return dialect !== null && !isScript(dialect);
}

async function parseTree(
  text: string,
  dialect: keyof typeof LANGUAGES,
): Promise<PlacedStatement[] | 'unparsable'> {
  const rules = LANGUAGES[dialect];
  const root = readTree(await loadGrammar(rules.grammar), text, rules);
  return root === null ? 'unparsable' : statementsOf(root, text, rules);
}
