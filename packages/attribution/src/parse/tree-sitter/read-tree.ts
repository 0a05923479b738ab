import { present } from '@jamnet/base';
import type { Parser, Tree, TreeCursor } from '@vscode/tree-sitter-wasm';
import type { LanguageRules } from './language-rules.ts';
import { leafInstead, type SyntaxNode } from './syntax-node.ts';

/** Nesting read at most: deeper texts are named in the report and not read. Hand-written code stays far below. */
export const DEPTH_MAX = 1000;
/** Characters read at most: the tree of a longer text takes hundreds of megabytes. */
export const TREE_TEXT_MAX = 512 << 10;
/** Reports of progress (100 steps each) by the parser, at most. Dense code was seen to take 35 for 1,024 characters. */
const REPORTS_MIN = 2000;
const REPORTS_PER_1024 = 50;
/**
 * Brackets that close nothing, or another kind than the one open, at most. Mending each costs the parser time in proportion to the
 * text before it: 20,000 of them were seen to take it a minute, the steps it reports do not tell.
 */
export const MISMATCHES_MAX = 1000;

/** The parser's own tree of a text, to be deleted by the caller; `null` when it would take the parser too long. */
export function parseWithin(parser: Parser, text: string): Tree | null {
  if (text.length > TREE_TEXT_MAX || countMismatches(text) > MISMATCHES_MAX) return null;
  let reports = 0;
  const reportsMax = REPORTS_MIN + Math.ceil((text.length * REPORTS_PER_1024) / 1024);
  const tree = parser.parse(text, null, { progressCallback: () => ++reports > reportsMax });
  // Else it would go on with this text when the next one comes.
  if (tree === null) parser.reset();
  return tree;
}

/** The syntax tree of a text; `null` when it would take the parser too long or is nested too deeply. */
export function readTree(parser: Parser, text: string, rules: LanguageRules): SyntaxNode | null {
  const tree = parseWithin(parser, text);
  if (tree === null) return null;
  const cursor = tree.walk();
  try {
    return new TreeCopy(cursor, text, rules).root();
  } finally {
    cursor.delete();
    tree.delete();
  }
}

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Brackets without their partner, those in strings and comments included: a few there do no harm. */
function countMismatches(text: string): number {
  const open: string[] = [];
  let mismatches = 0;
  for (const bracket of text.match(/[()[\]{}]/g) ?? []) {
    const wanted = OPENING[bracket];
    if (wanted === undefined) open.push(bracket);
    else if (open.at(-1) === wanted) open.pop();
    else mismatches++;
  }
  return mismatches;
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
