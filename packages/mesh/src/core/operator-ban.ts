import { ok, type Result, refuse } from '@jamnet/base';
import { type Context, note } from './context.ts';
import { evict } from './evict.ts';
import type { AnswerByType, Request, RequestCode } from './requests.ts';
import { operatorBanSentence, unbanSentence } from './sentences.ts';

/** Letters of a reason, which the node's owner reads. */
export const BAN_REASON_LENGTH_MAX = 256;

const REASON = refuse<RequestCode>(
  'reason-malformed',
  `Say why, in 1 to ${BAN_REASON_LENGTH_MAX} characters: the node's owner reads it.`,
);

/**
 * The operator shuts a node out. No result is proven false by that: what it holds as pay stays its own and is settled like
 * anybody's. Banning a node that is banned changes nothing.
 */
export async function banNode(
  context: Context,
  { node: id, reason }: Extract<Request, { type: 'ban' }>,
): Promise<Result<AnswerByType['ban'], RequestCode>> {
  if (!isReason(reason)) return REASON;
  const node = await context.tables.node(id);
  if (!node) return refuse('node-unknown', `No node ${id}.`);
  if (node.state === 'banned') return ok({ changed: false });
  const sentence = operatorBanSentence(reason);
  await note(context, id, null, 'banned', sentence);
  await context.tables.saveNode({ ...node, state: 'banned' });
  context.effects.push({ type: 'banned', node: id, sentence });
  await evict(context, id);
  return ok({ changed: true });
}

/**
 * The operator lets a banned node register again. It begins without trust, and what was proven against it stays: one more
 * false result bans it where the policy's count was reached before.
 */
export async function unbanNode(
  context: Context,
  { node: id, reason }: Extract<Request, { type: 'unban' }>,
): Promise<Result<AnswerByType['unban'], RequestCode>> {
  if (!isReason(reason)) return REASON;
  const node = await context.tables.node(id);
  if (!node) return refuse('node-unknown', `No node ${id}.`);
  if (node.state !== 'banned') return ok({ changed: false });
  await note(context, id, null, 'unbanned', unbanSentence(reason));
  await context.tables.saveNode({ ...node, state: 'gone', consecutiveValid: 0 });
  return ok({ changed: true });
}

function isReason(reason: string): boolean {
  return reason.trim() !== '' && reason.length <= BAN_REASON_LENGTH_MAX;
}
