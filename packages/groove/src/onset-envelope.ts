import { BAND_COUNT } from './onset-bands.ts';

/** Energy over `after` hops of 1 ms against that over the `before` hops before; of several bands the least. */
export interface Window {
  readonly bands: readonly number[];
  readonly before: number;
  readonly after: number;
}

/** Hops remembered. */
export const HISTORY = 128;
/** Energies below this share of the band's running mean, or below −80 dB full scale, count as equal. */
const FLOOR_SHARE = 0.01;
export const ENERGY_FLOOR = 1e-8;
/** The running mean follows within about five seconds. */
const MEAN_WEIGHT = 1 / 5000;

/** The last {@link HISTORY} energies of each band. Hop numbers count from the beginning; before it was silence. */
export class OnsetEnvelope {
  readonly #energies = new Float64Array(HISTORY * BAND_COUNT);
  readonly #means = new Float64Array(BAND_COUNT);
  #hops = 0;

  get hops(): number {
    return this.#hops;
  }

  add(energies: Float64Array): void {
    const at = (this.#hops % HISTORY) * BAND_COUNT;
    for (let band = 0; band < BAND_COUNT; band++) {
      const [energy, mean] = [energies[band] ?? 0, this.#means[band] ?? 0];
      this.#energies[at + band] = energy;
      this.#means[band] = mean + MEAN_WEIGHT * (energy - mean);
    }
    this.#hops++;
  }

  /** Natural logarithm of after against before. */
  rise({ bands, before, after }: Window, hop: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const band of bands) {
      const floor = ENERGY_FLOOR + FLOOR_SHARE * (this.#means[band] ?? 0);
      const ratio = (this.#mean(band, hop, after) + floor) / (this.#mean(band, hop - before, before) + floor);
      least = Math.min(least, ratio);
    }
    return Math.log(least);
  }

  /** By how much the window's first band is louder after `hop` than before, mean square. */
  gain({ bands: [band = 0], before, after }: Window, hop: number): number {
    return this.#mean(band, hop, after) - this.#mean(band, hop - before, before);
  }

  #mean(band: number, from: number, length: number): number {
    let sum = 0;
    for (let hop = Math.max(0, from); hop < from + length; hop++)
      sum += this.#energies[(hop % HISTORY) * BAND_COUNT + band] ?? 0;
    return sum / length;
  }
}
