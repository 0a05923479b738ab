import { Worker } from 'node:worker_threads';
import { localNowUs } from '../local-clock.ts';
import { ALARM_CELLS, monotonicUs } from './alarm-cells.ts';

/**
 * Rings close to a moment, on every platform: timers are a millisecond coarse, so a thread sleeps in `Atomics.wait` and
 * spins the last 0.12 ms. A busy event loop hears it late, but never twice.
 */
export class Alarm {
  readonly #shared = new SharedArrayBuffer(ALARM_CELLS.bytes);
  readonly #cells = new Int32Array(this.#shared);
  readonly #due = new Float64Array(this.#shared, ALARM_CELLS.dueAt, 1);
  readonly #worker: Worker;

  constructor(onRing: () => void) {
    this.#worker = new Worker(new URL('./alarm-worker.ts', import.meta.url), {
      workerData: this.#shared,
      execArgv: [],
    });
    this.#worker.on('message', onRing);
  }

  /** Replaces what was set before. `dueUs` is a time of `localNowUs`. */
  set(dueUs: number): void {
    this.#due[0] = monotonicUs() + (dueUs - localNowUs());
    Atomics.add(this.#cells, ALARM_CELLS.set, 1);
    Atomics.notify(this.#cells, ALARM_CELLS.set);
  }

  async stop(): Promise<void> {
    Atomics.store(this.#cells, ALARM_CELLS.stop, 1);
    Atomics.add(this.#cells, ALARM_CELLS.set, 1);
    Atomics.notify(this.#cells, ALARM_CELLS.set);
    await this.#worker.terminate();
  }
}
