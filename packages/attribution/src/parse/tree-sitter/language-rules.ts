import type { SyntaxNode } from './syntax-node.ts';

/** A name that an import gives to something that is called otherwise where it comes from. */
export interface ImportAlias {
  readonly alias: string;
  readonly origin: string;
}

/**
 * How statements, and the names that do not matter, are found in the trees of one grammar. Kinds are the grammar's; a place is
 * `kind.field` of the parent and the child (`kind.` for a child without a field).
 */
export interface LanguageRules {
  /** File of the grammar: `tree-sitter-NAME.wasm`. */
  readonly grammar: string;
  /** Kinds that only hold statements, and which of their children are ones (`null`: all). */
  readonly lists: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** Kinds that are statements of their own wherever they stand. */
  readonly statements: ReadonlySet<string>;
  /** Places whose child is a statement of its own, in braces or not. */
  readonly bodies: ReadonlySet<string>;
  /** Kinds whose children without a field are statements: a `case` and what follows it. */
  readonly openHeads: ReadonlySet<string>;
  /** Kinds that are no statement without a child of that field: a declaration without a value. */
  readonly needs: ReadonlyMap<string, string>;
  /** Statements of these kinds alone have no effect: a literal, `pass`. */
  readonly inert: ReadonlySet<string>;
  /** Kinds and places that leave no trace when the program runs, or are written by formatters. */
  readonly erased: ReadonlySet<string>;
  /** Kinds that stand for what they hold: parentheses. */
  readonly transparent: ReadonlySet<string>;
  /** Kinds that run when they are called; the count is read inside. */
  readonly functions: ReadonlySet<string>;
  /** The head of a function runs once, when the file is loaded: its own line says nothing about calls. */
  readonly isHeadRunAtLoad: boolean;
  /** Kinds of names that may be locals. */
  readonly names: ReadonlySet<string>;
  /** Places whose names are properties or labels and never locals. */
  readonly properties: ReadonlySet<string>;
  /** Kinds that hold locals of their own. */
  readonly scopes: ReadonlySet<string>;
  /** Kinds in which declared names are known outside: a class body. */
  readonly publicScopes: ReadonlySet<string>;
  /** Places that declare the names in them. */
  readonly declares: ReadonlySet<string>;
  /** Kinds through which a declaration reaches the names in it. */
  readonly patterns: ReadonlySet<string>;
  /** Statements that give names of an outer scope: `global`. */
  readonly outerNames: ReadonlySet<string>;
  /** Declarations that may hide an older name of the same spelling, written value first. */
  readonly hiding: ReadonlySet<string>;
  /** Writes equal code in one way before anything else looks at it; children are done already. */
  readonly rewrite: (node: SyntaxNode, parentKind: string) => SyntaxNode;
  readonly importsOf: (node: SyntaxNode) => readonly ImportAlias[];
}

/** A rule set from words in one string each, which keeps the tables readable. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

/** Lists all of whose children are statements. */
export function plainLists(text: string): [string, null][] {
  return [...words(text)].map((kind) => [kind, null]);
}
