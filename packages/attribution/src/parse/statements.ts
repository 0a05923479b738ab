import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import ts from 'typescript-5';
import type { PlacedStatement } from '../core/statement.ts';
import { CanonicalWriter, withoutTypes } from './canonical.ts';
import { importedNames } from './module-names.ts';
import { findLocalScopes, type LocalScope } from './scopes.ts';

/** Version of the parser behind {@link parseStatements}. */
export const TYPESCRIPT_VERSION = `typescript/${ts.version}`;

const SCRIPT_KIND = { js: ts.ScriptKind.JSX, ts: ts.ScriptKind.TS, tsx: ts.ScriptKind.TSX } as const;

export type ScriptDialect = keyof typeof SCRIPT_KIND;

export function isScript(dialect: string): dialect is ScriptDialect {
  return Object.hasOwn(SCRIPT_KIND, dialect);
}

/**
 * The statements of one source text. Imports, type declarations and code without effect of its own (empty statements,
 * plain `try`, declarations without a value) are none. A text with syntax errors gives what the parser could make of it.
 */
export function parseStatements(text: string, dialect: ScriptDialect): PlacedStatement[] {
  const source = ts.createSourceFile(
    `blob.${dialect}`,
    text,
    ts.ScriptTarget.Latest,
    true,
    SCRIPT_KIND[dialect],
  );
  const walker = new StatementWalker(source);
  for (const statement of source.statements) walker.visit(statement);
  return walker.found;
}

class StatementWalker {
  readonly found: PlacedStatement[] = [];
  readonly #source: ts.SourceFile;
  readonly #scopes: ReadonlyMap<ts.Node, LocalScope>;
  readonly #imports: ReadonlyMap<string, string>;

  constructor(source: ts.SourceFile) {
    this.#source = source;
    this.#scopes = findLocalScopes(source);
    this.#imports = importedNames(source);
  }

  visit(node: ts.Node): void {
    if (isTypeOnly(node)) return;
    if (ts.isVariableStatement(node)) {
      for (const declaration of node.declarationList.declarations) {
        if (declaration.initializer) this.#unit(declaration, (writer) => writer.group('let', [declaration]));
      }
    } else if (ts.isFunctionDeclaration(node)) this.#function(node);
    else if (ts.isClassDeclaration(node)) this.#unit(node, (writer) => writer.classHead(node));
    else if (ts.isExportAssignment(node))
      this.#unit(node, (writer) => writer.group('export=', [node.expression]));
    else if (ts.isExpressionStatement(node)) this.#expressions(node.expression);
    else if (ts.isReturnStatement(node))
      this.#unit(node, (writer) => writer.group('return', [this.#lastOf(node.expression)]));
    else if (ts.isThrowStatement(node))
      this.#unit(node, (writer) => writer.group('throw', [this.#lastOf(node.expression)]));
    else if (ts.isBreakOrContinueStatement(node)) {
      this.#unit(node, (writer) => writer.word(`${ts.SyntaxKind[node.kind]}${node.label ? ':label' : ''}`));
    } else if (ts.isEnumDeclaration(node)) this.#unit(node, (writer) => writer.group('enum', node.members));
    else this.#compound(node);
  }

  /** `a(), b();` is `a(); b();`: what commas join are statements of their own. */
  #expressions(expression: ts.Expression): void {
    for (const one of commaParts(expression)) this.#unit(one, (writer) => writer.node(one));
  }

  /** The value of `a(), b`; what stands before the last comma becomes statements of their own. */
  #lastOf(expression: ts.Expression | undefined): ts.Expression | undefined {
    if (expression === undefined) return undefined;
    const parts = commaParts(expression);
    for (const one of parts.slice(0, -1)) this.#unit(one, (writer) => writer.node(one));
    return parts.at(-1);
  }

  /** Statements that hold statements: the head is one unit, what it governs are others. */
  #compound(node: ts.Node): void {
    if (ts.isIfStatement(node)) {
      this.#unit(node, (writer) => writer.group('if', [this.#lastOf(node.expression)]));
    } else if (ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isSwitchStatement(node)) {
      this.#unit(node, (writer) => writer.group(ts.SyntaxKind[node.kind], [node.expression]));
    } else if (ts.isForStatement(node)) {
      this.#unit(node, (writer) => writer.group('for', [node.initializer, node.condition, node.incrementor]));
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      const word = `${ts.SyntaxKind[node.kind]}${ts.isForOfStatement(node) && node.awaitModifier ? '+await' : ''}`;
      this.#unit(node, (writer) => writer.group(word, [node.initializer, node.expression]));
    } else if (ts.isCaseClause(node)) this.#unit(node, (writer) => writer.group('case', [node.expression]));
    ts.forEachChild(node, (child) => {
      if (holdsStatements(child)) this.visit(child);
    });
  }

  /** Members of a class, each a unit of its own. */
  #members(node: ts.ClassLikeDeclaration): void {
    for (const member of node.members) {
      if (ts.isClassStaticBlockDeclaration(member)) this.visit(member.body);
      else if (ts.isPropertyDeclaration(member)) this.#property(member);
      else if (ts.isFunctionLike(member)) this.#function(member);
    }
  }

  #property(member: ts.PropertyDeclaration): void {
    const { initializer } = member;
    if (initializer === undefined) return;
    const write = (writer: CanonicalWriter): void => {
      writer.propertyName(member.name);
      writer.group('field', [initializer]);
    };
    this.#unit(member, write, initializer.getStart(this.#source));
  }

  /** A head without a body (overload, abstract, ambient) is a type. Its count is read inside the body: calls, not loads. */
  #function(node: ts.SignatureDeclaration): void {
    const body = 'body' in node ? node.body : undefined;
    if (body !== undefined)
      this.#unit(node, (writer) => writer.functionLike(node), body.getStart(this.#source));
  }

  #unit(node: ts.Node, write: (writer: CanonicalWriter) => void, probe?: number): void {
    const nested: ts.Node[] = [];
    const writer = new CanonicalWriter(
      (identifier) => this.#meaning(identifier),
      (inner) => nested.push(inner),
    );
    write(writer);
    const start = node.getStart(this.#source);
    this.found.push({
      key: toHex(sha256(encodeUtf8(writer.text)).subarray(0, 16)),
      tokens: writer.tokens,
      startLine: this.#source.getLineAndCharacterOfPosition(start).line + 1,
      endLine: this.#source.getLineAndCharacterOfPosition(node.end).line + 1,
      probes: [probe ?? start, ...writer.arrowBodies],
      ...this.#extentOf(node),
    });
    for (const inner of nested) {
      if (ts.isClassLike(inner)) this.#members(inner);
      else ts.forEachChild(inner, (child) => this.visit(child));
    }
  }

  /** Where a unit stands and what may stand there instead: it may share a statement with others, joined by commas. */
  #extentOf(node: ts.Node): Pick<PlacedStatement, 'start' | 'end' | 'filler'> {
    const { parent } = node;
    const isOnly = ts.isVariableDeclaration(node) && ts.isVariableStatement(parent.parent);
    const list = isOnly && ts.isVariableDeclarationList(parent) ? parent.declarations.length : 0;
    const whole =
      list === 1 ? parent.parent : ts.isExpressionStatement(parent) && !ts.isStatement(node) ? parent : node;
    const [start, end] = [whole.getStart(this.#source), whole.end];
    if (ts.isVariableDeclaration(whole))
      return { start, end, filler: `${whole.name.getText(this.#source)} = undefined` };
    return { start, end, filler: ts.isExpression(whole) ? '0' : ';' };
  }

  /** Innermost scope that declares the name; module-level and global names stand for themselves, imports for their origin. */
  #meaning(identifier: ts.Identifier): LocalScope | string {
    for (let node: ts.Node = identifier.parent; !ts.isSourceFile(node); node = node.parent) {
      const scope = this.#scopes.get(node);
      if (scope?.names.has(identifier.text)) return scope;
    }
    return this.#imports.get(identifier.text) ?? identifier.text;
  }
}

function commaParts(expression: ts.Expression): ts.Expression[] {
  const inner = withoutTypes(expression);
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return [...commaParts(inner.left), ...commaParts(inner.right)];
  return [expression];
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isImportEqualsDeclaration(node))
    return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword);
}

function holdsStatements(node: ts.Node): boolean {
  return (
    ts.isStatement(node) ||
    // The compiler does not call the blocks of `try` and `catch` statements.
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCaseOrDefaultClause(node) ||
    ts.isCatchClause(node) ||
    ts.isModuleBlock(node)
  );
}
