import { MESH_PROTOCOL, type StudioMessage } from '@jamnet/mesh';
import { afterEach, expect, test, vi } from 'vitest';
import { nodeKeyFromSeed } from '../node/platform-crypto.ts';
import { type Link, openLink } from './link.ts';
import type { LinkSocket } from './link-socket.ts';

/** A socket whose other end is the test. */
class SocketAtHand implements LinkSocket {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: { type: string; call?: number; protocol?: string }[] = [];
  readonly #listeners = new Map<string, ((event: never) => void)[]>();

  send(data: string | Uint8Array): void {
    this.sent.push(JSON.parse(String(data)));
  }

  close(code = 1005, reason = ''): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 3;
    this.emit('close', { code, reason });
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  emit(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  say(message: StudioMessage): void {
    this.emit('message', { data: JSON.stringify(message) });
  }
}

async function registered(): Promise<{ socket: SocketAtHand; link: Link }> {
  const socket = new SocketAtHand();
  const key = nodeKeyFromSeed('07'.repeat(32));
  const claim = { publicKey: key.publicKey, name: 'ada', ownerGroup: 'ada', payee: `p${'0'.repeat(32)}` };
  const opening = openLink({
    url: 'ws://studio/mesh',
    openSocket: () => socket,
    key,
    claim,
    signal: new AbortController().signal,
  });
  socket.emit('open', {});
  expect(socket.sent[0]).toMatchObject({ type: 'hello', protocol: MESH_PROTOCOL });
  socket.say({ type: 'challenge', nonce: '00'.repeat(32) });
  const heartbeatMs = 10_000;
  socket.say({ type: 'welcome', node: 'n1', studioKey: '00'.repeat(32), catalogue: [], heartbeatMs });
  return { socket, link: await opening };
}

afterEach(() => {
  vi.useRealTimers();
});

test('a call that nobody answers ends the link, so that the node connects anew', async () => {
  vi.useFakeTimers();
  const { link } = await registered();
  const call = link.call({ type: 'lease', limit: 1 });
  const refusal = expect(call).rejects.toMatchObject({ code: 'call-timeout' });
  await vi.advanceTimersByTimeAsync(30_000);
  await refusal;
  expect(await link.closed).toBe('call-timeout');
});

test('an answered call leaves the link open', async () => {
  vi.useFakeTimers();
  const { socket, link } = await registered();
  const call = link.call({ type: 'lease', limit: 1 });
  socket.say({ type: 'leased', call: socket.sent.at(-1)?.call ?? -1, tasks: [] });
  expect(await call).toMatchObject({ type: 'leased' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.readyState).toBe(socket.OPEN);
});
