import { randomBytes } from 'node:crypto';
import { NODE_MESSAGE_BYTES_MAX, type NodeMessage, parseNodeMessage, type StudioMessage } from '@jamnet/mesh';
import type { WebSocket } from 'ws';
import { type ReadBeneath, takeFramesFirst } from './beat-frames.ts';
import type { FrameBudget } from './frame-budget.ts';
import type { HashedMessage, ResultHasher } from './hashing/result-hasher.ts';
import { networkOf } from './network-of.ts';
import { giveBack, ReadBlocks } from './read-blocks.ts';

/** Messages of one node that may wait for the one before; a node that sends more does not keep to the protocol. */
export const INBOX_MAX = 256;
/** Bytes that may wait to be sent; a node that does not read is cut off. */
export const OUTBOX_BYTES_MAX = 64 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A beat has 33 characters and a digit or two more; what is longer waits for its turn like any message. */
const BEAT_CHARACTERS_MAX = 64;

type Hello = Extract<NodeMessage, { type: 'hello' }>;
type Ready = Extract<NodeMessage, { type: 'ready' }>;

interface Handshake {
  readonly nonce: string;
  hello: Hello | null;
  readonly timer: NodeJS.Timeout;
}

/** The bytes beneath a socket: going out they can be held back to go together, coming in they can be seen. */
export interface Beneath extends ReadBeneath {
  /** Of the other side; not known where there is none any more. */
  readonly remoteAddress?: string | undefined;
  cork(): void;
  uncork(): void;
}

/** What all connections share. */
export interface SharedByConnections {
  readonly budget: FrameBudget;
  readonly hasher: ResultHasher;
}

/** What a connection asks of the mesh it belongs to. */
export interface ConnectionOwner {
  /** Checks the proof; the node's id, or why not. */
  admit(
    hello: Hello,
    nonce: string,
    signature: string,
    /** Prefix that the connection comes from; `null`: not known. */
    network: string | null,
  ): Promise<{ node: string } | { code: string; message: string }>;
  /** The proof was good: say welcome. */
  welcome(connection: Connection): void;
  receive(connection: Connection, message: NodeMessage): Promise<void>;
  /** Most beats come by this way, out of turn. */
  beat(connection: Connection, running: number): void;
  left(connection: Connection, goodbye: boolean): void;
  /** Our own failure while a message was handled; the node was told to come back. */
  failed(error: unknown): void;
}

/** One socket of one node: handshake, order, limits. Messages are handled one after the other. */
export class Connection {
  node: string | null = null;
  name = '';
  ownerGroup = '';
  ready: Ready | null = null;
  running = 0;
  /** Asked for more than it was given: to be told when work comes. */
  hungry = true;
  readonly #socket: WebSocket;
  readonly #beneath: Beneath;
  readonly #owner: ConnectionOwner;
  readonly #shared: SharedByConnections;
  readonly #blocks = new ReadBlocks();
  /** Until the node is registered; ten thousand of these would stay for nothing. */
  #handshake: Handshake | null;
  #goodbye = false;
  #refused = false;
  #corked = false;
  #waiting = 0;
  #chain: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, beneath: Beneath, owner: ConnectionOwner, shared: SharedByConnections) {
    this.#socket = socket;
    this.#shared = shared;
    this.#beneath = beneath;
    this.#owner = owner;
    const timer = setTimeout(
      () => this.refuse('handshake-timeout', 'Register within 10 s.'),
      HANDSHAKE_TIMEOUT_MS,
    );
    this.#handshake = { nonce: randomBytes(32).toString('hex'), hello: null, timer };
    // `nodebuffer`, the server's type of binary frames, is one Buffer.
    socket.on('message', (data, binary) => {
      this.#hear(binary ? (data as Buffer) : String(data));
      this.#blocks.message(data as Buffer, !binary);
    });
    takeFramesFirst(beneath, this);
    socket.on('error', () => socket.terminate()); // Too large a frame, or bytes that are no WebSocket.
    socket.on('close', () => {
      this.#endHandshake();
      shared.budget.forget(socket);
      owner.left(this, this.#goodbye);
    });
  }

  send(message: StudioMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > OUTBOX_BYTES_MAX) {
      this.#socket.terminate();
      return;
    }
    this.#cork();
    this.#socket.send(JSON.stringify(message));
  }

  /** What follows from one decision (a verdict for each of forty results) goes with one call of the system. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#beneath.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#beneath.uncork();
    });
  }

  /** Says why and closes. */
  refuse(code: string, message: string): void {
    if (this.#refused) return;
    this.#refused = true;
    this.send({ type: 'refused', code, message });
    this.#socket.close(4000, code);
  }

  /** A beat that came by itself: whether that was the end of it. */
  take(running: number): boolean {
    if (!this.#isHeard) return false;
    this.#owner.beat(this, running);
    return true;
  }

  /** What is too long is refused by the WebSocket. */
  begins(bytes: number): boolean {
    if (!this.#isHeard || bytes > NODE_MESSAGE_BYTES_MAX) return false;
    this.#shared.budget.begin(bytes, this.#socket);
    return true;
  }

  takeLong(message: Uint8Array): void {
    this.#shared.budget.whole(this.#socket);
    this.#enqueue(message);
  }

  /** Its node is registered, and nothing has ended it. */
  get #isHeard(): boolean {
    return this.node !== null && !this.#refused && this.#socket.readyState === this.#socket.OPEN;
  }

  /** The WebSocket has taken a block. */
  passed(block: Uint8Array): void {
    this.#blocks.block(block);
  }

  /**
   * No other message waits for a beat: it is taken at once. In the queue each would leave the last promise of its connection on
   * the heap, at 10,000 hosts a megabyte a second that only a collection of the whole heap takes away.
   */
  #takeBeat(frame: string): boolean {
    if (!this.node || this.#refused || frame.length > BEAT_CHARACTERS_MAX) return false;
    const message = parseNodeMessage(frame);
    if (!message.ok || message.value.type !== 'heartbeat') return false;
    this.#owner.beat(this, message.value.running);
    return true;
  }

  #hear(frame: string | Uint8Array): void {
    if (typeof frame === 'string' && this.#takeBeat(frame)) return;
    this.#shared.budget.take(frame.length, this.#socket);
    this.#enqueue(frame);
  }

  /** The frame has its place in the budget. */
  #enqueue(frame: string | Uint8Array): void {
    const { length } = frame;
    if (this.#waiting >= INBOX_MAX) {
      this.#shared.budget.give(length);
      this.refuse('inbox-full', `At most ${INBOX_MAX} messages may wait: await answers.`);
      return;
    }
    this.#waiting++;
    const ahead = this.#hashAhead(frame);
    ahead?.catch(() => {}); // Heard of when its turn comes.
    this.#chain = this.#chain.then(async () => {
      this.#waiting--;
      await this.#handle(frame, ahead);
      this.#shared.budget.give(length);
    });
  }

  /** Long results of a registered node are hashed as they come, while messages before them have their turn. */
  #hashAhead(frame: string | Uint8Array): Promise<HashedMessage> | null {
    const { hasher } = this.#shared;
    if (typeof frame === 'string' || !this.node || this.#refused || !hasher.takes(frame)) return null;
    const parsed = parseNodeMessage(frame);
    if (!parsed.ok || parsed.value.type !== 'reveal') return null; // Refused when its turn comes.
    return hasher.hash(parsed.value, frame);
  }

  async #handle(frame: string | Uint8Array, ahead: Promise<HashedMessage> | null): Promise<void> {
    if (this.#refused) return;
    try {
      if (ahead !== null) {
        const hashed = await ahead;
        await this.#dispatch(hashed.message);
        giveBack(hashed.frame); // What it held is written by now.
        return;
      }
      const message = parseNodeMessage(frame);
      if (!message.ok) return this.refuse(message.code, message.message);
      await this.#dispatch(message.value);
      // After a failure of ours a write may still be under way.
      if (typeof frame !== 'string') giveBack(frame);
    } catch (error) {
      // Our own failure (the store, usually): the node reconnects, its leases run on or out.
      this.refuse(
        'studio-failed',
        error instanceof Error ? error.message.slice(0, 512) : 'The studio failed.',
      );
      this.#owner.failed(error);
    }
  }

  async #dispatch(message: NodeMessage): Promise<void> {
    if (this.node) {
      if (message.type === 'goodbye') this.#goodbye = true;
      return this.#owner.receive(this, message);
    }
    const handshake = this.#handshake;
    if (message.type === 'hello' && handshake?.hello === null) {
      handshake.hello = message;
      return this.send({ type: 'challenge', nonce: handshake.nonce });
    }
    const hello = handshake?.hello;
    if (message.type !== 'prove' || !hello)
      return this.refuse('handshake-expected', 'Say hello, then prove your key.');
    const network = networkOf(this.#beneath.remoteAddress);
    const admitted = await this.#owner.admit(hello, handshake.nonce, message.signature, network);
    if (!('node' in admitted)) return this.refuse(admitted.code, admitted.message);
    this.#endHandshake();
    this.node = admitted.node;
    this.name = hello.claim.name;
    this.ownerGroup = hello.claim.ownerGroup;
    this.#owner.welcome(this);
  }

  #endHandshake(): void {
    clearTimeout(this.#handshake?.timer);
    this.#handshake = null;
  }
}
