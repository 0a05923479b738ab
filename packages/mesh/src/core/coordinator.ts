import { assert, type Result, unreachable } from '@jamnet/base';
import type { Context, CoordinatorParts } from './context.ts';
import { createTasks } from './create-tasks.ts';
import { judgeCheck } from './judge-check.ts';
import { keepTime } from './keep-time.ts';
import { SECRET_BYTES } from './keyed-draw.ts';
import { giveBackTasks, leaseTasks } from './lease-tasks.ts';
import { banNode, unbanNode } from './operator-ban.ts';
import { leaveNode, registerNode, takeOffer } from './register-node.ts';
import type { AnswerByType, Effect, Request, RequestCode } from './requests.ts';
import type { CheckRow, EvidenceRow, NodeRow, TaskRow, WorkRow } from './rows.ts';
import { lookBeforeErasing, settle } from './settle.ts';
import type { MeshStore, NodesQuery, Placed, RecordQuery } from './store.ts';
import { takeCommitments, takeReveals } from './take-results.ts';

/** The answer to one request and what the shell shall do about it. Effects are final: their transaction has committed. */
export interface Outcome<T extends Request['type']> {
  readonly answer: Result<AnswerByType[T], RequestCode>;
  readonly effects: readonly Effect[];
}

/**
 * Decides everything about tasks, hosts and pay, and does nothing else: no clock, no socket, no chance of its own.
 * Keeps no state outside its store, so several may work on one store.
 */
export class Coordinator {
  readonly parts: CoordinatorParts;
  readonly #store: MeshStore;

  constructor(parts: CoordinatorParts, store: MeshStore) {
    assert(parts.secret.length === SECRET_BYTES, `a coordinator's secret has ${SECRET_BYTES} bytes`);
    this.parts = parts;
    this.#store = store;
  }

  /** One request, one transaction. A refused request changes nothing. */
  apply<R extends Request>(nowUs: bigint, request: R): Promise<Outcome<R['type']>> {
    return this.#store.transaction(async (tables) => {
      const context: Context = { ...this.parts, nowUs, tables, effects: [] };
      // `decide` answers each type with that type's answer; the compiler cannot follow a union through a switch.
      const answer = (await decide(context, request)) as Result<AnswerByType[R['type']], RequestCode>;
      return { answer, effects: context.effects };
    });
  }

  /** Checks for a trusted host to run now. Several on one store get different ones. */
  takeChecks(nowUs: bigint, limit: number): Promise<CheckRow[]> {
    const untilUs = nowUs + this.parts.dispatch.checkClaimUs;
    return this.#store.transaction((tables) => tables.claimChecks(nowUs, untilUs, limit));
  }

  /** Checks that nobody has answered yet, taken or not. */
  openChecks(limit: number): Promise<CheckRow[]> {
    return this.#store.transaction((tables) => tables.openChecks(limit));
  }

  /** An input or a result by its hash. */
  blob(key: string): Promise<Uint8Array | null> {
    return this.#store.blob(key);
  }

  nodes(): Promise<NodeRow[]> {
    return this.#store.transaction((tables) => tables.nodes());
  }

  node(id: string): Promise<NodeRow | null> {
    return this.#store.transaction((tables) => tables.peekNode(id));
  }

  /** Some of them, by id. */
  nodesAfter(query: NodesQuery): Promise<NodeRow[]> {
    return this.#store.transaction((tables) => tables.nodesAfter(query));
  }

  tasks(ids: readonly string[]): Promise<TaskRow[]> {
    return this.#store.transaction((tables) => tables.tasks(ids));
  }

  work(filter: { state?: WorkRow['state']; node?: string } = {}): Promise<WorkRow[]> {
    return this.#store.transaction((tables) => tables.work(filter));
  }

  /** What was decided about a node, newest first. */
  evidenceOf(node: string, limit: number): Promise<EvidenceRow[]> {
    return this.#store.transaction((tables) => tables.evidenceOf(node, limit));
  }

  /** What was decided about a node, newest first, page by page. */
  evidenceBefore(query: RecordQuery): Promise<Placed<EvidenceRow>[]> {
    return this.#store.transaction((tables) => tables.evidenceBefore(query));
  }

  /** What a node did, newest first, with how its pay stands now. */
  workBefore(query: RecordQuery): Promise<Placed<WorkRow>[]> {
    return this.#store.transaction((tables) => tables.workBefore(query));
  }

  /** Released work that {@link credited} was not told of, in the order in which it came; `after`: the place of the last one that is known, 0 at first. */
  uncredited(query: { readonly after: bigint; readonly limit: number }): Promise<Placed<WorkRow>[]> {
    return this.#store.transaction((tables) => tables.uncreditedWork(query));
  }

  /** The economy has taken these in, by their ids; the same again changes nothing. */
  credited(ids: readonly string[]): Promise<void> {
    return this.#store.transaction((tables) => tables.creditWork(ids));
  }

  queueDepth(): Promise<{
    queued: number;
    running: number;
    checking: number;
    accepted: number;
    failed: number;
  }> {
    return this.#store.transaction((tables) => tables.queueDepth());
  }
}

function decide(
  context: Context,
  request: Request,
): Promise<Result<AnswerByType[Request['type']], RequestCode>> {
  switch (request.type) {
    case 'create':
      return createTasks(context, request);
    case 'register':
      return registerNode(context, request);
    case 'offer':
      return takeOffer(context, request);
    case 'heartbeats':
      return heartbeats(context, request.nodes);
    case 'lease':
      return leaseTasks(context, request);
    case 'commit':
      return takeCommitments(context, request);
    case 'reveal':
      return takeReveals(context, request);
    case 'give-back':
      return giveBackTasks(context, request);
    case 'leave':
      return leaveNode(context, request);
    case 'ban':
      return banNode(context, request);
    case 'unban':
      return unbanNode(context, request);
    case 'checked':
      return judgeCheck(context, request);
    case 'tick':
      return keepTime(context);
    case 'settle':
      return settle(context);
    case 'look-before-erasing':
      return lookBeforeErasing(context, request.inputHashes);
    default:
      return unreachable(request);
  }
}

async function heartbeats(
  context: Context,
  nodes: readonly string[],
): Promise<Result<AnswerByType['heartbeats'], RequestCode>> {
  await context.tables.touchNodes(nodes, context.nowUs);
  return { ok: true, value: {} };
}
