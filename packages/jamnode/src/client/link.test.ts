import { MESH_PROTOCOL } from '@jamnet/mesh';
import { afterEach, expect, test, vi } from 'vitest';
import { nodeKeyFromSeed } from '../node/platform-crypto.ts';
import { SocketAtHand } from '../testing/socket-at-hand.ts';
import { type Link, openLink } from './link.ts';

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
