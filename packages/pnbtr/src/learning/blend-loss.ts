import { PART_TIMES, PARTS } from '../blend.ts';
import { BLEND_PLACE, BLEND_WEIGHTS } from '../blend-weights.ts';
import type { Forecaster } from '../forecaster.ts';

/** Error over signal below which a hole counts as mended: nobody hears −15 dB of a packet better than −25. */
const MENDED = 0.03;
/** How much a hole that is worse than silence counts beside the logarithm of its error, and over which width. */
const WORSE_COUNTS = 2;
const WORSE_WIDTH = 0.2;
/** Mean power of what was lost below which a hole teaches nothing: −60 dBFS, as in the bench. */
const HOLE_POWER_FLOOR = 1e-6;

/** What a mixture's weights lose on the holes so far, and in which direction they lose less. */
export class BlendLoss {
  /** Sum over holes of ln(q + 0.03) + 2·σ((q − 1) ⁄ 0.2), q their error over signal energy. */
  sum = 0;
  /** Holes that counted. */
  holes = 0;
  readonly gradient = new Float64Array(BLEND_WEIGHTS);
  readonly #weights: Float64Array;
  /** By part: level, share of the repetition, and the error's slopes by the two weights of the mixture. */
  readonly #level = new Float64Array(PARTS);
  readonly #share = new Float64Array(PARTS);
  readonly #byForecast = new Float64Array(PARTS);
  readonly #byRepetition = new Float64Array(PARTS);

  constructor(weights: Float64Array) {
    this.#weights = weights;
  }

  /**
   * Takes the hole of one packet that `forecaster` has just gone over; `truth` is what was lost. The parts are taken with
   * their own weights from their first sample on: the ramps between them are too short to matter here.
   */
  learn(forecaster: Forecaster, truth: Float32Array): void {
    let signal = 0;
    for (const sample of truth) signal += sample * sample;
    if (signal <= HOLE_POWER_FLOOR * truth.length) return;
    let error = 0;
    for (let part = 0; part < PARTS; part++) error += this.#mix(forecaster, truth, part);
    const ratio = error / signal;
    const worse = logistic((ratio - 1) / WORSE_WIDTH);
    this.sum += Math.log(ratio + MENDED) + WORSE_COUNTS * worse;
    this.holes++;
    const slope = (1 / (ratio + MENDED) + (WORSE_COUNTS / WORSE_WIDTH) * worse * (1 - worse)) / signal;
    for (let part = 0; part < PARTS; part++) this.#descend(forecaster, part, slope);
  }

  /** Error energy of a part under the weights; keeps its slopes. */
  #mix({ mean, repeated, blend, isFound }: Forecaster, truth: Float32Array, part: number): number {
    const level = logistic(this.#logit(BLEND_PLACE.level, blend, part));
    const share = isFound ? logistic(this.#logit(BLEND_PLACE.repetition, blend, part)) : 0;
    const [forecast, repetition] = [level * (1 - share), level * share];
    const from = Math.floor((part * truth.length) / PARTS);
    const to = Math.floor(((part + 1) * truth.length) / PARTS);
    let [error, byForecast, byRepetition] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      const [m, r] = [mean[i] ?? 0, repeated[i] ?? 0];
      const off = forecast * m + repetition * r - (truth[i] ?? 0);
      error += off * off;
      byForecast += 2 * off * m;
      byRepetition += 2 * off * r;
    }
    this.#level[part] = level;
    this.#share[part] = share;
    this.#byForecast[part] = byForecast;
    this.#byRepetition[part] = byRepetition;
    return error;
  }

  #descend({ blend, isFound }: Forecaster, part: number, slope: number): void {
    const [level, share] = [this.#level[part] ?? 0, this.#share[part] ?? 0];
    const [byForecast, byRepetition] = [this.#byForecast[part] ?? 0, this.#byRepetition[part] ?? 0];
    const byLevel = slope * (byForecast * (1 - share) + byRepetition * share) * level * (1 - level);
    const byShare = isFound ? slope * level * (byRepetition - byForecast) * share * (1 - share) : 0;
    for (let i = 0; i < BLEND_PLACE.level; i++) {
      const value = inputOf(blend, part, i);
      this.#add(BLEND_PLACE.level + i, byLevel * value);
      this.#add(BLEND_PLACE.repetition + i, byShare * value);
    }
  }

  #logit(row: number, blend: Forecaster['blend'], part: number): number {
    let sum = 0;
    for (let i = 0; i < BLEND_PLACE.level; i++)
      sum += (this.#weights[row + i] ?? 0) * inputOf(blend, part, i);
    return sum;
  }

  #add(place: number, value: number): void {
    this.gradient[place] = (this.gradient[place] ?? 0) + value;
  }
}

/** What stands beside weight `place` of a row. */
function inputOf(blend: Forecaster['blend'], part: number, place: number): number {
  if (place === BLEND_PLACE.time) return PART_TIMES[part] ?? 0;
  if (place === BLEND_PLACE.disagreement) return blend.partDisagreement[part] ?? 0;
  return blend.features[place] ?? 0;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
