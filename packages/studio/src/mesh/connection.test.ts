import { EventEmitter, once } from 'node:events';
import { platformSha256 } from '@jamnet/jamnode';
import { commitToResult, encodeNodeMessage, type NodeMessage } from '@jamnet/mesh';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { Connection, type ConnectionOwner, INBOX_MAX, OUTBOX_BYTES_MAX } from './connection.ts';
import { FrameBudget } from './frame-budget.ts';
import { ResultHasher, THREAD_BYTES_MIN } from './hashing/result-hasher.ts';

/** As much of a socket as a connection touches. */
class SocketAtHand extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: { type: string; code?: string }[] = [];
  terminated = false;
  closedWith: string | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
    this.beneath.push('message');
  }

  readonly beneath: string[] = [];
  isPaused = false;

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  cork(): void {
    this.beneath.push('cork');
  }

  uncork(): void {
    this.beneath.push('uncork');
  }

  close(_code: number, reason: string): void {
    this.closedWith = reason;
  }

  terminate(): void {
    this.terminated = true;
  }
}

const OWNER: ConnectionOwner = {
  admit: async () => ({ code: 'unused', message: 'unused' }),
  welcome: () => {},
  receive: async () => {},
  beat: () => {},
  left: () => {},
  failed: () => {},
};

const hashers: ResultHasher[] = [];
afterEach(async () => {
  for (const hasher of hashers.splice(0)) await hasher.close();
});

function connect(
  owner: ConnectionOwner = OWNER,
  budget = new FrameBudget(),
): { socket: SocketAtHand; connection: Connection } {
  const socket = new SocketAtHand();
  // It has what Connection uses; the rest of WebSocket is not touched.
  const shared = { budget, hasher: new ResultHasher(8) };
  hashers.push(shared.hasher);
  const connection = new Connection(socket as unknown as WebSocket, socket, owner, shared);
  return { socket, connection };
}

test('refuses the message after the last that may wait, once', async () => {
  const { socket } = connect();
  for (let n = 0; n < INBOX_MAX + 5; n++) socket.emit('message', Buffer.from('{}'), false);
  expect(socket.sent.map((message) => message.code)).toEqual(['inbox-full']);
  expect(socket.closedWith).toBe('inbox-full');
  socket.emit('close');
});

test('handles nothing after it has refused', async () => {
  const { socket } = connect();
  socket.emit('message', Buffer.from('{'), false);
  socket.emit('message', Buffer.from('{}'), false);
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.sent.map((message) => message.code)).toEqual(['message-not-json']);
  socket.emit('close');
});

test('messages of one turn go together, those of the next by themselves', async () => {
  const { socket, connection } = connect();
  for (let n = 0; n < 2; n++) connection.send({ type: 'work-waiting' });
  await new Promise((resolve) => setImmediate(resolve));
  connection.send({ type: 'work-waiting' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.beneath).toEqual(['cork', 'message', 'message', 'uncork', 'cork', 'message', 'uncork']);
  socket.emit('close');
});

test('cuts off a node that does not read', () => {
  const { socket, connection } = connect();
  socket.bufferedAmount = OUTBOX_BYTES_MAX + 1;
  connection.send({ type: 'work-waiting' });
  expect(socket.terminated).toBe(true);
  expect(socket.sent).toEqual([]);
  socket.emit('close');
});

test('tells of a failure of its own, which the node alone would hear of otherwise', async () => {
  const failures: unknown[] = [];
  const broken = new Error('disk full');
  const { socket } = connect({
    ...OWNER,
    admit: () => Promise.reject(broken),
    failed: (error) => failures.push(error),
  });
  const claim = { publicKey: '0'.repeat(64), name: 'n', ownerGroup: 'o', payee: `p${'0'.repeat(32)}` };
  for (const message of [
    { type: 'hello', protocol: 'jamnet/mesh/v1', claim },
    { type: 'prove', signature: '0'.repeat(128) },
  ])
    socket.emit('message', Buffer.from(JSON.stringify(message)), false);
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.closedWith).toBe('studio-failed');
  expect(failures).toEqual([broken]);
  socket.emit('close');
});

test('a node is not read from while too much of all nodes waits, and is again when that is done', async () => {
  const { socket } = connect(OWNER, new FrameBudget(10));
  socket.emit('message', Buffer.from('{"type":"goodbye"}'), false);
  expect(socket.isPaused).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.isPaused).toBe(false);
  socket.emit('close');
});

/** A connection whose node has proven its key. */
async function register(owner: Partial<ConnectionOwner>) {
  const { socket } = connect({ ...OWNER, admit: async () => ({ node: 'n1' }), ...owner });
  const claim = { publicKey: '0'.repeat(64), name: 'n', ownerGroup: 'o', payee: `p${'0'.repeat(32)}` };
  const say = (message: NodeMessage): void => {
    const frame = encodeNodeMessage(message);
    const isBinary = typeof frame !== 'string';
    socket.emit('message', isBinary ? frame : Buffer.from(frame), isBinary);
  };
  say({ type: 'hello', protocol: 'jamnet/mesh/v1', claim });
  say({ type: 'prove', signature: '0'.repeat(128) });
  await new Promise((resolve) => setImmediate(resolve));
  return { socket, say };
}

test('long results of a registered node come with their commitment, and what was said after them waits for its turn', async () => {
  const taken = new EventEmitter();
  const received: NodeMessage[] = [];
  const { socket, say } = await register({
    receive: async (_connection, message) => {
      received.push(structuredClone(message));
      if (received.length === 2) queueMicrotask(() => taken.emit('both'));
    },
  });
  const result = new Uint8Array(THREAD_BYTES_MIN).fill(7);
  const item = { task: 'ab'.repeat(32), lease: 1, result };
  say({ type: 'reveal', call: 1, items: [item] });
  say({ type: 'goodbye' });
  await once(taken, 'both');
  const commitment = commitToResult(platformSha256, result, 8);
  expect(received).toEqual([
    { type: 'reveal', call: 1, items: [{ ...item, commitment }] },
    { type: 'goodbye' },
  ]);
  socket.emit('close');
});

test('a beat is taken at once, while other messages wait, and only of a node that has proven its key', async () => {
  const beats: number[] = [];
  const stranger = connect({ ...OWNER, beat: (_connection, running) => beats.push(running) });
  stranger.socket.emit('message', Buffer.from('{"type":"heartbeat","running":1}'), false);
  expect(beats).toEqual([]);
  const { socket, say } = await register({
    receive: () => new Promise(() => {}), // The store takes its time.
    beat: (_connection, running) => beats.push(running),
  });
  say({ type: 'goodbye' });
  say({ type: 'heartbeat', running: 3 });
  expect(beats).toEqual([3]);
  for (const each of [stranger.socket, socket]) each.emit('close');
});
