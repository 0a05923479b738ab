import { entryToWire, type HostNotice, signEntry } from '@jamnet/mesh';
import { afterEach, expect, test, vi } from 'vitest';
import { hostNotice } from '../host/host-notice.ts';
import { WorkGate } from '../host/work-gate.ts';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { standardCatalogue } from '../kernels/standard-catalogue.ts';
import { nodeKeyFromSeed, platformSha256 } from '../node/platform-crypto.ts';
import { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import { NO_RULES } from '../rules/host-rules.ts';
import { SocketAtHand } from '../testing/socket-at-hand.ts';
import { runSession, type SessionOptions } from './session.ts';

afterEach(() => vi.useRealTimers());

const HEARTBEAT_MS = 10_000;

/** A session with a studio that has just said welcome; `end` closes it. */
function welcomed(more: Pick<SessionOptions, 'realTime' | 'notice'>) {
  const socket = new SocketAtHand();
  const key = nodeKeyFromSeed('07'.repeat(32));
  const studio = platformSha256(Buffer.from('studio of the test'));
  const stop = new AbortController();
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
    kernelSha256,
    onEvent: () => undefined,
    ...more,
  });
  socket.emit('open', {});
  socket.say({ type: 'challenge', nonce: '00'.repeat(32) });
  socket.say({
    type: 'welcome',
    node: 'n1',
    studioKey: nodeKeyFromSeed(Buffer.from(studio).toString('hex')).publicKey,
    catalogue: standardCatalogue().map((entry) => entryToWire(signEntry(entry, studio))),
    heartbeatMs: HEARTBEAT_MS,
  });
  const end = async () => {
    stop.abort();
    socket.close();
    await session;
  };
  return { socket, end };
}

/** How often the real-time lane was opened by a node of so many sessions, and what it then offered. */
async function offeredWith(sessions: number): Promise<{ opened: number; offered: number | undefined }> {
  let opened = 0;
  const { socket, end } = welcomed({
    realTime: {
      sessions,
      open: async () => {
        opened++;
        return { receive: () => undefined };
      },
    },
  });
  const ready = await vi.waitUntil(() => socket.sent.find(({ type }) => type === 'ready'));
  await end();
  return { opened, offered: ready.grooveSessions };
}

test('a node of no real-time sessions opens none, and so fetches no forecaster for them', async () => {
  expect(await offeredWith(0)).toEqual({ opened: 0, offered: 0 });
  expect(await offeredWith(2)).toEqual({ opened: 1, offered: 2 });
});

test('what its owner may read of a node goes with the first message and then only when it has changed', async () => {
  vi.useFakeTimers();
  const rules = { ...hostNotice(NO_RULES, []).rules, idleMinutes: 5 };
  let notice: HostNotice = { paused: ['in-use'], rules };
  const { socket, end } = welcomed({ realTime: null, notice: () => notice });
  await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
  notice = { paused: [], rules };
  await vi.advanceTimersByTimeAsync(2 * HEARTBEAT_MS);
  const told = socket.sent.flatMap(({ type, notice }) =>
    type === 'ready' || type === 'heartbeat' ? [[type, notice?.paused]] : [],
  );
  expect(told).toEqual([
    ['ready', ['in-use']],
    ['heartbeat', undefined],
    ['heartbeat', []],
    ['heartbeat', undefined],
  ]);
  await end();
});
