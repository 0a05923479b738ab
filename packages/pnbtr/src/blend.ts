// realtime
/**
 * How far the models' forecast, the repetition and silence are mixed: two logistic functions of logarithms of what is
 * known at the moment of a loss. The sixteen numbers were fitted to the isolated losses of the developer files at
 * packets of 128, 256 and 512 together (sum of log error by file, pooled, and a soft count of gaps worse than silence);
 * fitted to four fifths of the files they are as good on the fifth that was left out to 0.1 dB. With the low band, which
 * came later, the level was lowered by 0.1 for fewer gaps worse than silence; another fit gained nothing on files left out.
 */
const REPETITION_WEIGHTS = [-0.534, 0.094, -1.404, 0.936, 0.499, 0.009] as const;
const REPETITION_BY_TIME = 0.8;
const REPETITION_BY_DISAGREEMENT = 0.241;
const LEVEL_WEIGHTS = [-0.529, -0.703, -0.515, -0.208, 0.103, -0.358] as const;
const LEVEL_BY_TIME = -0.751;
const LEVEL_BY_DISAGREEMENT = -0.256;

/** Floors of the logarithms, as fitted. */
const FLOOR = 1e-5;
const QUARTER_FLOOR = 1e-3;
/** Mean power, full scale 1, below which a forecast counts as nothing. */
const FAINT = 1e-9;

/** A packet is mixed in so many parts, each with weights of its own. */
export const PARTS = 4;

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
  readonly #state = new Float64Array(4);
  readonly #features = new Float64Array(6);
  readonly #packetFrames: number;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
  }

  begin(): void {
    const known = this.evidence;
    const state = this.#state;
    const f = this.#features;
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
      state[BASE_REPETITION] = (state[BASE_REPETITION] ?? 0) + (REPETITION_WEIGHTS[i] ?? 0) * (f[i] ?? 0);
      state[BASE_LEVEL] = (state[BASE_LEVEL] ?? 0) + (LEVEL_WEIGHTS[i] ?? 0) * (f[i] ?? 0);
    }
    state[DISAGREEMENT] = f[1] ?? 0;
    state[FORECAST_FLOOR] = 0.03 * energy + FAINT;
  }

  /** Sets the {@link weights} of a part of a packet (from 0 on; bursts stay at the last) by the energies within it. */
  weigh(part: number, isFound: boolean): void {
    const state = this.#state;
    const time = (Math.min(part, PARTS - 1) + 0.5) / PARTS - 0.5;
    const floor = state[FORECAST_FLOOR] ?? 0;
    const ratio = (this.part[PART.disagreementEnergy] ?? 0) / ((this.part[PART.forecastEnergy] ?? 0) + floor);
    const more = Math.log(ratio + QUARTER_FLOOR) - (state[DISAGREEMENT] ?? 0);
    const toLevel = (state[BASE_LEVEL] ?? 0) + LEVEL_BY_TIME * time + LEVEL_BY_DISAGREEMENT * more;
    const toRepetition =
      (state[BASE_REPETITION] ?? 0) + REPETITION_BY_TIME * time + REPETITION_BY_DISAGREEMENT * more;
    const level = 1 / (1 + Math.exp(-toLevel));
    const repetition = isFound ? 1 / (1 + Math.exp(-toRepetition)) : 0;
    this.weights[0] = level * (1 - repetition);
    this.weights[1] = level * repetition;
  }
}
