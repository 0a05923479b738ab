import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { PlacedStatement } from '../../core/statement.ts';
import type { LanguageRules } from './language-rules.ts';
import { findNames, type NameTable } from './local-names.ts';
import { childNamed, namedChildren, type SyntaxNode } from './syntax-node.ts';
import { isErased, TreeWriter } from './write-canonical.ts';

/** The statements of a file's syntax tree. */
export function statementsOf(root: SyntaxNode, text: string, rules: LanguageRules): PlacedStatement[] {
  const walker = new TreeWalker(rules, findNames(root, rules), lineStartsOf(text));
  walker.visit(root);
  return walker.found;
}

type Found = { -readonly [Key in keyof PlacedStatement]: PlacedStatement[Key] };

class TreeWalker {
  readonly found: Found[] = [];
  readonly #rules: LanguageRules;
  readonly #names: NameTable;
  readonly #lineStarts: readonly number[];

  constructor(rules: LanguageRules, names: NameTable, lineStarts: readonly number[]) {
    this.#rules = rules;
    this.#names = names;
    this.#lineStarts = lineStarts;
  }

  visit(node: SyntaxNode): void {
    const members = this.#rules.lists.get(node.kind);
    if (members === undefined) {
      this.#unit(node);
      return;
    }
    for (const child of namedChildren(node)) {
      if ((members === null || members.has(child.kind)) && !isErased(this.#rules, node, child))
        this.visit(child);
    }
  }

  #unit(node: SyntaxNode): void {
    const rules = this.#rules;
    const inner = this.#insideOf(node);
    const need = rules.needs.get(inner.kind);
    if (rules.inert.has(inner.kind) || (need !== undefined && childNamed(inner, need) === undefined)) return;
    const writer = new TreeWriter(rules, this.#names, (offset) => this.#lineOf(offset));
    writer.write(node);
    if (writer.tokens > 0) this.found.push(this.#statement(node, writer));
    const own = this.found.at(-1);
    const isCalled = rules.functions.has(inner.kind) && own !== undefined;
    const count = this.found.length;
    for (const nested of writer.nested) this.visit(nested);
    if (isCalled) own.probes = this.#callProbes(own, writer, this.found[count]);
  }

  /** A statement in parentheses, or one that is only an expression, is what it holds. */
  #insideOf(node: SyntaxNode): SyntaxNode {
    let inner = node;
    while (this.#rules.transparent.has(inner.kind)) {
      const [only, ...more] = namedChildren(inner);
      if (only === undefined || more.length > 0) break;
      inner = only;
    }
    return inner;
  }

  #statement(node: SyntaxNode, writer: TreeWriter): Found {
    const { text, tokens, probes } = writer;
    return {
      key: toHex(sha256(encodeUtf8(`${this.#rules.grammar}\n${text}`)).subarray(0, 16)),
      tokens,
      startLine: this.#lineOf(node.start) + 1,
      endLine: this.#lineOf(Math.max(node.start, node.end - 1)) + 1,
      probes,
      start: node.start,
      end: node.end,
      filler: this.#rules.grammar === 'python' ? 'pass' : ';',
    };
  }

  /** Where calls of a function are counted: inside its body, and at its head where the head does not run by itself. */
  #callProbes(own: Found, writer: TreeWriter, first: Found | undefined): readonly number[] {
    const body = first?.probes.slice(0, 1) ?? writer.nested.slice(0, 1).map((nested) => nested.start);
    return this.#rules.isHeadRunAtLoad ? body : [...own.probes, ...body];
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
