import { type ImportAlias, type LanguageRules, plainLists, words } from './language-rules.ts';
import { childNamed, leafInstead, type SyntaxNode, withColons } from './syntax-node.ts';

/** Go, by tree-sitter-go. */
export const GO: LanguageRules = {
  grammar: 'go',
  lists: new Map(
    plainLists(
      'source_file block statement_list var_declaration var_spec_list const_declaration labeled_statement default_case',
    ),
  ),
  statements: words('expression_case type_case communication_case function_declaration method_declaration'),
  bodies: words('if_statement.alternative'),
  openHeads: new Set(),
  needs: new Map([
    ['var_spec', 'value'],
    ['const_spec', 'value'],
    ['function_declaration', 'body'],
  ]),
  inert: words('empty_statement label_name'),
  erased: words(
    `comment package_clause import_declaration type_declaration type_parameter_list label_name
    parameter_declaration.type variadic_parameter_declaration.type var_spec.type const_spec.type
    function_declaration.result method_declaration.result func_literal.result`,
  ),
  transparent: words('expression_statement parenthesized_expression literal_element'),
  functions: words('function_declaration method_declaration'),
  isHeadRunAtLoad: false,
  names: words('identifier'),
  properties: words('keyed_element.key'),
  scopes: words('function_declaration method_declaration func_literal'),
  publicScopes: new Set(),
  declares: words(
    `short_var_declaration.left range_clause.left receive_statement.left type_switch_statement.alias var_spec.name const_spec.name
    parameter_declaration.name variadic_parameter_declaration.name`,
  ),
  patterns: words('expression_list'),
  outerNames: new Set(),
  hiding: words('short_var_declaration range_clause receive_statement var_spec'),
  rewrite,
  importsOf,
};

function rewrite(node: SyntaxNode, parentKind: string): SyntaxNode {
  if (node.kind === 'slice_expression') return withColons(node);
  // The name before the colon is a field far more often than a key of a map.
  const [key] = node.kind === 'literal_element' && node.field === 'key' ? node.children : [];
  if (parentKind === 'keyed_element' && key?.kind === 'identifier')
    return leafInstead(node, 'field_identifier', key.text);
  return node;
}

function importsOf(node: SyntaxNode): readonly ImportAlias[] {
  const alias = node.kind === 'import_spec' ? childNamed(node, 'name') : undefined;
  const path = childNamed(node, 'path')?.children.find((child) => child.isNamed)?.text;
  return alias === undefined || path === undefined
    ? []
    : [{ alias: alias.text, origin: path.split('/').at(-1) ?? path }];
}
