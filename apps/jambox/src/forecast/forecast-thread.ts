import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Bar, ForecastAside, type Forecaster, type ForetoldBar, HOUSE_PRIORS } from '@jamnet/groove';

/** A forecaster for each of 16 players, and again for changes of the beat; beyond that the oldest stays with what it knows. */
export const FORECASTERS_MAX = 64;

/**
 * The released model in a thread of its own: a forecast takes 1.2 ms there, which the thread that plays does not have. Who plays looks
 * for answers and never waits: its thread may stand in a system call, where no event reaches it. Open it before the calling thread's
 * priority is raised: threads inherit it. Where the thread fails, all that follows is `house-2`'s.
 */
export class ForecastThread {
  readonly #worker = new Worker(new URL('./forecast-worker.ts', import.meta.url), { execArgv: [] });
  readonly #ports: MessagePort[] = [];

  constructor() {
    // Nothing more is answered then; the evening goes on.
    this.#worker.on('error', () => undefined);
  }

  newForecaster(): Forecaster {
    const { port1, port2 } = new MessageChannel();
    this.#ports.push(port1);
    if (this.#ports.length > FORECASTERS_MAX) this.#ports.shift()?.close();
    this.#worker.postMessage(port2, [port2]);
    return new ForecastAside(HOUSE_PRIORS, {
      tell: (bar: Bar) => port1.postMessage(bar),
      // Written by forecast-worker.ts.
      take: () => (receiveMessageOnPort(port1)?.message as ForetoldBar | undefined) ?? null,
    });
  }

  async stop(): Promise<void> {
    for (const port of this.#ports.splice(0)) port.close();
    await this.#worker.terminate();
  }
}
