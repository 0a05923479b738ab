import type { GpuReading } from '../rules/judge-rules.ts';

/** Gaps between two readings that count whole; a machine that slept drew nothing. */
const GAP_MS_MAX = 60_000;

/** Energy since the node began: what the owner states for the machine, else what its cards tell, else nothing is known. */
export class EnergyAccount {
  readonly #statedWatts: number | null;
  #wattSeconds = 0;
  #watts: number | null;
  #atMs: number | null = null;

  /** `statedWatts`: measured at the wall by the owner. */
  constructor(statedWatts: number | null) {
    this.#statedWatts = statedWatts;
    this.#watts = statedWatts;
  }

  /** `stated`, `gpu` (cards only, the rest of the machine is not measured) or `null`: unknown. */
  get source(): 'stated' | 'gpu' | null {
    if (this.#statedWatts !== null) return 'stated';
    return this.#watts === null ? null : 'gpu';
  }

  /** W at the last reading. */
  get watts(): number | null {
    return this.#watts;
  }

  /** `null` when nothing tells. */
  get kilowattHours(): number | null {
    return this.source === null ? null : this.#wattSeconds / 3.6e6;
  }

  sample(gpus: readonly GpuReading[], nowMs: number): void {
    const told = gpus.map(({ powerWatts }) => powerWatts).filter((watts) => watts !== null);
    const watts = this.#statedWatts ?? (told.length === 0 ? null : told.reduce((sum, each) => sum + each, 0));
    const elapsedMs = this.#atMs === null ? 0 : Math.min(GAP_MS_MAX, nowMs - this.#atMs);
    // What was drawn before this reading is what the one before it said.
    this.#wattSeconds += ((this.#watts ?? 0) * elapsedMs) / 1000;
    this.#watts = watts;
    this.#atMs = nowMs;
  }
}
