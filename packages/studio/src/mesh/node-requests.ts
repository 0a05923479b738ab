import type { Effect, HostNotice, LeasedTask, NodeMessage, StudioMessage } from '@jamnet/mesh';
import type { Connection } from './connection.ts';
import type { MeshNews } from './mesh-news.ts';
import type { RequestTaker } from './request-taker.ts';

export interface ConnectedNode {
  readonly node: string;
  readonly name: string;
  readonly ownerGroup: string;
  readonly slots: number;
  readonly running: number;
  /** It has asked for more than there was, or for nothing yet; false from when it is told of work until it asks. */
  readonly isHungry: boolean;
  /** The node's own measurement. */
  readonly operationsPerSecond: bigint;
  readonly device: string;
  readonly grooveSessions: number;
  /** For its owner's eyes alone. */
  readonly notice: HostNotice | null;
}

export function describeNode(connection: Connection): ConnectedNode[] {
  const { node, name, ownerGroup, ready, running, hungry } = connection;
  if (!node || !ready) return [];
  const { slots, device, grooveSessions } = ready;
  return [
    {
      node,
      name,
      ownerGroup,
      slots,
      running,
      isHungry: hungry,
      operationsPerSecond: BigInt(ready.operationsPerSecond),
      device,
      grooveSessions,
      notice: ready.notice ?? null,
    },
  ];
}

/** Turns what a registered node says into requests to the coordinator, and the answers into messages. */
export async function answerNode(
  mesh: RequestTaker,
  connection: Connection,
  message: NodeMessage,
): Promise<void> {
  const node = connection.node ?? '';
  switch (message.type) {
    case 'lease':
      return lease(mesh, connection, message.call, message.limit);
    case 'commit': {
      const { call, items, signature } = message;
      const answer = await mesh.apply({ type: 'commit', node, items, signature });
      if (!answer.ok) return refuseCall(connection, call, answer);
      return connection.send({ type: 'committed', call, items: [...answer.value.items] });
    }
    case 'reveal': {
      const answer = await mesh.apply({ type: 'reveal', node, items: message.items });
      if (!answer.ok) return refuseCall(connection, message.call, answer);
      return connection.send({ type: 'revealed', call: message.call, items: [...answer.value.items] });
    }
    case 'give-back':
      await mesh.apply({ type: 'give-back', node, tasks: message.tasks });
      return;
    case 'goodbye':
      await mesh.apply({ type: 'leave', node });
      return;
    default:
      return connection.refuse('message-unexpected', `"${message.type}" makes no sense after registration.`);
  }
}

async function lease(mesh: RequestTaker, connection: Connection, call: number, limit: number): Promise<void> {
  if (!connection.ready)
    return refuseCall(connection, call, {
      code: 'ready-expected',
      message: 'Say "ready" before the first lease.',
    });
  const { kinds } = connection.ready;
  const answer = await mesh.apply({ type: 'lease', node: connection.node ?? '', limit, kinds });
  if (!answer.ok) return refuseCall(connection, call, answer);
  connection.hungry = answer.value.leased.length < limit;
  connection.send({ type: 'leased', call, tasks: answer.value.leased.map(toWire) });
}

type LeasedWire = Extract<StudioMessage, { type: 'leased' }>['tasks'][number];

function toWire(task: LeasedTask): LeasedWire {
  const { task: id, lease: number, kind, version, inputHash, chunkCount } = task;
  return {
    task: id,
    lease: number,
    kind,
    version,
    inputHash,
    input: Buffer.from(task.input).toString('base64'),
    chunkCount,
    workUnits: String(task.workUnits),
    deadlineUs: String(task.deadlineUs),
  };
}

function refuseCall(connection: Connection, call: number, refusal: { code: string; message: string }): void {
  connection.send({ type: 'refused', call, code: refusal.code, message: refusal.message });
  // Taken for gone while its connection lasted (its machine slept, or ours): only another registration brings it back.
  if (refusal.code === 'node-not-active') connection.refuse(refusal.code, refusal.message);
}

/** Lets a node know what became of its results and its pay. */
export function tellNode(
  byNode: ReadonlyMap<string, Connection>,
  effect: Effect,
  news: Pick<MeshNews, 'tell'> | null,
): void {
  const told = verdictOf(effect);
  const connection = told && byNode.get(told.node);
  if (connection) connection.send(told.message);
  else if (told) news?.tell(told.node, told.message);
  if (effect.type === 'banned') byNode.get(effect.node)?.refuse('node-banned', effect.sentence);
}

function verdictOf(effect: Effect): { node: string; message: StudioMessage } | null {
  switch (effect.type) {
    case 'accepted': {
      const { id, workUnits } = effect.task;
      const sentence = `Accepted: ${workUnits} work units, held until they are released.`;
      return {
        node: effect.node,
        message: { type: 'verdict', task: id, code: 'accepted', sentence, workUnits: String(workUnits) },
      };
    }
    case 'refused':
      return {
        node: effect.node,
        message: { type: 'verdict', task: effect.task, code: effect.code, sentence: effect.sentence },
      };
    case 'released': {
      const { task, node, workUnits } = effect.work;
      const sentence = `Released: ${workUnits} work units.`;
      return {
        node,
        message: { type: 'verdict', task, code: 'released', sentence, workUnits: String(workUnits) },
      };
    }
    case 'forfeited':
      return {
        node: effect.node,
        message: { type: 'verdict', task: null, code: 'forfeited', sentence: effect.sentence },
      };
    case 'banned':
      return {
        node: effect.node,
        message: { type: 'verdict', task: null, code: 'banned', sentence: effect.sentence },
      };
    default:
      return null;
  }
}
