import ts from 'typescript-5';
import type { LocalScope } from './scopes.ts';

/** What a name means at its place: a local of some scope, or a name that other files may know. */
export type Resolve = (identifier: ts.Identifier) => LocalScope | string;

/** Called for code that is a statement of its own inside the one being written: a function body, a class member. */
export type Nested = (node: ts.Node) => void;

/**
 * Writes one statement's canonical form: a preorder of syntax kinds with names and literal values, free of types, comments,
 * layout, parentheses, quotes and local names. Equal text means equal statement.
 */
export class CanonicalWriter {
  tokens = 0;
  /** Places, besides the start, at which the statement's own code may run often: bodies of one-expression arrows. */
  readonly arrowBodies: number[] = [];
  readonly #parts: string[] = [];
  readonly #locals = new Map<string, number>();
  readonly #resolve: Resolve;
  readonly #nested: Nested;

  constructor(resolve: Resolve, nested: Nested) {
    this.#resolve = resolve;
    this.#nested = nested;
  }

  get text(): string {
    return this.#parts.join(' ');
  }

  word(text: string): void {
    this.tokens++;
    this.#parts.push(text);
  }

  /** A name in a place where scopes apply. Locals are numbered in order of appearance. */
  name(identifier: ts.Identifier): void {
    const meaning = this.#resolve(identifier);
    if (typeof meaning === 'string') {
      this.word(`n${JSON.stringify(meaning)}`);
      return;
    }
    const key = `${meaning.id}:${identifier.text}`;
    const number = this.#locals.get(key) ?? this.#locals.size;
    this.#locals.set(key, number);
    this.word(`$${number}`);
  }

  node(node: ts.Node): void {
    const inner = withoutTypes(node);
    if (isErased(inner)) return;
    if (ts.isIdentifier(inner)) this.name(inner);
    else if (ts.isPrivateIdentifier(inner)) this.word(`n${JSON.stringify(inner.text)}`);
    else if (ts.isFunctionLike(inner)) this.functionLike(inner);
    else if (ts.isClassLike(inner)) this.classHead(inner);
    else if (ts.isVariableDeclarationList(inner)) this.group('let', inner.declarations);
    else if (ts.isBlock(inner)) this.#nested(inner);
    else if (!this.#literal(inner) && !this.#member(inner)) this.#plain(inner);
  }

  group(word: string, nodes: Iterable<ts.Node | undefined>): void {
    this.word(word);
    this.#parts.push('(');
    for (const node of nodes) {
      if (node === undefined) this.#parts.push('-');
      else this.node(node);
    }
    this.#parts.push(')');
  }

  /** Head of a function, method or accessor; a body in braces is nested, a one-expression body belongs here. */
  functionLike(node: ts.SignatureDeclaration): void {
    const generator = 'asteriskToken' in node && node.asteriskToken !== undefined ? '*' : '';
    const kind = ts.isArrowFunction(node) ? 'arrow' : ts.SyntaxKind[node.kind];
    this.group(`${kind}${generator}${keptModifiers(node)}`, []);
    this.#parts.push('(');
    if (node.name && ts.isIdentifier(node.name) && isScopedFunction(node)) this.name(node.name);
    else if (node.name) this.propertyName(node.name);
    for (const parameter of node.parameters) if (!isThis(parameter)) this.#binding(parameter);
    const body = 'body' in node ? node.body : undefined;
    if (body && ts.isBlock(body)) this.#nested(body);
    else if (body) {
      this.arrowBodies.push(withoutTypes(body).getStart());
      this.node(body);
    }
    this.#parts.push(')');
  }

  classHead(node: ts.ClassLikeDeclaration): void {
    this.word('class');
    if (node.name) this.name(node.name);
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue;
      for (const type of clause.types) this.group('extends', [type.expression]);
    }
    this.#nested(node);
  }

  /** `a`, `'a'` and `['a']` name the same property. */
  propertyName(name: ts.PropertyName | ts.BindingName): void {
    if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name)) {
      this.word(`n${JSON.stringify(name.text)}`);
    } else if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) {
      this.word(`n${JSON.stringify(name.expression.text)}`);
    } else this.node(name);
  }

  #binding(node: ts.ParameterDeclaration | ts.BindingElement | ts.VariableDeclaration): void {
    const rest = 'dotDotDotToken' in node && node.dotDotDotToken ? 'rest' : '';
    if (rest) this.word(rest);
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && !rest) {
      this.propertyName(node.propertyName ?? node.name);
    }
    this.node(node.name);
    if (node.initializer) this.group('=', [node.initializer]);
  }

  #literal(node: ts.Node): boolean {
    if (ts.isStringLiteralLike(node)) this.word(JSON.stringify(node.text));
    else if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) this.word(`#${node.text}`);
    else if (ts.isRegularExpressionLiteral(node)) this.word(`r${JSON.stringify(node.text)}`);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      this.word(`t${JSON.stringify(node.text)}`);
    else if (ts.isJsxText(node)) this.#jsxText(node.text);
    else return false;
    return true;
  }

  #jsxText(text: string): void {
    const shown = text.replace(/\s+/g, ' ').trim();
    if (shown !== '') this.word(`x${JSON.stringify(shown)}`);
  }

  #member(node: ts.Node): boolean {
    if (ts.isPropertyAccessExpression(node)) this.#access(node, node.name.text);
    else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      this.#access(node, node.argumentExpression.text);
    } else if (ts.isPropertyAssignment(node)) {
      this.propertyName(node.name);
      this.group(':', [node.initializer]);
    } else if (ts.isShorthandPropertyAssignment(node)) {
      this.propertyName(node.name);
      this.#parts.push(':', '(');
      this.name(node.name);
      this.#parts.push(')');
      this.tokens++;
    } else if (ts.isBindingElement(node) || ts.isParameter(node) || ts.isVariableDeclaration(node))
      this.#binding(node);
    else if (ts.isJsxAttribute(node)) this.group(`attribute:${node.name.getText()}`, [node.initializer]);
    else return false;
    return true;
  }

  #access(node: ts.PropertyAccessExpression | ts.ElementAccessExpression, name: string): void {
    this.group(node.questionDotToken ? '?.' : '.', [node.expression]);
    this.word(`n${JSON.stringify(name)}`);
  }

  #plain(node: ts.Node): void {
    const operator = operatorOf(node);
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      if (!(ts.isBinaryExpression(node) && child === node.operatorToken)) children.push(child);
    });
    if (children.length === 0) this.word(`${ts.SyntaxKind[node.kind]}${operator}`);
    else this.group(`${ts.SyntaxKind[node.kind]}${operator}`, children);
  }
}

/** The expression inside parentheses and type assertions. */
export function withoutTypes(node: ts.Node): ts.Node {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

const PUNCTUATION: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.QuestionToken,
  ts.SyntaxKind.ColonToken,
  ts.SyntaxKind.ExclamationToken,
  ts.SyntaxKind.EqualsGreaterThanToken,
  ts.SyntaxKind.EndOfFileToken,
]);

/** Leaves no trace when the program runs. */
function isErased(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  return (
    ts.isTypeNode(node) ||
    ts.isTypeParameterDeclaration(node) ||
    PUNCTUATION.has(node.kind) ||
    isErasedModifier(node)
  );
}

function isErasedModifier(node: ts.Node): boolean {
  return (
    ts.isModifier(node) &&
    node.kind !== ts.SyntaxKind.AsyncKeyword &&
    node.kind !== ts.SyntaxKind.StaticKeyword
  );
}

function keptModifiers(node: ts.Node): string {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers
    .filter((modifier) => !isErasedModifier(modifier))
    .map((modifier) => `+${ts.SyntaxKind[modifier.kind]}`)
    .sort()
    .join('');
}

function isScopedFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);
}

function isThis(parameter: ts.ParameterDeclaration): boolean {
  return ts.isIdentifier(parameter.name) && parameter.name.text === 'this';
}

function operatorOf(node: ts.Node): string {
  if (ts.isBinaryExpression(node)) return `:${ts.SyntaxKind[node.operatorToken.kind]}`;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return `:${ts.SyntaxKind[node.operator]}`;
  return '';
}
