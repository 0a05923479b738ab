import { PerformanceObserver } from 'node:perf_hooks';

/** The engine's collections of memory from its making to its end. */
export class Pauses {
  readonly #observer: PerformanceObserver;
  readonly #found: { readonly beganMs: number; readonly endedMs: number }[] = [];

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        this.#found.push({ beganMs: startTime, endedMs: startTime + duration });
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  async end(): Promise<{
    readonly collections: number;
    readonly collectionUsWorst: number;
    readonly isWithin: (beganMs: number, endedMs: number) => boolean;
  }> {
    // They are told of in turns of the event loop, the second of which hands over what the first collected.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    this.#observer.disconnect();
    const found = this.#found;
    return {
      collections: found.length,
      collectionUsWorst: found.reduce(
        (worst, { beganMs, endedMs }) => Math.max(worst, (endedMs - beganMs) * 1000),
        0,
      ),
      isWithin: (beganMs, endedMs) => found.some((each) => each.beganMs < endedMs && each.endedMs > beganMs),
    };
  }
}
