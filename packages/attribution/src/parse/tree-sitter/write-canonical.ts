import type { LanguageRules } from './language-rules.ts';
import type { NameTable } from './local-names.ts';
import { placeOf, type SyntaxNode } from './syntax-node.ts';

/** Places at which the count of one statement is read at most: a table of a thousand lines is not read line by line. */
const PROBES_MAX = 32;

/** Written by formatters, or told by the kind of the node. */
const PUNCTUATION: ReadonlySet<string> = new Set([
  ...['(', ')', '[', ']', '{', '}', ',', ';', ':', '->', '\n', 'else', '"', "'", '`'],
]);

/**
 * Writes one statement's canonical form: a preorder of the grammar's kinds with operators, names and literal values, free of
 * types, comments, layout, parentheses and local names. Equal text means equal statement.
 */
export class TreeWriter {
  tokens = 0;
  /** Statements of their own inside the one being written. */
  readonly nested: SyntaxNode[] = [];
  readonly #parts: string[] = [];
  readonly #probes: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #rules: LanguageRules;
  readonly #names: NameTable;
  readonly #lineOf: (offset: number) => number;
  #lastLine = -1;
  #fresh = 0;

  constructor(rules: LanguageRules, names: NameTable, lineOf: (offset: number) => number) {
    this.#rules = rules;
    this.#names = names;
    this.#lineOf = lineOf;
  }

  get text(): string {
    return this.#parts.join(' ');
  }

  /** First word of each line of the statement: a line table counts a call where its last argument stands. */
  get probes(): readonly number[] {
    return this.#probes;
  }

  write(node: SyntaxNode): void {
    const { transparent, names } = this.#rules;
    if (transparent.has(node.kind)) this.#children(node);
    else if (names.has(node.kind)) this.#name(node);
    else if (node.children.length === 0) this.#word(node, leafWord(node));
    else this.#group(node);
  }

  #group(node: SyntaxNode): void {
    const operators = node.children.filter((child) => !child.isNamed && isOperator(child));
    this.#word(node, [node.kind, ...operators.map((operator) => operator.kind)].join(':'));
    this.#parts.push('(');
    this.#children(node);
    this.#parts.push(')');
  }

  #children(node: SyntaxNode): void {
    const children = this.#rules.hiding.has(node.kind) ? node.children.toReversed() : node.children;
    for (const child of children) {
      if (!child.isNamed || isErased(this.#rules, node, child)) continue;
      if (isStatement(this.#rules, node, child)) this.nested.push(child);
      else if (this.#rules.properties.has(placeOf(node, child)) && child.children.length === 0)
        this.#word(child, `n${JSON.stringify(child.text)}`);
      else this.write(child);
    }
  }

  #name(node: SyntaxNode): void {
    const scope = this.#names.scopeOf.get(node);
    if (scope === undefined) {
      this.#word(node, `n${JSON.stringify(this.#names.imports.get(node.text) ?? node.text)}`);
      return;
    }
    const key = `${scope}:${node.text}`;
    const isNew = this.#rules.hiding.size > 0 && this.#names.declarations.has(node);
    const number = (isNew ? undefined : this.#numbers.get(key)) ?? this.#fresh++;
    this.#numbers.set(key, number);
    this.#word(node, `$${number}`);
  }

  #word(node: SyntaxNode, word: string): void {
    this.tokens++;
    this.#parts.push(word);
    const line = this.#lineOf(node.start);
    if (line === this.#lastLine || this.#probes.length >= PROBES_MAX) return;
    this.#lastLine = line;
    this.#probes.push(node.start);
  }
}

export function isErased(rules: LanguageRules, parent: SyntaxNode, child: SyntaxNode): boolean {
  return rules.erased.has(child.kind) || rules.erased.has(placeOf(parent, child));
}

/** Whether a child is a statement of its own, or a list of them, and no part of its parent's. */
function isStatement(rules: LanguageRules, parent: SyntaxNode, child: SyntaxNode): boolean {
  return (
    rules.lists.has(child.kind) ||
    rules.statements.has(child.kind) ||
    rules.bodies.has(placeOf(parent, child)) ||
    (rules.openHeads.has(parent.kind) && child.field === null)
  );
}

/** An arrow before a return type says nothing; one that follows a pointer does. */
function isOperator(token: SyntaxNode): boolean {
  return token.field === 'operator' || !PUNCTUATION.has(token.kind);
}

function leafWord(node: SyntaxNode): string {
  return /^\.?\d/.test(node.text)
    ? `#${plainNumber(node.text)}`
    : `${node.kind}:${JSON.stringify(node.text)}`;
}

/** `0xFF`, `0xff`, `255` and `2_55` are one number. Octals of C (`017`) and suffixes stay as they are. */
function plainNumber(text: string): string {
  const bare = text.toLowerCase().replace(/[_']/g, '');
  return /^0[xob][\da-f]+$/.test(bare) && Number.isFinite(Number(bare)) ? BigInt(bare).toString() : bare;
}
