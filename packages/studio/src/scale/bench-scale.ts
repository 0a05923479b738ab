import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../processes/child-program.ts';
import { type BusFigures, benchBus } from './bench-bus.ts';
import { BENCH_EPOCH, benchPayee, type EpochFill, fillEpoch } from './fill-epoch.ts';
import { API_MIX, ApiClients, type ApiFigures, quantile } from './load-api.ts';
import { bottleneckOf, type Spent, watch } from './processor-time.ts';

export interface BenchScaleOptions {
  readonly checkout: string;
  /** Clients that ask at once. */
  readonly clients: number;
  /** Requests of the mix, before the close. */
  readonly requests: number;
  readonly joins: number;
  readonly events: number;
  readonly epoch: EpochFill;
  readonly onPhase?: (phase: string) => void;
}

interface Measured {
  /** Processor time for one of them, by process. */
  readonly spent: readonly Spent[];
  readonly bottleneck: string | null;
}

export interface BenchScale {
  readonly cores: number;
  readonly mix: typeof API_MIX;
  readonly clients: number;
  readonly api: ApiFigures & Measured;
  readonly joins: { readonly joins: number; readonly perSecond: number; readonly p95Ms: number } & Measured;
  /** Through a NATS server; `null` where the machine has none. */
  readonly events: BusFigures | null;
  /** The close of an epoch by HTTP, and what who asked meanwhile waited. */
  readonly close: EpochFill & {
    readonly seconds: number;
    readonly studioProcessorSeconds: number | null;
    readonly apiMeanwhile: ApiFigures;
  };
}

/** One studio with SQLite in a process of its own, its clients in this one: each figure with the processor time of each process. */
export async function benchScale(options: BenchScaleOptions): Promise<BenchScale> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-scale-'));
  const say = options.onPhase ?? (() => undefined);
  try {
    say('filling an epoch');
    await fillEpoch(directory, options.epoch);
    say('starting a studio');
    const studio = await startStudio(directory, options.checkout);
    try {
      return await measure(studio, directory, options, say);
    } finally {
      await studio.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface StudioAtHand {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

async function startStudio(directory: string, checkout: string): Promise<StudioAtHand> {
  let settle = (_: { url: string; pid: number }): void => {};
  const listening = new Promise<{ url: string; pid: number }>((resolve) => {
    settle = resolve;
  });
  const child = runChild({
    entry: new URL('./studio-main.ts', import.meta.url),
    options: { directory, checkout },
    // One JSON line of our own program; anything else there is the studio's own log.
    onLine: (line) => {
      const said = line as { url?: string; pid?: number } | null;
      if (said?.url !== undefined && said.pid !== undefined) settle({ url: said.url, pid: said.pid });
    },
  });
  const early = child.ended.then(() => Promise.reject(new Error('the studio ended before it listened')));
  early.catch(() => undefined);
  return { ...(await Promise.race([listening, early])), stop: () => child.stop() };
}

async function measure(
  studio: StudioAtHand,
  directory: string,
  options: BenchScaleOptions,
  say: (phase: string) => void,
): Promise<BenchScale> {
  const token = readFileSync(join(directory, 'operator.token'), 'utf8').trim();
  const payees = Array.from({ length: options.epoch.contributors }, (_, n) => benchPayee(n));
  const clients = new ApiClients({ url: studio.url, token, payees }, options.clients, 'api');
  const watched = [
    { name: 'the studio', pid: studio.pid },
    { name: 'the clients', pid: process.pid },
  ];
  try {
    await clients.load(options.clients, (asked) => asked < options.requests / 10); // Until code is compiled.
    say('asking the API');
    const apiSpent = watch(watched);
    const api = await clients.load(options.clients, (asked) => asked < options.requests);
    const perRequest = apiSpent(api.requests);
    say('joining rooms');
    const joinSpent = watch(watched);
    const joins = await joinRooms(clients, options);
    const perJoin = joinSpent(joins.joins);
    say('closing the epoch while clients ask');
    const close = await closeLive(clients, studio, options);
    say('events through NATS');
    return {
      cores: availableParallelism(),
      mix: API_MIX,
      clients: options.clients,
      api: { ...api, spent: perRequest, bottleneck: bottleneckOf('a request', perRequest) },
      joins: { ...joins, spent: perJoin, bottleneck: bottleneckOf('a join', perJoin) },
      events: await benchBus(options.events),
      close: { ...options.epoch, ...close },
    };
  } finally {
    clients.close();
  }
}

async function joinRooms(clients: ApiClients, { joins, clients: atOnce }: BenchScaleOptions) {
  const tookMs: number[] = [];
  let next = 0;
  const startedMs = performance.now();
  const client = async (): Promise<void> => {
    while (next < joins) {
      const n = next++;
      const beganMs = performance.now();
      await clients.join(`bench-${n % 100}`, `player-${n}`);
      tookMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  const seconds = (performance.now() - startedMs) / 1000;
  return { joins, perSecond: Math.round(joins / seconds), p95Ms: quantile(tookMs, 0.95) };
}

async function closeLive(clients: ApiClients, studio: StudioAtHand, options: BenchScaleOptions) {
  const spent = watch([{ name: 'the studio', pid: studio.pid }]);
  const startedMs = performance.now();
  let isClosed = false;
  const closing = clients.send('POST', `/api/epochs/${BENCH_EPOCH}/close`).then(() => {
    isClosed = true;
    return (performance.now() - startedMs) / 1000;
  });
  const [seconds, apiMeanwhile] = await Promise.all([
    closing,
    clients.load(options.clients - 1, () => !isClosed),
  ]);
  const [studioSpent] = spent(1);
  const studioUs = studioSpent === undefined ? null : studioSpent.mainUs + studioSpent.othersUs;
  return {
    seconds: Math.round(seconds * 1000) / 1000,
    studioProcessorSeconds: studioUs === null ? null : Math.round(studioUs / 1000) / 1000,
    apiMeanwhile,
  };
}
