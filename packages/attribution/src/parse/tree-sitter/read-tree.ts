import { present } from '@jamnet/base';
import type { Parser, TreeCursor } from '@vscode/tree-sitter-wasm';
import type { LanguageRules } from './language-rules.ts';
import { leafInstead, type SyntaxNode } from './syntax-node.ts';

/** Nesting read at most: deeper texts are named in the report and not read. Hand-written code stays far below. */
export const DEPTH_MAX = 1000;
/** How often the parser may report progress: one report is 100 steps, a file of 1 MiB of plain code takes about 10,000. */
const PROGRESS_REPORTS_MAX = 200_000;

/** The syntax tree of a text; `null` when it is nested too deeply or takes the parser too many steps. */
export function readTree(parser: Parser, text: string, rules: LanguageRules): SyntaxNode | null {
  let reports = 0;
  const progressCallback = (): boolean => ++reports > PROGRESS_REPORTS_MAX;
  const tree = parser.parse(text, null, { progressCallback });
  if (tree === null) {
    parser.reset();
    return null;
  }
  const cursor = tree.walk();
  try {
    return new TreeCopy(cursor, text, rules).root();
  } finally {
    cursor.delete();
    tree.delete();
  }
}

type Open = { -readonly [Key in keyof SyntaxNode]: SyntaxNode[Key] } & { children: SyntaxNode[] };

/** Copies the parser's tree out of its memory, in the rewritten form of the language. */
class TreeCopy {
  readonly #cursor: TreeCursor;
  readonly #text: string;
  readonly #rules: LanguageRules;

  constructor(cursor: TreeCursor, text: string, rules: LanguageRules) {
    this.#cursor = cursor;
    this.#text = text;
    this.#rules = rules;
  }

  root(): SyntaxNode | null {
    const cursor = this.#cursor;
    const path: Open[] = [this.#open()];
    for (;;) {
      if (cursor.gotoFirstChild()) {
        if (path.length >= DEPTH_MAX) return null;
        path.push(this.#open());
        continue;
      }
      for (;;) {
        const done = this.#close(path);
        const parent = path.at(-1);
        if (parent === undefined) return done;
        parent.children.push(done);
        if (cursor.gotoNextSibling()) break;
        cursor.gotoParent();
      }
      path.push(this.#open());
    }
  }

  #open(): Open {
    const cursor = this.#cursor;
    const [start, end] = [cursor.startIndex, cursor.endIndex];
    const { nodeType: kind, nodeIsNamed: isNamed, currentFieldName: field } = cursor;
    return { kind, isNamed, field, text: '', start, end, children: [] };
  }

  /** The innermost open node, done. */
  #close(path: Open[]): SyntaxNode {
    const node = present(path.pop(), 'open node');
    if (node.children.length === 0) node.text = this.#textOf(node);
    return this.#rules.rewrite(this.#withGaps(node), path.at(-1)?.kind ?? '');
  }

  #textOf(node: SyntaxNode): string {
    return this.#text.slice(node.start, node.end).replaceAll('\r\n', '\n');
  }

  /** Text of a string between its escapes belongs to no node of some grammars: it gets one. */
  #withGaps(node: Open): SyntaxNode {
    return node.kind === 'string_content' && node.children.length > 0
      ? leafInstead(node, node.kind, this.#textOf(node))
      : node;
  }
}
