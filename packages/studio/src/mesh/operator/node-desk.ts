import { ok, type Result, refuse } from '@jamnet/base';
import type { Coordinator, NodeRow, NodeState } from '@jamnet/mesh';
import { type Page, type PageRequest, pageOf } from '../../paging/page.ts';
import type { ConnectedNode } from '../node-requests.ts';
import type { RequestTaker } from '../request-taker.ts';

/** Sentences shown of one node, the newest. */
export const EVIDENCE_SHOWN_MAX = 50;

/**
 * Why a connected node does nothing, as far as the studio can tell: no task waits; it was told of work and does not ask, so its
 * owner's rules or commands keep it; or what waits is not for it, by kind or because it would check its own work.
 */
export type IdleReason = 'nothing-waits' | 'does-not-ask' | 'not-for-it';

/** A node as the operator sees it. Amounts and moments are decimal text. */
export interface OperatedNode {
  readonly node: string;
  readonly name: string;
  readonly ownerGroup: string;
  readonly state: NodeState;
  /** One of the studio's own hosts. */
  readonly trusted: boolean;
  readonly precision: NodeRow['precision'];
  readonly revealed: number;
  readonly consecutiveValid: number;
  readonly provenFakes: number;
  readonly heldUnits: string;
  readonly releasedUnits: string;
  readonly forfeitedUnits: string;
  readonly seenAtUs: string;
  /** Null while it is not connected to this studio. */
  readonly connection: {
    readonly device: string;
    readonly slots: number;
    readonly running: number;
    /** Why it does nothing; null while it works. */
    readonly idle: IdleReason | null;
  } | null;
}

export interface NodeWithEvidence extends OperatedNode {
  /** What was decided about it, newest first. */
  readonly evidence: readonly { readonly atUs: string; readonly code: string; readonly sentence: string }[];
}

export interface NodeDeskParts {
  readonly coordinator: Coordinator;
  /** Nodes connected to this process now. */
  readonly connected: () => readonly ConnectedNode[];
  /** What follows from a decision is done before the answer comes. */
  readonly apply: RequestTaker['apply'];
}

/** The mesh's nodes one by one, for its operator. */
export class NodeDesk {
  readonly #parts: NodeDeskParts;

  constructor(parts: NodeDeskParts) {
    this.#parts = parts;
  }

  async list({ after, limit }: PageRequest, state?: NodeState): Promise<Page<OperatedNode>> {
    const query = { after: after ?? '', limit: limit + 1, ...(state ? { state } : {}) };
    const { rows, next } = pageOf(await this.#parts.coordinator.nodesAfter(query), limit, ({ id }) => id);
    const here = this.#connections();
    const { queued } = await this.#parts.coordinator.queueDepth();
    return { rows: rows.map((row) => viewOf(row, here.get(row.id), queued)), next };
  }

  async show(id: string): Promise<Result<NodeWithEvidence, 'node-unknown'>> {
    const { coordinator } = this.#parts;
    const found = await coordinator.node(id);
    if (!found) return refuse('node-unknown', `No node ${id}.`);
    const evidence = await coordinator.evidenceOf(id, EVIDENCE_SHOWN_MAX);
    const told = evidence.map(({ atUs, code, sentence }) => ({ atUs: String(atUs), code, sentence }));
    const { queued } = await coordinator.queueDepth();
    return ok({ ...viewOf(found, this.#connections().get(id), queued), evidence: told });
  }

  /** Shuts a node out, or lets it in again; `reason` stays with its evidence. */
  async judge(type: 'ban' | 'unban', node: string, reason: string): Promise<Result<NodeWithEvidence>> {
    const answer = await this.#parts.apply({ type, node, reason });
    return answer.ok ? this.show(node) : answer;
  }

  #connections(): ReadonlyMap<string, ConnectedNode> {
    return new Map(this.#parts.connected().map((node) => [node.node, node]));
  }
}

function viewOf(row: NodeRow, here: ConnectedNode | undefined, queued: number): OperatedNode {
  const { name, ownerGroup, state, trusted, precision, revealed, consecutiveValid, provenFakes } = row;
  return {
    ...{ node: row.id, name, ownerGroup, state, trusted, precision },
    ...{ revealed, consecutiveValid, provenFakes },
    heldUnits: String(row.heldUnits),
    releasedUnits: String(row.releasedUnits),
    forfeitedUnits: String(row.forfeitedUnits),
    seenAtUs: String(row.seenAtUs),
    connection: here
      ? { device: here.device, slots: here.slots, running: here.running, idle: idleReasonOf(here, queued) }
      : null,
  };
}

/** `queued`: tasks that wait. */
export function idleReasonOf(
  { running, isHungry }: Pick<ConnectedNode, 'running' | 'isHungry'>,
  queued: number,
): IdleReason | null {
  if (running > 0) return null;
  if (queued === 0) return 'nothing-waits';
  return isHungry ? 'not-for-it' : 'does-not-ask';
}
