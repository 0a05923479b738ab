import ts from 'typescript-5';
import type { Dialect } from '../core/statement.ts';
import { isScript } from './statements.ts';
import { loadGrammar } from './tree-sitter/grammars.ts';
import { LANGUAGES } from './tree-sitter/languages.ts';
import { parseWithin } from './tree-sitter/read-tree.ts';

/** Whether a text has no syntax error that its parser here knows of. */
export async function isProgram(text: string, dialect: Dialect): Promise<boolean> {
  if (isScript(dialect)) return isScriptWhole(text, `blob.${dialect === 'js' ? 'jsx' : dialect}`);
  const tree = parseWithin(await loadGrammar(LANGUAGES[dialect].grammar), text);
  try {
    return tree?.rootNode.hasError === false;
  } finally {
    tree?.delete();
  }
}

function isScriptWhole(text: string, fileName: string): boolean {
  try {
    return ts.transpileModule(text, { fileName, reportDiagnostics: true }).diagnostics?.length === 0;
  } catch (error) {
    // Nested deeper than the parser's stack.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
