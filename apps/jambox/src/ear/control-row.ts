import { quantile } from './quantile.ts';

const CALIBRATION_TURNS = 10_000;
/** Enough for the compiler to have done its best with the loop. */
const CALIBRATION_TRIES = 500;
/** As the ear rests: see there. */
const REST_EVERY = 500;
const REST_MS = 10;

/**
 * As long a stretch of nothing but arithmetic, measured beside something: by how much it is worse at worst than at the median is the
 * machine's doing, and the engine's, and would be added to anything that runs there.
 */
export class ControlRow {
  readonly #tookUs: Float64Array;
  readonly #processorUs: Float64Array;
  readonly #clock: (() => number) | null;
  readonly #turns: number;
  #runs = 0;
  /** Of what was computed, so that none of it can be left out. */
  #sum = 1;

  /** For `runsMax` stretches, each as long as `us` where nothing is in its way; `clock` tells the thread's processor time in µs. */
  constructor(runsMax: number, us: number, clock: (() => number) | null) {
    this.#tookUs = new Float64Array(runsMax);
    this.#processorUs = new Float64Array(runsMax);
    this.#clock = clock;
    let leastUs = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < CALIBRATION_TRIES; attempt++) {
      const beganMs = performance.now();
      this.#compute(CALIBRATION_TURNS);
      leastUs = Math.min(leastUs, (performance.now() - beganMs) * 1000);
    }
    this.#turns = Math.max(1, Math.round((CALIBRATION_TURNS * us) / leastUs));
  }

  run(count: number, rest: Int32Array): void {
    for (let i = 0; i < count && this.#runs < this.#tookUs.length; i++, this.#runs++) {
      if (this.#runs % REST_EVERY === 0) Atomics.wait(rest, 0, 0, REST_MS);
      const beganMs = performance.now();
      const beganUs = this.#clock === null ? 0 : this.#clock();
      this.#compute(this.#turns);
      this.#processorUs[this.#runs] = this.#clock === null ? 0 : this.#clock() - beganUs;
      this.#tookUs[this.#runs] = (performance.now() - beganMs) * 1000;
    }
  }

  /** What was run so far was to warm up. */
  clear(): void {
    this.#runs = 0;
  }

  figures(): {
    readonly controlUsP50: number;
    readonly controlUsP999: number;
    readonly controlUsWorst: number;
    readonly controlProcessorUsWorst: number | null;
    readonly controlChecksum: number;
  } {
    const took = this.#tookUs.subarray(0, this.#runs).sort();
    const processor = this.#processorUs.subarray(0, this.#runs).sort();
    return {
      controlUsP50: quantile(took, 0.5),
      controlUsP999: quantile(took, 0.999),
      controlUsWorst: quantile(took, 1),
      controlProcessorUsWorst: this.#clock === null ? null : quantile(processor, 1),
      controlChecksum: this.#sum,
    };
  }

  /** A congruential generator: each turn waits for the one before, so nothing is done side by side. */
  #compute(turns: number): void {
    let sum = this.#sum;
    for (let i = 0; i < turns; i++) sum = (Math.imul(sum, 1_103_515_245) + 12_345) | 0;
    this.#sum = sum;
  }
}
