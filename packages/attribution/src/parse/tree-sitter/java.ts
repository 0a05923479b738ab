import { type LanguageRules, plainLists, words } from './language-rules.ts';

const MEMBERS = 'class_body interface_body enum_body record_body annotation_type_body';

/** Java, by tree-sitter-java. */
export const JAVA: LanguageRules = {
  grammar: 'java',
  lists: new Map<string, ReadonlySet<string> | null>([
    ...plainLists(
      `program block class_body interface_body enum_body enum_body_declarations constructor_body static_initializer switch_block
      switch_block_statement_group switch_rule finally_clause try_statement labeled_statement`,
    ),
    ['local_variable_declaration', words('variable_declarator')],
    ['field_declaration', words('variable_declarator')],
    ...['class', 'interface', 'enum', 'record'].map((kind): [string, ReadonlySet<string>] => [
      `${kind}_declaration`,
      words(MEMBERS),
    ]),
  ]),
  statements: words(
    'catch_clause method_declaration constructor_declaration compact_constructor_declaration',
  ),
  bodies: words(
    `if_statement.consequence if_statement.alternative for_statement.body enhanced_for_statement.body while_statement.body
    do_statement.body lambda_expression.body`,
  ),
  openHeads: new Set(),
  needs: new Map([
    ['variable_declarator', 'value'],
    ['method_declaration', 'body'],
  ]),
  inert: words('identifier'),
  erased: words(
    `line_comment block_comment package_declaration import_declaration modifiers type_parameters type_arguments throws dimensions
    catch_type annotation_type_declaration module_declaration formal_parameter.type method_declaration.type
    enhanced_for_statement.type resource.type labeled_statement.`,
  ),
  transparent: words(
    'expression_statement parenthesized_expression inferred_parameters formal_parameters formal_parameter',
  ),
  functions: words('method_declaration constructor_declaration compact_constructor_declaration'),
  isHeadRunAtLoad: false,
  names: words('identifier'),
  properties: words('field_access.field method_invocation.name method_reference. method_declaration.name'),
  scopes: words(
    'method_declaration constructor_declaration compact_constructor_declaration lambda_expression static_initializer',
  ),
  publicScopes: words(MEMBERS),
  declares: words(
    `variable_declarator.name formal_parameter.name enhanced_for_statement.name catch_formal_parameter.name resource.name
    instanceof_expression.name lambda_expression.parameters type_pattern. record_pattern_component.`,
  ),
  patterns: words('inferred_parameters'),
  outerNames: new Set(),
  hiding: words('variable_declarator'),
  rewrite: (node) => node,
  importsOf: () => [],
};
