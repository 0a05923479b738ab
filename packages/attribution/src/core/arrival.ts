import { assert, present } from '@jamnet/base';

/** `parents[commit]` in git's order: the first is the line that was there before. */
export type CommitGraph = ReadonlyMap<string, readonly string[]>;

/**
 * The order in which commits arrived on the main line: everything of the first parent, then what a merge brought in
 * (parent by parent), then the merge itself. Commit dates play no part, so a back-dated commit gains nothing.
 * Iterative: a history may be deeper than the stack.
 */
export function arrivalOrder(graph: CommitGraph, head: string): string[] {
  const order: string[] = [];
  const entered = new Set<string>();
  const path: { commit: string; nextParent: number }[] = [{ commit: head, nextParent: 0 }];
  entered.add(head);
  while (path.length > 0) {
    const top = present(path.at(-1), 'path');
    const parent = present(graph.get(top.commit), `commit ${top.commit}`)[top.nextParent];
    if (parent === undefined) {
      order.push(top.commit);
      path.pop();
      continue;
    }
    top.nextParent++;
    if (entered.has(parent)) continue;
    entered.add(parent);
    path.push({ commit: parent, nextParent: 0 });
  }
  assert(order.at(-1) === head, 'the head arrives last');
  return order;
}
