import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { splitToken } from '@jamnet/toast';
import { afterEach, expect, test } from 'vitest';
import { issueJoinToken } from './join-token.ts';
import { startUdpRelay, type UdpRelay } from './udp-relay.ts';

const TOKEN_KEY = new Uint8Array(32).fill(1);
const opened: UdpRelay[] = [];
afterEach(async () => {
  for (const relay of opened.splice(0)) await relay.close();
});

async function relayOn(port: number): Promise<UdpRelay> {
  const relay = await startUdpRelay({ host: '127.0.0.1', port, tokenKey: TOKEN_KEY });
  opened.push(relay);
  return relay;
}

test('counts what strangers send and answers nothing', async () => {
  const relay = await relayOn(0);
  const stranger = createSocket('udp4');
  let answers = 0;
  stranger.on('message', () => answers++);
  stranger.bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  for (let i = 0; i < 5; i++) stranger.send('hello', relay.port, '127.0.0.1');
  while (relay.stats().received < 5) await new Promise(setImmediate);
  expect(relay.stats()).toMatchObject({ malformed: 5, players: 0, rooms: 0 });
  expect(answers).toBe(0);
  stranger.close();
});

test('names the port that is taken', async () => {
  const relay = await relayOn(0);
  await expect(relayOn(relay.port)).rejects.toMatchObject({ code: 'relay-port-unavailable' });
});

test('a join token names room and player, and other names are refused', () => {
  const token = issueJoinToken(TOKEN_KEY, { room: 'attic', player: 'Ada', expiresAtUs: 1 });
  if (!token.ok) throw new Error(token.message);
  expect(splitToken(token.value)).toMatchObject({
    ok: true,
    value: { claim: { room: 'attic', player: 'Ada' } },
  });
  expect(issueJoinToken(TOKEN_KEY, { room: 'a/b', player: 'Ada', expiresAtUs: 1 })).toMatchObject({
    code: 'name-malformed',
  });
  expect(issueJoinToken(TOKEN_KEY, { room: 'attic', player: '', expiresAtUs: 1 })).toMatchObject({
    code: 'name-malformed',
  });
});
