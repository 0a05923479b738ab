import { parentPort, workerData } from 'node:worker_threads';
import { raiseThread } from '@jamnet/jambox';
import { ImpairmentProxy, type ImpairmentProxyOptions } from './impairment-proxy.ts';

const STATS_EVERY_NS = 1_000_000_000n;

/** The proxy's traffic: this thread may block. Says the lines that its process prints. */
const { options, stop } = workerData as { options: ImpairmentProxyOptions; stop: SharedArrayBuffer }; // written by impairment-proxy-main.ts
const flag = new Int32Array(stop);
let toldAt = process.hrtime.bigint();

function counters(): object {
  return { ...proxy.impairment.counters, sentAudio: proxy.impairment.sentAudio };
}

function isStopAsked(): boolean {
  const now = process.hrtime.bigint();
  if (now - toldAt > STATS_EVERY_NS) {
    toldAt = now;
    parentPort?.postMessage({ type: 'stats', ...counters() });
  }
  return Atomics.load(flag, 0) === 1;
}

const proxy = await ImpairmentProxy.open(options, isStopAsked);
const { scheduling } = raiseThread();
parentPort?.postMessage({
  type: 'listening',
  host: options.host,
  port: proxy.port,
  udp: proxy.udp,
  scheduling,
});
await proxy.run();
parentPort?.postMessage({ type: 'closed', ...counters(), readLateBy100Us: proxy.waited.tailBy100Us() });
