import { type ImportAlias, type LanguageRules, plainLists, words } from './language-rules.ts';
import { childNamed, leafInstead, namedChildren, type SyntaxNode } from './syntax-node.ts';

/** Rust, by tree-sitter-rust. rustfmt puts braces around arms and closures and takes them away: both are bodies. */
export const RUST: LanguageRules = {
  grammar: 'rust',
  lists: new Map<string, ReadonlySet<string> | null>([
    ...plainLists('source_file block declaration_list match_block else_clause unsafe_block'),
    ['impl_item', words('declaration_list')],
    ['trait_item', words('declaration_list')],
    ['mod_item', words('declaration_list')],
  ]),
  statements: words('match_arm function_item'),
  bodies: words('match_arm.value closure_expression.body'),
  openHeads: new Set(),
  needs: new Map([
    ['let_declaration', 'value'],
    ['function_item', 'body'],
  ]),
  inert: words('empty_statement'),
  erased: words(
    `line_comment block_comment attribute_item inner_attribute_item use_declaration extern_crate_declaration struct_item enum_item
    union_item type_item associated_type function_signature_item macro_definition visibility_modifier type_parameters where_clause
    type_arguments label lifetime let_declaration.type let_declaration. parameter.type parameter.
    function_item.return_type closure_expression.return_type const_item.type static_item.type`,
  ),
  transparent: words('expression_statement parenthesized_expression match_pattern parameter'),
  functions: words('function_item'),
  isHeadRunAtLoad: false,
  names: words('identifier'),
  properties: words(
    'scoped_identifier.name scoped_identifier.path tuple_struct_pattern.type macro_invocation.macro',
  ),
  scopes: words('function_item closure_expression'),
  publicScopes: words('impl_item trait_item mod_item'),
  declares: words(
    `let_declaration.pattern let_condition.pattern for_expression.pattern parameter.pattern closure_parameters. match_arm.pattern
    function_item.name`,
  ),
  patterns: words(
    `tuple_pattern slice_pattern tuple_struct_pattern struct_pattern field_pattern or_pattern ref_pattern mut_pattern
    reference_pattern captured_pattern match_pattern parameter`,
  ),
  outerNames: new Set(),
  hiding: words('let_declaration let_condition for_expression'),
  rewrite,
  importsOf,
};

function rewrite(node: SyntaxNode, parentKind: string): SyntaxNode {
  // `P { a }` is `P { a: a }`, in values and in patterns.
  if (node.kind === 'shorthand_field_initializer')
    return spelledOut(node, 'field_initializer', node.children[0]);
  const [first] = node.children;
  if (node.kind === 'field_pattern' && first?.kind === 'shorthand_field_identifier')
    return spelledOut(node, node.kind, first);
  // A name in capitals is a constant or a variant, not a new local.
  if (node.kind === 'identifier' && /pattern$/.test(parentKind) && /^[A-Z]/.test(node.text))
    return { ...node, kind: 'constant' };
  if (node.kind === 'token_tree') return { ...node, children: macroTokens(node.children) };
  return node;
}

function spelledOut(node: SyntaxNode, kind: string, name: SyntaxNode | undefined): SyntaxNode {
  if (name === undefined) return node;
  const children = [
    { ...leafInstead(name, 'field_identifier', name.text), field: 'field' },
    { ...leafInstead(name, 'identifier', name.text), field: 'value' },
  ];
  return { ...node, kind, children };
}

/** A macro's arguments are bare tokens: what follows a dot is a field, and `{name}` in a string a use of the name. */
function macroTokens(tokens: readonly SyntaxNode[]): SyntaxNode[] {
  return tokens.map((token, index) => {
    if (token.kind === 'identifier' && tokens[index - 1]?.kind === '.')
      return { ...token, kind: 'field_identifier' };
    return token.kind === 'string_literal' ? withCaptures(token) : token;
  });
}

function withCaptures(literal: SyntaxNode): SyntaxNode {
  const children = literal.children.flatMap((part) =>
    part.kind !== 'string_content'
      ? [part]
      : part.text
          .split(/(?<=(?<!\{)\{)([a-z_]\w*)(?=[:}])/)
          .map((piece, index) => leafInstead(part, index % 2 === 0 ? part.kind : 'identifier', piece)),
  );
  return { ...literal, children };
}

function importsOf(node: SyntaxNode): readonly ImportAlias[] {
  const alias = node.kind === 'use_as_clause' ? childNamed(node, 'alias') : undefined;
  const path = childNamed(node, 'path');
  const origin = path === undefined ? undefined : (namedChildren(path).at(-1) ?? path).text;
  return alias === undefined || origin === undefined ? [] : [{ alias: alias.text, origin }];
}
