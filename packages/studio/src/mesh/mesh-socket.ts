import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, type Result } from '@jamnet/base';
import type { Bus } from '@jamnet/bus';
import {
  type AnswerByType,
  type Coordinator,
  type Effect,
  entryToWire,
  type KeyHandOver,
  NODE_MESSAGE_BYTES_MAX,
  type NodeClaim,
  type NodeMessage,
  type Outcome,
  type Request,
  type SignedEntry,
} from '@jamnet/mesh';
import { WebSocketServer } from 'ws';
import { OwnSite } from '../http/own-site.ts';
import { BackgroundFailures } from '../processes/background-failures.ts';
import { tellStderr } from '../processes/tell-failure.ts';
import { Connection, type ConnectionOwner, type SharedByConnections } from './connection.ts';
import { FrameBudget } from './frame-budget.ts';
import { GrooveLink, type GrooveSessionOptions } from './groove-link.ts';
import { ResultHasher } from './hashing/result-hasher.ts';
import { MeshNews } from './mesh-news.ts';
import { answerNode, type ConnectedNode, describeNode, tellNode } from './node-requests.ts';
import type { RequestTaker } from './request-taker.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { TaskWaits } from './task-waits.ts';
import { TrustedHost } from './trusted-host.ts';
import { judgeUpgrade, refuseUpgrade } from './upgrade-gate.ts';

export interface MeshOptions {
  readonly coordinator: Coordinator;
  /** Signed by `studioKey`. */
  readonly catalogue: readonly SignedEntry[];
  /** Hex public key. */
  readonly studioKey: string;
  /** How the studio came to that key; default: it never had another. */
  readonly keyHandOvers?: readonly KeyHandOver[];
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** Every effect of every decision, after it is final. */
  readonly onEffect?: (effect: Effect) => void;
  /** What fails where nobody awaits it, once until it works again; default: a line on stderr. Broken invariants are thrown. */
  readonly onFailure?: (error: unknown) => void;
  /** Whether a node may use the owner's name that it claims; default: any. Asked before the coordinator is. */
  readonly admit?: (claim: NodeClaim) => Promise<Result<null>>;
  /** Names that it answers to; default: loopback. */
  readonly site?: OwnSite;
  /** Child processes for re-runs, default 1. */
  readonly trustedSlots?: number;
  /** To the other coordinators on the same store; default: there are none. */
  readonly bus?: Bus;
  /** Default 10 s. */
  readonly heartbeatMs?: number;
  /** Default 10,000. */
  readonly connectionsMax?: number;
}

const TICK_MS = 250;
/** Signs of life are written together so often. */
const SEEN_FLUSH_MS = 2_500;
/** A tick that is so late was held up by ourselves. */
const STALL_MS = 5_000;
/** A node's is written again once the last is older than so much of the silence that makes it gone. */
const SEEN_STALE_SHARE = 1 / 3;
/** A node whose connection broke may come back within this time before its leases go to others. */
const GRACE_MS = 5_000;
const CONNECTIONS_MAX = 10_000;
const HEARTBEAT_MS = 10_000;

/** Serves JAMMesh at `/mesh` of an HTTP server and ends upgrades to other paths, which nobody serves. */
export function attachMesh(server: Server, options: MeshOptions): MeshSocket {
  return new MeshSocket(server, options);
}

/** The sockets of all nodes, the clock of the coordinator, and the studio's own trusted host. */
export class MeshSocket implements RequestTaker {
  readonly options: MeshOptions;
  readonly #server: Server;
  readonly #site: OwnSite;
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #byNode = new Map<string, Connection>();
  /** Emits the id of each node that says what it offers. */
  readonly #ready = new EventEmitter();
  readonly #grooves = new Map<string, GrooveLink>();
  readonly #graces = new Map<string, NodeJS.Timeout>();
  readonly #signs: SignsOfLife;
  readonly #shared: SharedByConnections;
  readonly #waits: TaskWaits;
  readonly #news: MeshNews | null;
  readonly #trusted: TrustedHost;
  readonly #failures: BackgroundFailures;
  readonly #timer: NodeJS.Timeout;
  #ticking: Promise<void> | null = null;
  #closed = false;

  constructor(server: Server, options: MeshOptions) {
    this.options = options;
    this.#server = server;
    this.#site = options.site ?? new OwnSite(null);
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: NODE_MESSAGE_BYTES_MAX });
    const onFailure = options.onFailure ?? tellStderr('JAMMesh');
    this.#failures = new BackgroundFailures(onFailure);
    this.#shared = {
      budget: new FrameBudget(),
      hasher: new ResultHasher(options.catalogue[0]?.entry.chunkCount ?? 1),
    };
    this.#trusted = new TrustedHost({
      coordinator: options.coordinator,
      nowUs: options.nowUs,
      slots: options.trustedSlots ?? 1,
      onFailure,
      report: async (check, outcome) =>
        void (await this.apply({ type: 'checked', check: check.id, outcome })),
    });
    this.#waits = new TaskWaits((tasks) => options.coordinator.tasks(tasks));
    const silenceMs = Number(options.coordinator.parts.dispatch.goneAfterUs) / 1000;
    const staleMs = silenceMs * SEEN_STALE_SHARE;
    this.#signs = new SignsOfLife({ staleMs, flushMs: SEEN_FLUSH_MS, stallMs: STALL_MS });
    this.#news = options.bus
      ? new MeshNews(options.bus, randomUUID(), {
          workWaiting: (tasks) => this.#nudge([], tasks),
          done: (tasks) => this.#waits.tell(tasks),
          tell: (node, message) => this.#byNode.get(node)?.send(message),
        })
      : null;
    server.on('upgrade', this.#upgrade);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#trusted.wake();
  }

  /** One decision of the coordinator, and everything that follows from it. */
  async apply<R extends Request>(request: R): Promise<Outcome<R['type']>['answer']> {
    const { answer, effects } = await this.options.coordinator.apply(this.options.nowUs(), request);
    for (const effect of effects) this.#follow(effect);
    this.#spread(effects);
    return answer;
  }

  /** Nodes that are registered, connected and ready, ordered by id. */
  connected(): ConnectedNode[] {
    return [...this.#byNode.values()].flatMap(describeNode).sort((a, b) => (a.node < b.node ? -1 : 1));
  }

  /** Resolves when each task is accepted or failed; rejects when the signal aborts. */
  async untilDone(
    tasks: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ accepted: string[]; failed: string[] }> {
    return this.#waits.until(tasks, signal);
  }

  /** Re-runs what is still unverified and releases all pay that stands; before an epoch closes. */
  async settle(): Promise<AnswerByType['settle']> {
    let released = 0;
    let pendingBefore = Number.POSITIVE_INFINITY;
    for (;;) {
      const answer = await this.apply({ type: 'settle' });
      if (!answer.ok) throw new Failure(answer.code, answer.message);
      released += answer.value.released;
      if (answer.value.pending === 0) return { released, pending: 0 };
      // What is left may be with another coordinator's host.
      if (answer.value.pending >= pendingBefore) await delay(TICK_MS);
      pendingBefore = answer.value.pending;
      this.#trusted.wake();
      await this.#trusted.idle();
    }
  }

  /**
   * Has results of inputs looked at that are about to be erased; resolves when that is done or `untilMs` (of `nowMs`) has come: an erasure
   * waits no longer for it.
   */
  async lookBeforeErasing(
    inputHashes: readonly string[],
    { nowMs, untilMs }: { readonly nowMs: () => number; readonly untilMs: number },
  ): Promise<AnswerByType['look-before-erasing']> {
    for (;;) {
      const answer = await this.apply({ type: 'look-before-erasing', inputHashes });
      if (!answer.ok) throw new Failure(answer.code, answer.message);
      if (answer.value.pending === 0 || nowMs() >= untilMs) return answer.value;
      this.#trusted.wake();
      await delay(TICK_MS);
    }
  }

  /** Resolves once a node has said what it offers, which it does after it has registered; rejects when the signal aborts. */
  async untilReady(node: string, signal: AbortSignal): Promise<void> {
    if (!this.#byNode.get(node)?.ready) await once(this.#ready, node, { signal });
  }

  /** Opens a real-time session with a node that is ready. */
  openGroove(session: GrooveSessionOptions): GrooveLink {
    const connection = this.#byNode.get(session.node);
    if (!connection?.ready)
      throw new Failure(
        'node-not-connected',
        `Node ${session.node} is not connected, or has not said yet what it offers.`,
      );
    if (this.#grooves.has(session.session))
      throw new Failure('session-taken', `Session ${session.session} is open already.`);
    if (this.grooveSessionsFree(session.node) === 0)
      throw new Failure('node-full', `Node ${session.node} takes no more sessions.`);
    const link = new GrooveLink(
      session,
      (message) => connection.send(message),
      () => this.#grooves.delete(session.session),
    );
    this.#grooves.set(session.session, link);
    return link;
  }

  /** Sessions that {@link openGroove} would still open with a node; 0 while it is not connected. */
  grooveSessionsFree(node: string): number {
    const offered = this.#byNode.get(node)?.ready?.grooveSessions ?? 0;
    const held = [...this.#grooves.values()].filter((link) => link.options.node === node).length;
    return Math.max(0, offered - held);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    for (const grace of this.#graces.values()) clearTimeout(grace);
    this.#server.off('upgrade', this.#upgrade);
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.#news?.close();
    await this.#ticking;
    await this.#trusted.close();
    await this.#shared.hasher.close();
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy()); // The server no longer listens to it: a reset would end the process.
    const verdict = judgeUpgrade(request, this.#site);
    const isFull = this.#connections.size >= (this.options.connectionsMax ?? CONNECTIONS_MAX);
    if (verdict === 'room') return; // the gateway of rooms listens too
    if (verdict === 'elsewhere') socket.destroy();
    else if (verdict === 'forbidden') refuseUpgrade(socket, '403 Forbidden');
    else if (isFull) refuseUpgrade(socket, '503 Service Unavailable');
    else
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#connections.add(new Connection(webSocket, socket, this.#owner, this.#shared));
      });
  };

  readonly #owner: ConnectionOwner = {
    admit: async (hello, nonce, signature, network) => {
      const allowed = await this.options.admit?.(hello.claim);
      if (allowed?.ok === false) return { code: allowed.code, message: allowed.message };
      const answer = await this.apply({ type: 'register', claim: hello.claim, nonce, signature, network });
      return answer.ok ? answer.value : { code: answer.code, message: answer.message };
    },
    welcome: (connection) => this.#welcome(connection),
    receive: (connection, message) => this.#receive(connection, message),
    beat: (connection, running) => this.#beat(connection, running),
    left: (connection, goodbye) => this.#left(connection, goodbye),
    failed: (error) => this.#failures.failed(error),
  };

  #welcome(connection: Connection): void {
    const node = connection.node ?? '';
    clearTimeout(this.#graces.get(node));
    this.#graces.delete(node);
    const replaced = this.#byNode.get(node);
    this.#byNode.set(node, connection);
    if (replaced) {
      replaced.refuse('replaced', 'The same key connected again.');
      this.#loseLinks(node); // They speak to the socket that was replaced.
    }
    this.#signs.written(node, performance.now());
    const { catalogue, studioKey, keyHandOvers = [], heartbeatMs = HEARTBEAT_MS } = this.options;
    connection.send({
      ...{ type: 'welcome', node, studioKey, catalogue: catalogue.map(entryToWire), heartbeatMs },
      ...(keyHandOvers.length === 0 ? {} : { keyHandOvers: [...keyHandOvers] }),
    });
  }

  #beat(connection: Connection, running: number): void {
    this.#signs.seen(connection.node ?? '', performance.now());
    connection.running = running;
  }

  async #receive(connection: Connection, message: NodeMessage): Promise<void> {
    const node = connection.node ?? '';
    this.#signs.seen(node, performance.now());
    if (message.type === 'ready') {
      await this.apply({ type: 'offer', node, kinds: message.kinds });
      connection.ready = message;
      this.#ready.emit(node);
    } else if (message.type === 'heartbeat') {
      this.#beat(connection, message.running);
      const { ready } = connection;
      if (message.notice && ready) connection.ready = { ...ready, notice: message.notice };
    } else if (message.type === 'groove-commit' || message.type === 'groove-reveal') {
      const link = this.#grooves.get(message.session);
      if (link?.options.node === node) link.receive(message);
    } else await answerNode(this, connection, message);
  }

  #left(connection: Connection, goodbye: boolean): void {
    this.#connections.delete(connection);
    const { node } = connection;
    if (!node || this.#byNode.get(node) !== connection) return;
    this.#byNode.delete(node);
    this.#signs.forget(node);
    this.#loseLinks(node);
    if (this.#closed || goodbye) return;
    const leave = () => {
      this.#graces.delete(node);
      // When this fails, the silence limit finds it too.
      this.apply({ type: 'leave', node }).catch((error: unknown) => this.#failures.failed(error));
    };
    this.#graces.set(node, setTimeout(leave, GRACE_MS));
  }

  #loseLinks(node: string): void {
    for (const [session, link] of this.#grooves) {
      if (link.options.node !== node) continue;
      this.#grooves.delete(session);
      link.options.onLost();
    }
  }

  #follow(effect: Effect): void {
    if (effect.type === 'check') this.#trusted.wake();
    else if (effect.type === 'work-waiting') this.#nudge(effect.preferred, effect.tasks);
    else tellNode(this.#byNode, effect, this.#news);
    this.options.onEffect?.(effect);
  }

  /** To those who wait for tasks, here and at other coordinators. */
  #spread(effects: readonly Effect[]): void {
    const done: string[] = [];
    for (const effect of effects) {
      if (effect.type === 'accepted') done.push(effect.task.id);
      if (effect.type === 'failed') done.push(effect.task);
      if (effect.type === 'work-waiting') this.#news?.workWaiting(effect.tasks);
    }
    this.#waits.tell(done);
    this.#news?.done(done);
  }

  /** Tells those who were chosen, or as many hungry nodes as there are tasks. */
  #nudge(preferred: readonly string[], tasks: number): void {
    for (const node of preferred) this.#byNode.get(node)?.send({ type: 'work-waiting' });
    if (preferred.length > 0) return;
    let left = tasks;
    for (const connection of this.#byNode.values()) {
      if (left === 0) return;
      if (!connection.ready || !connection.hungry) continue;
      connection.hungry = false;
      connection.send({ type: 'work-waiting' });
      left--;
    }
  }

  #tick(): void {
    this.#shared.budget.tick();
    this.#ticking ??= this.#keepTime().finally(() => {
      this.#ticking = null;
    });
  }

  async #keepTime(): Promise<void> {
    try {
      await this.#flushSeen();
      await this.apply({ type: 'tick' });
    } catch (error) {
      // The store is away for a moment; the next tick tries again. Seen nodes are seen again within the silence.
      this.#failures.failed(error);
      return;
    }
    this.#failures.worked();
    this.#trusted.wake(); // For checks of other coordinators, and when a look has failed.
  }

  async #flushSeen(): Promise<void> {
    const nowMs = performance.now();
    const nodes = this.#signs.take(nowMs, this.#byNode.keys());
    if (nodes.length === 0) return;
    await this.apply({ type: 'heartbeats', nodes });
    for (const node of nodes) if (this.#byNode.has(node)) this.#signs.written(node, nowMs);
  }
}
