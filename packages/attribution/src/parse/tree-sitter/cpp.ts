import { type LanguageRules, plainLists, words } from './language-rules.ts';
import type { SyntaxNode } from './syntax-node.ts';

/** C and C++, by tree-sitter-cpp. Code behind `#if` counts whichever branch is built; what a macro expands to does not. */
export const CPP: LanguageRules = {
  grammar: 'cpp',
  lists: new Map<string, ReadonlySet<string> | null>([
    ...plainLists(
      'translation_unit compound_statement declaration_list else_clause try_statement linkage_specification',
    ),
    ...['preproc_if', 'preproc_ifdef', 'preproc_else', 'preproc_elif'].map((kind): [string, null] => [
      kind,
      null,
    ]),
    ['declaration', words('init_declarator')],
    [
      'field_declaration_list',
      words('function_definition template_declaration class_specifier struct_specifier'),
    ],
    ['namespace_definition', words('declaration_list')],
    ['template_declaration', words('function_definition class_specifier struct_specifier declaration')],
    ['class_specifier', words('field_declaration_list')],
    ['struct_specifier', words('field_declaration_list')],
    ['labeled_statement', null],
  ]),
  statements: words('case_statement catch_clause function_definition'),
  bodies: words(
    `if_statement.consequence if_statement.alternative for_statement.body for_range_loop.body while_statement.body do_statement.body`,
  ),
  openHeads: words('case_statement'),
  needs: new Map([['function_definition', 'body']]),
  inert: words('empty_statement identifier'),
  erased: words(
    `comment preproc_include preproc_def preproc_function_def preproc_call preproc_directive using_declaration alias_declaration
    type_definition static_assert_declaration enum_specifier union_specifier friend_declaration access_specifier
    storage_class_specifier type_qualifier virtual virtual_specifier trailing_return_type template_parameter_list statement_identifier
    template_argument_list attribute_declaration attribute_specifier noexcept declaration.type function_definition.type
    parameter_declaration.type optional_parameter_declaration.type for_range_loop.type preproc_if.condition preproc_ifdef.name
    preproc_elif.condition lambda_capture_specifier`,
  ),
  transparent: words('expression_statement parenthesized_expression condition_clause init_statement'),
  functions: words('function_definition'),
  isHeadRunAtLoad: false,
  names: words('identifier'),
  properties: words('qualified_identifier.name qualified_identifier.scope template_function.name'),
  scopes: words('function_definition lambda_expression'),
  publicScopes: words('class_specifier struct_specifier namespace_definition'),
  declares: words(
    `declaration.declarator init_declarator.declarator parameter_declaration.declarator optional_parameter_declaration.declarator
    for_range_loop.declarator`,
  ),
  patterns: words('pointer_declarator reference_declarator array_declarator structured_binding_declarator'),
  outerNames: new Set(),
  hiding: words('init_declarator'),
  rewrite,
  importsOf: () => [],
};

function rewrite(node: SyntaxNode): SyntaxNode {
  // `while (x) ;` has a statement that is only a semicolon.
  if (node.kind === 'expression_statement' && !node.children.some((child) => child.isNamed))
    return { ...node, kind: 'empty_statement', children: [] };
  return node;
}
