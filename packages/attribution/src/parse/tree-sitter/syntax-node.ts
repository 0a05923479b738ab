/** One node of a syntax tree as plain data. Offsets are UTF-16 units, `[start, end)`. */
export interface SyntaxNode {
  /** The grammar's name for it; of an anonymous node, the token itself. */
  readonly kind: string;
  readonly isNamed: boolean;
  /** What it is to its parent (`condition`, `body`); `null` when the grammar gives no name. */
  readonly field: string | null;
  /** Text of a leaf with `\n` line ends; empty for nodes with children. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** `parent.field`, the way rules name a place in a tree. */
export function placeOf(parent: SyntaxNode, child: SyntaxNode): string {
  return `${parent.kind}.${child.field ?? ''}`;
}

export function childNamed(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Named children: without punctuation and operators. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.isNamed);
}

/** A node of the same extent in another's place. */
export function leafInstead(node: SyntaxNode, kind: string, text: string): SyntaxNode {
  return { ...node, kind, isNamed: true, text, children: [] };
}

/** A slice with its colons as nodes, as what stands on which side of them matters. */
export function withColons(node: SyntaxNode): SyntaxNode {
  const children = node.children.map((child) =>
    child.kind === ':' ? leafInstead(child, 'colon', ':') : child,
  );
  return { ...node, children };
}
