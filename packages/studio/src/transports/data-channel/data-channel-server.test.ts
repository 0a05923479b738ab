import { splitToken } from '@jamnet/toast';
import datachannel, { type PeerConnection } from 'node-datachannel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { issueJoinToken } from '../../relay/join-token.ts';
import { PATHS_PER_PLAYER_MAX, PathHub } from '../gateway/path-hub.ts';
import { type DataChannelPaths, serveDataChannels, WAITING_MAX } from './data-channel-server.ts';

const HOST = '127.0.0.1';
const TOKEN_KEY = new Uint8Array(32).fill(6);
const WAIT = { timeout: 15_000, interval: 20 };

let hub: PathHub;
let paths: DataChannelPaths;
const pages: PeerConnection[] = [];

beforeEach(() => {
  hub = new PathHub({ relay: { host: HOST, port: 9 }, tokenKey: TOKEN_KEY, nowUs: () => 1e9 });
  paths = serveDataChannels(HOST, hub);
});

afterEach(() => {
  for (const page of pages.splice(0)) page.close();
  hub.close('over');
  paths.close();
});

function ticketOf(player: string): string {
  const token = issueJoinToken(TOKEN_KEY, { room: 'attic', player, expiresAtUs: 2 ** 52 });
  const parts = token.ok ? splitToken(token.value) : token;
  if (!parts.ok) throw new Error(parts.message);
  return parts.value.wire;
}

/** A page with so many channels, and what it offers. */
async function page(channels: number): Promise<{ readonly peer: PeerConnection; readonly sdp: string }> {
  const peer = new datachannel.PeerConnection('page', { iceServers: [], bindAddress: HOST });
  pages.push(peer);
  const gathered = new Promise<void>((resolve) => {
    peer.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    });
  });
  for (let n = 0; n < channels; n++) peer.createDataChannel(`toast ${n}`);
  await gathered;
  return { peer, sdp: peer.localDescription()?.sdp ?? '' };
}

test('a page that opens several channels has one path, and a player whose many offers are answered at once no more than a player may', async () => {
  const ticket = ticketOf('ada');
  const offers = await Promise.all(Array.from({ length: PATHS_PER_PLAYER_MAX + 2 }, () => page(4)));
  const answers = await Promise.all(offers.map(({ sdp }) => paths.answer(ticket, sdp)));
  for (const [i, answer] of answers.entries())
    if (answer.ok) offers[i]?.peer.setRemoteDescription(answer.value, 'answer');
  await expect.poll(() => hub.counters.opened + hub.counters.refusedFull, WAIT).toBe(offers.length);
  expect(hub.paths).toBe(PATHS_PER_PLAYER_MAX);
});

test('offers whose page never connects are answered up to a number', async () => {
  const ticket = ticketOf('eve');
  const { sdp } = await page(1);
  for (let n = 0; n < WAITING_MAX; n++) expect((await paths.answer(ticket, sdp)).ok).toBe(true);
  expect(await paths.answer(ticket, sdp)).toMatchObject({ ok: false, code: 'paths-full' });
});
