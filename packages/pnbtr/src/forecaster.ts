// realtime
import { assert } from '@jamnet/base';
import { Blend, EVIDENCE, PART, PARTS } from './blend.ts';
import { clamp } from './clamp.ts';
import type { ModelSize } from './model-size.ts';
import { PREDICTOR_FIGURE, Predictor } from './predictor.ts';
import { Repetition } from './repetition/repetition.ts';

export interface ForecasterOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  /** Largest first. */
  readonly models: readonly ModelSize[];
  /** How far back repetitions are searched; 0 for none. */
  readonly searchSeconds: number;
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** Error of a model at which better ones count no more. */
const FAULTLESS = 1e-6;

/**
 * The continuation of one channel: the mean of several linear models, the last place that sounded alike, and silence,
 * mixed by what is known of their errors.
 */
export class Forecaster {
  readonly isWasm: boolean;
  /** What {@link advance} or {@link peek} wrote, from place 0 on. */
  readonly samples: Float64Array;
  readonly #packetFrames: number;
  readonly #predictors: readonly Predictor[];
  readonly #first: Predictor;
  readonly #repetition: Repetition | null;
  readonly #blend: Blend;
  readonly #mean: Float64Array;
  readonly #spread: Float64Array;
  readonly #repeated: Float64Array;
  /** Shares of the models in the mean. */
  readonly #shares: Float64Array;
  /** Weights at the end of what was written last, to which the next part is joined. */
  readonly #last = new Float64Array(2);
  #isFound = false;
  /** Samples of the hole so far. */
  #position = 0;

  constructor(options: ForecasterOptions) {
    const { sampleRateHz, packetFrames, models, searchSeconds, kernel } = options;
    const predictors: Predictor[] = [];
    for (const { order, contextFrames } of models)
      predictors.push(new Predictor({ packetFrames, order, contextFrames, kernel, isTried: true }));
    this.#predictors = predictors;
    const [first] = predictors;
    assert(first !== undefined, 'at least one model');
    this.#first = first;
    this.#shares = new Float64Array(models.length);
    this.isWasm = this.#first.isWasm;
    this.#repetition =
      searchSeconds > 0 ? new Repetition({ sampleRateHz, packetFrames, searchSeconds, kernel }) : null;
    this.#packetFrames = packetFrames;
    this.#blend = new Blend(packetFrames);
    this.samples = new Float64Array(packetFrames);
    this.#mean = new Float64Array(packetFrames);
    this.#spread = new Float64Array(packetFrames);
    this.#repeated = new Float64Array(packetFrames);
  }

  /** Figures of the first model; its peak bounds what is played. */
  get figures(): Float64Array {
    return this.#first.figures;
  }

  /** Takes a packet as it was played. */
  append(packet: Float32Array): void {
    for (let m = 0; m < this.#predictors.length; m++) this.#predictors[m]?.append(packet);
    this.#repetition?.append(packet);
  }

  /** A hole begins behind the last packet. */
  begin(): void {
    for (let m = 0; m < this.#predictors.length; m++) this.#predictors[m]?.begin();
    this.#isFound = this.#repetition?.find() ?? false;
    this.#position = 0;
    this.#share();
    this.#sketch(this.#packetFrames);
    this.#gather();
    this.#blend.begin();
  }

  /** Goes on for a packet. */
  advance(): void {
    const frames = this.#packetFrames;
    this.#write(frames);
    for (let m = 0; m < this.#predictors.length; m++) this.#predictors[m]?.skip(frames);
    this.#position += frames;
  }

  /** As {@link advance} for at most a packet, but the hole does not grow. */
  peek(frames: number): void {
    this.#write(frames);
  }

  /** The first model's impulse response; see {@link Predictor.writeResponse}. */
  writeResponse(out: Float64Array): void {
    this.#first.writeResponse(out);
  }

  clear(): void {
    for (let m = 0; m < this.#predictors.length; m++) this.#predictors[m]?.clear();
    this.#repetition?.clear();
  }

  /** A model counts by the inverse of its error on the last packets. */
  #share(): void {
    let sum = 0;
    for (let m = 0; m < this.#shares.length; m++) {
      const predictor = this.#predictors[m];
      if (predictor === undefined) continue;
      this.#shares[m] = 1 / ((predictor.figures[PREDICTOR_FIGURE.backtestError] ?? 0) + FAULTLESS);
      sum += this.#shares[m] ?? 0;
    }
    for (let m = 0; m < this.#shares.length; m++) this.#shares[m] = (this.#shares[m] ?? 0) / sum;
  }

  /** Mean and spread of the models over the next `frames`, and the repetition. */
  #sketch(frames: number): void {
    const mean = this.#mean;
    const spread = this.#spread;
    mean.fill(0);
    spread.fill(0);
    for (let m = 0; m < this.#predictors.length; m++) {
      const predictor = this.#predictors[m];
      if (predictor === undefined) continue;
      const share = this.#shares[m] ?? 0;
      const at = predictor.peek(frames);
      for (let i = 0; i < frames; i++) {
        const sample = predictor.samples[at + i] ?? 0;
        mean[i] = (mean[i] ?? 0) + share * sample;
        spread[i] = (spread[i] ?? 0) + share * sample * sample;
      }
    }
    for (let i = 0; i < frames; i++) spread[i] = Math.max(0, (spread[i] ?? 0) - (mean[i] ?? 0) ** 2);
    this.#repetition?.continueTo(this.#repeated, this.#position, frames);
    const peak = this.#first.figures[PREDICTOR_FIGURE.peak] ?? 0;
    for (let i = 0; i < frames; i++) this.#repeated[i] = clamp(this.#repeated[i] ?? 0, peak);
  }

  #gather(): void {
    let forecast = 0;
    let disagreement = 0;
    let repetition = 0;
    let difference = 0;
    for (let i = 0; i < this.#packetFrames; i++) {
      const mean = this.#mean[i] ?? 0;
      const repeated = this.#repeated[i] ?? 0;
      forecast += mean * mean;
      disagreement += this.#spread[i] ?? 0;
      repetition += repeated * repeated;
      difference += (mean - repeated) * (mean - repeated);
    }
    const { evidence } = this.#blend;
    evidence[EVIDENCE.forecastEnergy] = forecast;
    evidence[EVIDENCE.disagreementEnergy] = disagreement;
    evidence[EVIDENCE.repetitionEnergy] = repetition;
    evidence[EVIDENCE.differenceEnergy] = difference;
    evidence[EVIDENCE.repetitionAgreement] = 0;
    if (this.#repetition !== null && this.#isFound)
      evidence[EVIDENCE.repetitionAgreement] = this.#repetition.agreement[0] ?? 0;
    evidence[EVIDENCE.backtestError] = this.#first.figures[PREDICTOR_FIGURE.backtestError] ?? 0;
    evidence[EVIDENCE.backtestMisfit] = this.#first.figures[PREDICTOR_FIGURE.backtestMisfit] ?? 0;
  }

  #write(frames: number): void {
    this.#sketch(frames);
    const firstPart = Math.floor((this.#position * PARTS) / this.#packetFrames);
    for (let part = 0; part < PARTS; part++) {
      const from = Math.floor((part * this.#packetFrames) / PARTS);
      const to = Math.min(frames, Math.floor(((part + 1) * this.#packetFrames) / PARTS));
      if (from < to) this.#writePart(firstPart + part, from, to);
    }
  }

  /** Mixes a part; from the second one of a hole on the weights move over its first half, so that nothing clicks. */
  #writePart(part: number, from: number, to: number): void {
    let energy = 0;
    let disagreement = 0;
    for (let i = from; i < to; i++) {
      energy += (this.#mean[i] ?? 0) ** 2;
      disagreement += this.#spread[i] ?? 0;
    }
    this.#blend.part[PART.forecastEnergy] = energy;
    this.#blend.part[PART.disagreementEnergy] = disagreement;
    this.#blend.weigh(part, this.#isFound);
    const forecast = this.#blend.weights[0] ?? 0;
    const repetition = this.#blend.weights[1] ?? 0;
    const ramp = part === 0 ? 0 : (to - from) >> 1;
    for (let i = from; i < to; i++) {
      const old = i - from < ramp ? 1 - (i - from + 0.5) / ramp : 0;
      const a = forecast + old * ((this.#last[0] ?? 0) - forecast);
      const b = repetition + old * ((this.#last[1] ?? 0) - repetition);
      this.samples[i] = a * (this.#mean[i] ?? 0) + b * (this.#repeated[i] ?? 0);
    }
    this.#last[0] = forecast;
    this.#last[1] = repetition;
  }
}
