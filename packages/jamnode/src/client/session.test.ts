import { entryToWire, signEntry } from '@jamnet/mesh';
import { expect, test, vi } from 'vitest';
import { WorkGate } from '../host/work-gate.ts';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { standardCatalogue } from '../kernels/standard-catalogue.ts';
import { nodeKeyFromSeed, platformSha256 } from '../node/platform-crypto.ts';
import { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import { SocketAtHand } from '../testing/socket-at-hand.ts';
import { runSession } from './session.ts';

/** How often the real-time lane was opened by a node of so many sessions, and what it then offered. */
async function offeredWith(sessions: number): Promise<{ opened: number; offered: number | undefined }> {
  const socket = new SocketAtHand();
  const key = nodeKeyFromSeed('07'.repeat(32));
  const studio = platformSha256(Buffer.from('studio of the test'));
  const stop = new AbortController();
  let opened = 0;
  const session = runSession({
    url: 'ws://studio/mesh',
    openSocket: () => socket,
    key,
    sha256: platformSha256,
    claim: { publicKey: key.publicKey, name: 'ada', ownerGroup: 'ada', payee: `p${'0'.repeat(32)}` },
    signal: stop.signal,
    slots: [],
    gate: new WorkGate(),
    budget: new BandwidthBudget(),
    nowMs: () => 0,
    measured: { operationsPerSecond: 1n, device: '' },
    realTime: {
      sessions,
      open: async () => {
        opened++;
        return { receive: () => undefined };
      },
    },
    kernelSha256,
    onEvent: () => undefined,
  });
  socket.emit('open', {});
  socket.say({ type: 'challenge', nonce: '00'.repeat(32) });
  socket.say({
    type: 'welcome',
    node: 'n1',
    studioKey: nodeKeyFromSeed(Buffer.from(studio).toString('hex')).publicKey,
    catalogue: standardCatalogue().map((entry) => entryToWire(signEntry(entry, studio))),
    heartbeatMs: 10_000,
  });
  const ready = await vi.waitUntil(() => socket.sent.find(({ type }) => type === 'ready'));
  stop.abort();
  socket.close();
  await session;
  return { opened, offered: ready.grooveSessions };
}

test('a node of no real-time sessions opens none, and so fetches no forecaster for them', async () => {
  expect(await offeredWith(0)).toEqual({ opened: 0, offered: 0 });
  expect(await offeredWith(2)).toEqual({ opened: 1, offered: 2 });
});
