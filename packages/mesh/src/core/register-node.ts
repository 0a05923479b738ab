import { ok, type Result, refuse, toHex } from '@jamnet/base';
import { activeNode } from './active-node.ts';
import { entryKey } from './catalogue.ts';
import type { Context } from './context.ts';
import { fixedHex, type NodeClaim, nodeIdOf, proofBytes } from './identity.ts';
import { networkHash } from './keyed-draw.ts';
import { reassign } from './reassign.ts';
import type { AnswerByType, Request, RequestCode } from './requests.ts';
import { requeue } from './requeue.ts';
import type { NodeRow } from './rows.ts';

const NAME_LENGTH_MAX = 64;

type Register = Extract<Request, { type: 'register' }>;

/** The shell made the nonce for this connection alone; here the proof over it is checked. */
export async function registerNode(
  context: Context,
  request: Register,
): Promise<Result<AnswerByType['register'], RequestCode>> {
  const { claim } = request;
  const malformed = claimFault(claim);
  if (malformed) return refuse('claim-malformed', malformed);
  const publicKey = fixedHex(claim.publicKey, 32);
  const signature = fixedHex(request.signature, 64);
  if (
    !publicKey ||
    !signature ||
    !context.verifySignature(publicKey, proofBytes(request.nonce, claim), signature)
  ) {
    return refuse('signature-invalid', 'The answer to the challenge is not signed by the key it names.');
  }
  const id = nodeIdOf(context.sha256, claim.publicKey);
  const known = await context.tables.node(id);
  if (known?.state === 'banned') {
    return refuse('node-banned', `Node ${id} is banned: read its evidence.`);
  }
  const { newcomersMax } = context.dispatch;
  if (!known && (await context.tables.countNewcomers(newcomersMax)) >= newcomersMax)
    return refuse('newcomers-full', 'Too many new machines wait for their first task: try again later.');
  await context.tables.saveNode(rowOf(context, id, request, known));
  return ok({ node: id });
}

function claimFault(claim: NodeClaim): string | null {
  if (!fixedHex(claim.publicKey, 32)) return 'publicKey must be 64 hex characters.';
  if (!/^p[0-9a-f]{32}$/.test(claim.payee)) return 'payee must be "p" and 32 hex characters.';
  if (claim.ownerGroup.length < 1 || claim.ownerGroup.length > NAME_LENGTH_MAX)
    return 'ownerGroup must have 1 to 64 characters.';
  if (claim.name.length < 1 || claim.name.length > NAME_LENGTH_MAX)
    return 'name must have 1 to 64 characters.';
  return null;
}

function rowOf(context: Context, id: string, { claim, network }: Register, known: NodeRow | null): NodeRow {
  const fresh = {
    precision: 'fp32',
    revealed: 0,
    consecutiveValid: 0,
    provenFakes: 0,
    heldUnits: 0n,
    releasedUnits: 0n,
    forfeitedUnits: 0n,
    kindKeys: null,
  } as const;
  return {
    ...fresh,
    ...known,
    id,
    publicKey: claim.publicKey,
    name: claim.name,
    // The owner and payee of a key stay what they were first: trust must not change hands silently.
    ownerGroup: known?.ownerGroup ?? claim.ownerGroup,
    payee: known?.payee ?? claim.payee,
    network: network ? toHex(networkHash(context.sha256, context.secret, network)) : null,
    trusted: context.trustedKeys.has(claim.publicKey),
    state: 'active',
    seenAtUs: context.nowUs,
  };
}

/** From now on its turns are for kinds it can run; turns it had for others go to the next. */
export async function takeOffer(
  context: Context,
  request: Extract<Request, { type: 'offer' }>,
): Promise<Result<AnswerByType['offer'], RequestCode>> {
  const node = await activeNode(context, request.node);
  if (!node.ok) return node;
  const kindKeys = request.kinds.map((kind) => entryKey(kind.kind, kind.version)).sort();
  await context.tables.saveNode({ ...node.value, kindKeys });
  await reassign(context, request.node);
  return ok({});
}

/** A node says goodbye, or fell silent: its leases and its turns go to others at once. */
export async function markGone(context: Context, node: NodeRow): Promise<void> {
  await context.tables.saveNode({ ...node, state: 'gone' });
  for (const task of await context.tables.tasksHeldBy(node.id))
    await requeue(context, task, { wastedBy: node.id });
  await reassign(context, node.id);
}

export async function leaveNode(
  context: Context,
  request: Extract<Request, { type: 'leave' }>,
): Promise<Result<AnswerByType['leave'], RequestCode>> {
  const node = await context.tables.node(request.node);
  if (!node) return refuse('node-unknown', `No node ${request.node}.`);
  if (node.state === 'active') await markGone(context, node);
  return ok({});
}
