import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { assert, Failure } from '@jamnet/base';
import { openUdpPort, raiseThread, runPorts, type UdpPort, verifyEd25519 } from '@jamnet/jambox';
import { Relay, type RelayCounters } from '@jamnet/toast';
import { nodeHopCrypto } from './node-hop-crypto.ts';
import { RelayService } from './relay-service.ts';
import {
  COUNTERS_AT,
  COUNTERS_MAX,
  type RelayJob,
  type RelayMessage,
  type RelayStats,
} from './relay-thread.ts';

/** The relay's thread: nothing else runs in it, and it waits for nothing but datagrams. */
const { options, shared } = workerData as RelayJob; // written by udp-relay.ts
const stop = new Int32Array(shared, 0, 1);
const cells = new Float64Array(shared, COUNTERS_AT, COUNTERS_MAX);

const RELAY_EXTRAS = ['rooms', 'players', 'refusedBySystem', 'turns'] as const;

function tell(message: RelayMessage): void {
  parentPort?.postMessage(message);
}

/**
 * Where the system does not say when a datagram came, only a short queue keeps the delay short: 64 KiB, which the kernel doubles,
 * hold some 170 packets, 16 ms of 14 players.
 */
const UNTIMED_BUFFER_BYTES = 64 << 10;
const queue = options.udp === 'dgram' ? { receiveBufferBytes: UNTIMED_BUFFER_BYTES } : { arrivalTimes: true };
const port = await openUdpPort({ ...options, ...queue }, options.udp).catch((error: unknown): null => {
  const code = error instanceof Failure ? error.code : 'unexpected';
  tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  return null;
});
if (port !== null) await serve(port);

// What goes wrong from here on is a fault of ours: it ends the thread, and with it the process that started it.
async function serve(port: UdpPort): Promise<void> {
  const lead = options.startLeadUs === undefined ? {} : { startLeadUs: options.startLeadUs };
  const relay = new Relay({
    crypto: nodeHopCrypto,
    verify: verifyEd25519,
    tokenKey: options.tokenKey,
    cookieKey: randomBytes(32),
    ...lead,
  });
  const names: (keyof RelayStats)[] = [
    ...RELAY_EXTRAS,
    ...(Object.keys(relay.counters) as (keyof RelayCounters)[]),
  ]; // its own
  assert(names.length <= COUNTERS_MAX, 'every counter has its cell');
  const count = (name: keyof RelayStats): number => {
    if (name === 'rooms') return relay.rooms;
    if (name === 'players') return relay.players;
    if (name === 'turns') return turns;
    return name === 'refusedBySystem' ? port.refused : relay.counters[name];
  };
  let turns = 0;
  const writeCounters = (): void => {
    turns++;
    for (let i = 0; i < names.length; i++) cells[i] = count(names[i] ?? 'received');
  };
  const service = new RelayService(relay, port, () => Atomics.load(stop, 0) === 1, writeCounters);
  tell({ type: 'listening', names, port: port.port, udp: port.kind, priority: raiseThread() });
  await runPorts([port], service);
  port.close();
}
