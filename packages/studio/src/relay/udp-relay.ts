import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Failure } from '@jamnet/base';
import type { ThreadPriority, UdpPortKind } from '@jamnet/jambox';
import {
  COUNTERS_AT,
  COUNTERS_MAX,
  type RelayJob,
  type RelayMessage,
  type RelayStats,
  type UdpRelayOptions,
} from './relay-thread.ts';

export interface UdpRelay {
  readonly port: number;
  readonly udp: UdpPortKind;
  readonly priority: ThreadPriority;
  /** As of the relay's last turn. */
  stats(): RelayStats;
  close(): Promise<void>;
}

/** A TOAST relay on one UDP socket, in a thread of its own. */
export async function startUdpRelay(options: UdpRelayOptions): Promise<UdpRelay> {
  const shared = new SharedArrayBuffer(COUNTERS_AT + 8 * COUNTERS_MAX);
  const job: RelayJob = { options, shared };
  const worker = new Worker(new URL('./relay-thread-main.ts', import.meta.url), {
    workerData: job,
    // What the process preloads to mind its parent is for its main thread alone.
    execArgv: [],
  });
  const [said] = (await once(worker, 'message')) as [RelayMessage];
  if (said.type === 'failed') {
    await worker.terminate();
    throw new Failure(said.code === 'port-unavailable' ? 'relay-port-unavailable' : said.code, said.message);
  }
  const cells = new Float64Array(shared, COUNTERS_AT, COUNTERS_MAX);
  const ended = once(worker, 'exit');
  return {
    port: said.port,
    udp: said.udp,
    priority: said.priority,
    stats: () =>
      Object.fromEntries(said.names.map((name, i) => [name, cells[i] ?? 0])) as unknown as RelayStats, // each name once
    close: async () => {
      Atomics.store(new Int32Array(shared, 0, 1), 0, 1);
      await ended;
    },
  };
}
