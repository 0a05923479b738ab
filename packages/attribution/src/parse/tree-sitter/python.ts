import { type ImportAlias, type LanguageRules, plainLists, words } from './language-rules.ts';
import { childNamed, leafInstead, namedChildren, type SyntaxNode, withColons } from './syntax-node.ts';

/** Python 3, by tree-sitter-python. Layout is that of Black and its like: quotes, parentheses, trailing commas, wrapped lists. */
export const PYTHON: LanguageRules = {
  grammar: 'python',
  lists: new Map(plainLists('module block else_clause finally_clause try_statement decorated_definition')),
  statements: words(
    'elif_clause except_clause except_group_clause case_clause function_definition class_definition',
  ),
  bodies: new Set(),
  openHeads: new Set(),
  needs: new Map([['assignment', 'right']]),
  inert: words(
    `string concatenated_string integer float true false none ellipsis pass_statement global_statement nonlocal_statement
    import_statement import_from_statement future_import_statement type_alias_statement comment`,
  ),
  erased: words('comment line_continuation type type_parameter'),
  transparent: words('expression_statement parenthesized_expression as_pattern_target case_pattern'),
  functions: words('function_definition'),
  isHeadRunAtLoad: true,
  names: words('identifier'),
  properties: words('attribute.attribute keyword_argument.name keyword_pattern.'),
  scopes: words(
    'function_definition lambda list_comprehension set_comprehension dictionary_comprehension generator_expression',
  ),
  publicScopes: words('class_definition'),
  declares: words(
    `function_definition.name class_definition.name parameters. lambda_parameters. assignment.left augmented_assignment.left
    for_statement.left for_in_clause.left named_expression.name as_pattern.alias case_clause. case_pattern.`,
  ),
  patterns: words(
    `tuple_pattern list_pattern tuple list as_pattern_target default_parameter list_splat_pattern dictionary_splat_pattern
    splat_pattern parenthesized_expression case_pattern`,
  ),
  outerNames: words('global_statement nonlocal_statement'),
  hiding: new Set(),
  rewrite,
  importsOf,
};

/** One kind for lists with and without parentheses, and for parameters with and without a type. */
const SAME_KIND: Readonly<Record<string, string>> = {
  expression_list: 'tuple',
  pattern_list: 'tuple_pattern',
  typed_default_parameter: 'default_parameter',
  list_splat: 'list_splat_pattern',
};

function rewrite(node: SyntaxNode, parentKind: string): SyntaxNode {
  const { kind } = node;
  // Python itself reads names in this form (PEP 3131), so letters that only look otherwise are no other name.
  if (kind === 'identifier') return { ...node, text: node.text.normalize('NFKC') };
  if (kind === 'string') return oneString(node);
  if (kind === 'concatenated_string') return joinedStrings(node);
  if (kind === 'typed_parameter') return { ...(namedChildren(node)[0] ?? node), field: null };
  // A bare name in a pattern catches a value; one with a dot is compared with.
  if (kind === 'dotted_name' && parentKind === 'case_pattern' && node.children.length === 1)
    return leafInstead(node, 'identifier', node.children[0]?.text ?? '');
  if (kind === 'slice') return withColons(node);
  const same = SAME_KIND[kind];
  return same === undefined ? node : { ...node, kind: same };
}

/** A string without its quotes; one with values in it keeps its parts. */
function oneString(node: SyntaxNode): SyntaxNode {
  const quote = node.children.find((child) => child.kind === 'string_start')?.text ?? '';
  const prefix = [...quote.toLowerCase().replace(/[^a-z]|u/g, '')].sort().join('');
  const unquote = (text: string): string => (prefix.includes('r') ? text : text.replace(/\\(["'])/g, '$1'));
  const parts = node.children
    .filter((child) => child.kind === 'string_content' || child.kind === 'interpolation')
    .map((child) => (child.children.length === 0 ? { ...child, text: unquote(child.text) } : child));
  if (parts.some((part) => part.kind === 'interpolation'))
    return { ...node, kind: `string ${prefix}`, children: parts };
  return leafInstead(node, 'string', `${prefix}:${parts.map((part) => part.text).join('')}`);
}

/** `'a' 'b'` is `'ab'`. */
function joinedStrings(node: SyntaxNode): SyntaxNode {
  const strings = namedChildren(node);
  const prefixes = new Set(strings.map((one) => one.text.slice(0, one.text.indexOf(':') + 1)));
  const [prefix, ...more] = prefixes;
  if (prefix === undefined || more.length > 0 || strings.some((one) => one.kind !== 'string')) return node;
  return leafInstead(node, 'string', prefix + strings.map((one) => one.text.slice(prefix.length)).join(''));
}

function importsOf(node: SyntaxNode): readonly ImportAlias[] {
  const alias = node.kind === 'aliased_import' ? childNamed(node, 'alias') : undefined;
  const origin = childNamed(node, 'name')?.children.at(-1)?.text;
  return alias === undefined || origin === undefined ? [] : [{ alias: alias.text, origin }];
}
