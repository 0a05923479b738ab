import { Worker } from 'node:worker_threads';
import { localNowUs } from './local-clock.ts';

export interface Metronome {
  stop(): Promise<void>;
}

/**
 * The virtual sound card's interrupt: calls `onBeat` about every `periodUs` from local time `firstUs` on.
 * A thread of its own keeps the beat; a busy main thread gets its beats late but loses none.
 */
export function startMetronome(firstUs: number, periodUs: number, onBeat: () => void): Metronome {
  const stop = new SharedArrayBuffer(4);
  const firstMonotonicUs = Number(process.hrtime.bigint()) / 1000 + (firstUs - localNowUs());
  const workerData = { firstUs: firstMonotonicUs, periodUs, stop };
  const worker = new Worker(new URL('./metronome-worker.ts', import.meta.url), { workerData });
  worker.on('message', onBeat);
  return {
    stop: async () => {
      Atomics.store(new Int32Array(stop), 0, 1);
      Atomics.notify(new Int32Array(stop), 0);
      await worker.terminate();
    },
  };
}
