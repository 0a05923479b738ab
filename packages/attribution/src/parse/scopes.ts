import ts from 'typescript-5';

/** Names that live inside functions and blocks. Module-level names are not local: other files may know them. */
export interface LocalScope {
  readonly id: number;
  readonly names: ReadonlySet<string>;
}

/** Local scopes by the node that opens them. `var` rises to its function; at module level it is no local. */
export function findLocalScopes(source: ts.SourceFile): ReadonlyMap<ts.Node, LocalScope> {
  const scopes = new Map<ts.Node, { id: number; names: Set<string> }>();
  const declare = (owner: ts.Node, name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      if (ts.isSourceFile(owner)) return;
      const scope = scopes.get(owner) ?? { id: scopes.size, names: new Set<string>() };
      scope.names.add(name.text);
      scopes.set(owner, scope);
      return;
    }
    for (const element of name.elements) if (ts.isBindingElement(element)) declare(owner, element.name);
  };
  const walk = (node: ts.Node, functionOwner: ts.Node, blockOwner: ts.Node): void => {
    if (ts.isVariableDeclarationList(node)) {
      const owner = node.flags & ts.NodeFlags.BlockScoped ? blockOwner : functionOwner;
      for (const declaration of node.declarations) declare(owner, declaration.name);
    }
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name)
      declare(blockOwner, node.name);
    if ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name) declare(node, node.name);
    if (ts.isParameter(node)) declare(functionOwner, node.name);
    if (ts.isCatchClause(node) && node.variableDeclaration) declare(node, node.variableDeclaration.name);
    const nextFunction =
      ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) ? node : functionOwner;
    const nextBlock = opensBlock(node) ? node : blockOwner;
    ts.forEachChild(node, (child) => {
      // The catch variable is declared above, in the clause; a second visit would put it in the enclosing block.
      if (ts.isCatchClause(node) && child === node.variableDeclaration) return;
      walk(child, nextFunction, nextBlock);
    });
  };
  ts.forEachChild(source, (child) => walk(child, source, source));
  return scopes;
}

function opensBlock(node: ts.Node): boolean {
  if (ts.isBlock(node)) return !ts.isFunctionLike(node.parent);
  return (
    ts.isFunctionLike(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isModuleBlock(node)
  );
}
