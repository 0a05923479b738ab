import type { LanguageRules } from './language-rules.ts';
import { placeOf, type SyntaxNode } from './syntax-node.ts';

/** What the names of one file mean. */
export interface NameTable {
  /** Scope of a local's declaration by the node that uses the name; absent: known outside the function. */
  readonly scopeOf: ReadonlyMap<SyntaxNode, number>;
  /** Nodes at which a local is declared. */
  readonly declarations: ReadonlySet<SyntaxNode>;
  /** What an imported name is called where it comes from. */
  readonly imports: ReadonlyMap<string, string>;
}

interface Scope {
  readonly id: number;
  readonly outer: Scope | null;
  readonly names: Set<string>;
  /** Names that belong to an outer scope although they are set here. */
  readonly outerNames: Set<string>;
  readonly isPublic: boolean;
}

/** Finds out which names of a file are locals of its functions. Names of a module or a class are not: other files may know them. */
export function findNames(root: SyntaxNode, rules: LanguageRules): NameTable {
  const finder = new NameFinder(rules);
  finder.declareIn(root, null);
  finder.resolve(root);
  return finder;
}

class NameFinder implements NameTable {
  readonly scopeOf = new Map<SyntaxNode, number>();
  readonly declarations = new Set<SyntaxNode>();
  readonly imports = new Map<string, string>();
  readonly #rules: LanguageRules;
  readonly #scopes = new Map<SyntaxNode, Scope>();

  constructor(rules: LanguageRules) {
    this.#rules = rules;
  }

  declareIn(node: SyntaxNode, outer: Scope | null): void {
    const rules = this.#rules;
    for (const { alias, origin } of rules.importsOf(node)) this.imports.set(alias, origin);
    const scope = this.#enter(node, outer);
    if (rules.outerNames.has(node.kind))
      for (const name of node.children) if (rules.names.has(name.kind)) scope?.outerNames.add(name.text);
    for (const child of node.children) {
      // A function's own name stands in the scope that holds the function.
      const owner = child.field === 'name' ? outer : scope;
      if (rules.declares.has(placeOf(node, child))) this.#declare(child, owner);
      this.declareIn(child, scope);
    }
  }

  #enter(node: SyntaxNode, outer: Scope | null): Scope | null {
    const isPublic = this.#rules.publicScopes.has(node.kind);
    if (!isPublic && !this.#rules.scopes.has(node.kind)) return outer;
    const scope = {
      id: this.#scopes.size,
      outer,
      names: new Set<string>(),
      outerNames: new Set<string>(),
      isPublic,
    };
    this.#scopes.set(node, scope);
    return scope;
  }

  #declare(node: SyntaxNode, scope: Scope | null): void {
    if (scope === null || scope.isPublic) return;
    if (this.#rules.names.has(node.kind)) {
      scope.names.add(node.text);
      this.declarations.add(node);
    } else if (this.#rules.patterns.has(node.kind)) {
      for (const child of node.children) {
        const place = placeOf(node, child);
        if (!this.#rules.properties.has(place)) this.#declare(child, scope);
      }
    }
  }

  /** Gives each use of a local its scope. */
  resolve(root: SyntaxNode): void {
    const walk = (node: SyntaxNode, outer: Scope | null): void => {
      const scope = this.#scopes.get(node) ?? outer;
      for (const child of node.children) {
        const { properties, names } = this.#rules;
        if (names.has(child.kind) && !properties.has(placeOf(node, child))) {
          const found = scopeWith(child.text, child.field === 'name' ? outer : scope);
          if (found !== null) this.scopeOf.set(child, found.id);
        } else walk(child, scope);
      }
    };
    walk(root, null);
  }
}

function scopeWith(name: string, from: Scope | null): Scope | null {
  for (let scope = from; scope !== null; scope = scope.outer) {
    if (scope.names.has(name) && !scope.outerNames.has(name)) return scope;
  }
  return null;
}
