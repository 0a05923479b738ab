// realtime
/**
 * How far the models' forecast, the repetition and silence are mixed: two logistic functions of logarithms of what is
 * known at the moment of a loss. The sixteen numbers stand in blend-weights.ts.
 */
import { BLEND_PLACE, SHIPPED_BLEND } from './blend-weights.ts';

/** Floors of the logarithms, as fitted. */
const FLOOR = 1e-5;
const QUARTER_FLOOR = 1e-3;
/** Mean power, full scale 1, below which a forecast counts as nothing. */
const FAINT = 1e-9;

/** A packet is mixed in so many parts, each with weights of its own. */
export const PARTS = 4;
/** Middle of each part within its packet; a burst goes on at the last. */
export const PART_TIMES: Float64Array = Float64Array.of(-0.375, -0.125, 0.125, 0.375);

/** Places in {@link Blend.evidence}: what is known of a hole when it begins; energies over one packet. */
export const EVIDENCE = {
  /** Energy of the forecast, mean over the models, and of what they differ from it. */
  forecastEnergy: 0,
  disagreementEnergy: 1,
  /** Energy of the repetition and of its difference from the forecast. */
  repetitionEnergy: 2,
  differenceEnergy: 3,
  /** Squared correlation of the last 12 ms with the place they repeat. */
  repetitionAgreement: 4,
  /** Of the largest model; see PREDICTOR_FIGURE. */
  backtestError: 5,
  backtestMisfit: 6,
} as const;

/** Places in {@link Blend.part}. */
export const PART = { forecastEnergy: 0, disagreementEnergy: 1 } as const;

/** Places of {@link Blend}'s state. */
const BASE_REPETITION = 0;
const BASE_LEVEL = 1;
const DISAGREEMENT = 2;
const FORECAST_FLOOR = 3;

/** All numbers come and go in typed arrays: a fraction that passes between functions may be boxed on the heap. */
export class Blend {
  /** Written by the owner before {@link begin}. */
  readonly evidence = new Float64Array(7);
  /** Energies within a part, written by the owner before {@link weigh}. */
  readonly part = new Float64Array(2);
  /** Weight of the models' forecast and of the repetition in the part last asked for. */
  readonly weights = new Float64Array(2);
  /** Logarithms of the evidence, since {@link begin}; the first is 1. For who learns the weights. */
  readonly features = new Float64Array(BLEND_PLACE.time);
  /** By part of the first packet: how much more the models disagree there than over all of it, as a logarithm. */
  readonly partDisagreement = new Float64Array(PARTS);
  readonly #state = new Float64Array(4);
  readonly #weights: Float64Array;
  readonly #packetFrames: number;

  /** `weights`: sixteen, as blend-weights.ts lays them out. */
  constructor(packetFrames: number, weights: Float64Array = SHIPPED_BLEND) {
    this.#packetFrames = packetFrames;
    this.#weights = weights;
  }

  begin(): void {
    const known = this.evidence;
    const state = this.#state;
    const f = this.features;
    const w = this.#weights;
    const forecast = known[EVIDENCE.forecastEnergy] ?? 0;
    const repetition = known[EVIDENCE.repetitionEnergy] ?? 0;
    const energy = forecast + FAINT * this.#packetFrames;
    f[0] = 1;
    f[1] = Math.log((known[EVIDENCE.disagreementEnergy] ?? 0) / energy + FLOOR);
    f[2] = Math.log(1 - (known[EVIDENCE.repetitionAgreement] ?? 0) + FLOOR);
    f[3] = Math.log(Math.min(1, known[EVIDENCE.backtestError] ?? 0) + FLOOR);
    f[4] = Math.log((known[EVIDENCE.backtestMisfit] ?? 0) + FLOOR);
    f[5] = Math.log((known[EVIDENCE.differenceEnergy] ?? 0) / (forecast + repetition + FAINT) + FLOOR);
    state.fill(0);
    for (let i = 0; i < f.length; i++) {
      state[BASE_REPETITION] =
        (state[BASE_REPETITION] ?? 0) + (w[BLEND_PLACE.repetition + i] ?? 0) * (f[i] ?? 0);
      state[BASE_LEVEL] = (state[BASE_LEVEL] ?? 0) + (w[BLEND_PLACE.level + i] ?? 0) * (f[i] ?? 0);
    }
    state[DISAGREEMENT] = f[1] ?? 0;
    state[FORECAST_FLOOR] = 0.03 * energy + FAINT;
  }

  /** Sets the {@link weights} of a part of a packet (from 0 on; bursts stay at the last) by the energies within it. */
  weigh(part: number, isFound: boolean): void {
    const state = this.#state;
    const w = this.#weights;
    const time = PART_TIMES[Math.min(part, PARTS - 1)] ?? 0;
    const floor = state[FORECAST_FLOOR] ?? 0;
    const ratio = (this.part[PART.disagreementEnergy] ?? 0) / ((this.part[PART.forecastEnergy] ?? 0) + floor);
    const more = Math.log(ratio + QUARTER_FLOOR) - (state[DISAGREEMENT] ?? 0);
    if (part < PARTS) this.partDisagreement[part] = more;
    const toLevel =
      (state[BASE_LEVEL] ?? 0) +
      (w[BLEND_PLACE.level + BLEND_PLACE.time] ?? 0) * time +
      (w[BLEND_PLACE.level + BLEND_PLACE.disagreement] ?? 0) * more;
    const toRepetition =
      (state[BASE_REPETITION] ?? 0) +
      (w[BLEND_PLACE.repetition + BLEND_PLACE.time] ?? 0) * time +
      (w[BLEND_PLACE.repetition + BLEND_PLACE.disagreement] ?? 0) * more;
    const level = 1 / (1 + Math.exp(-toLevel));
    const repetition = isFound ? 1 / (1 + Math.exp(-toRepetition)) : 0;
    this.weights[0] = level * (1 - repetition);
    this.weights[1] = level * repetition;
  }
}
