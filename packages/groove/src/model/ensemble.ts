import { DECILES, OFFSET_TENTH_MS_MAX } from '../forecast.ts';
import { clamp } from '../integers.ts';
import type { Priors } from '../priors.ts';
import { decilesOf, OUTPUTS_PER_QUANTITY } from './deciles.ts';
import { anchorOf, describeStroke, FEATURES, type Target } from './features.ts';
import { newActivations, run } from './network.ts';
import type { PlayingHistory } from './playing-history.ts';

/** Several networks as one forecaster of strokes: the mean of their deciles, as integers. */
export class Ensemble {
  readonly #members: readonly Float32Array[];
  readonly #priors: Priors;
  readonly #features = new Float32Array(FEATURES);
  readonly #values = newActivations();
  readonly #deciles = new Float64Array(DECILES);
  readonly #sums = new Float64Array(2 * DECILES);

  constructor(members: readonly Float32Array[], priors: Priors) {
    this.#members = members;
    this.#priors = priors;
  }

  /** Writes the stroke's nine deciles of offset (0.1 ms) and of velocity (1..127), neither falling. */
  write(history: PlayingHistory, target: Target, offset: Int16Array, velocity: Uint8Array, at: number): void {
    const anchor = anchorOf(history, target.cell);
    describeStroke(history, this.#priors, target, this.#features);
    this.#sums.fill(0);
    for (const member of this.#members) {
      run(member, this.#features, this.#values);
      this.#add(0, anchor.offsetUs, anchor.offsetScaleUs);
      this.#add(1, anchor.velocityMilli, anchor.velocityScaleMilli);
    }
    const count = this.#members.length;
    for (let k = 0; k < DECILES; k++) {
      const offsetUs = (this.#sums[k] ?? 0) / count;
      const milli = (this.#sums[DECILES + k] ?? 0) / count;
      offset[at + k] = clamp(Math.round(offsetUs / 100), -OFFSET_TENTH_MS_MAX, OFFSET_TENTH_MS_MAX);
      velocity[at + k] = clamp(Math.round(milli / 1000), 1, 127);
    }
  }

  #add(quantity: 0 | 1, centre: number, scale: number): void {
    decilesOf(this.#values.output, quantity * OUTPUTS_PER_QUANTITY, this.#deciles);
    for (let k = 0; k < DECILES; k++) {
      const at = quantity * DECILES + k;
      this.#sums[at] = (this.#sums[at] ?? 0) + centre + scale * (this.#deciles[k] ?? 0);
    }
  }
}
