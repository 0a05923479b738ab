import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { present } from '@jamnet/base';
import type { Parser } from '@vscode/tree-sitter-wasm';

/** The package is one CommonJS file whose names Node cannot list, so it is required and not imported. */
const require = createRequire(import.meta.url);
const PACKAGE = '@vscode/tree-sitter-wasm';

/** Version of the grammars as it enters the canonical form's version. */
export const GRAMMARS_VERSION = `tree-sitter-wasm/${manifestVersion()}`;

function manifestVersion(): string {
  // The manifest of a package we name with an exact version.
  return (require(`${PACKAGE}/package.json`) as { version: string }).version;
}

const loading = new Map<string, Promise<Parser>>();

/** The parser of a grammar (`python` for `tree-sitter-python.wasm`), loaded once in the life of the process. */
export function loadGrammar(grammar: string): Promise<Parser> {
  const known = loading.get(grammar) ?? load(grammar);
  loading.set(grammar, known);
  return known;
}

async function load(grammar: string): Promise<Parser> {
  const runtime = require(PACKAGE) as typeof import('@vscode/tree-sitter-wasm');
  await runtime.Parser.init();
  const bytes = await readFile(require.resolve(`${PACKAGE}/wasm/tree-sitter-${grammar}.wasm`));
  const parser = new runtime.Parser();
  parser.setLanguage(await runtime.Language.load(bytes));
  return present(parser, `parser of ${grammar}`);
}
