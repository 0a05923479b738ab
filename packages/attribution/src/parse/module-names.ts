import ts from 'typescript-5';

/**
 * What an imported name is called at its origin, by its local name: `{ a as b }` is `a`; a default or namespace import
 * is named after the last part of the module's path. So neither a local alias nor a file moved under its own name changes a
 * statement; another exported name does, and another file name behind a default or namespace import.
 */
export function importedNames(source: ts.SourceFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const clause = statement.importClause;
    const module = stemOf(statement.moduleSpecifier.text);
    if (clause?.name) names.set(clause.name.text, `default:${module}`);
    const bindings = clause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) names.set(bindings.name.text, `*:${module}`);
    if (bindings && ts.isNamedImports(bindings)) {
      for (const element of bindings.elements)
        names.set(element.name.text, (element.propertyName ?? element.name).text);
    }
  }
  return names;
}

function stemOf(specifier: string): string {
  const last = specifier.split('/').at(-1) ?? specifier;
  return last.replace(/\.[cm]?[jt]sx?$/, '');
}
