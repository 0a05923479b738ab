import { ok, type Result, refuse } from '@jamnet/base';
import type { Context } from './context.ts';
import type { RequestCode } from './requests.ts';
import type { NodeRow } from './rows.ts';

/** The node, locked, if it may take part just now. */
export async function activeNode(context: Context, id: string): Promise<Result<NodeRow, RequestCode>> {
  const node = await context.tables.node(id);
  if (!node) return refuse('node-unknown', `No node ${id}: register first.`);
  if (node.state === 'banned') return refuse('node-banned', `Node ${id} is banned: read its evidence.`);
  if (node.state === 'gone')
    return refuse('node-not-active', `Node ${id} was away too long: register again.`);
  return ok(node);
}
