// realtime
import { Blend, EVIDENCE, PART, PARTS } from './blend.ts';
import { clamp } from './clamp.ts';
import { LinearModel, MODEL_FIGURE } from './linear-model.ts';
import { LowBand } from './low-band.ts';
import type { ModelSize } from './model-size.ts';
import { Past } from './past.ts';
import { Repetition } from './repetition/repetition.ts';

export interface ForecasterOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  readonly channels: 1 | 2;
  /** Largest first. */
  readonly models: readonly ModelSize[];
  /** The one of the low band, in samples of its rate; `null` for none. */
  readonly lowModel: ModelSize | null;
  /** How far back repetitions are searched; 0 for none. */
  readonly searchSeconds: number;
  /** How models, repetition and silence are mixed; see blend-weights.ts. Default: as shipped. */
  readonly blend?: Float64Array | undefined;
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** Error of a model at which better ones count no more. */
const FAULTLESS = 1e-6;

/**
 * The continuation of one channel or of two linked ones: the mean of several linear models, the last place that sounded
 * alike, and silence, mixed by what is known of their errors. Models, place and weights are the same for both
 * channels, so that a source stays where it was heard.
 */
export class Forecaster {
  readonly isWasm: boolean;
  /** What {@link advance} or {@link peek} wrote: channel by channel, a packet's length each. */
  readonly samples: Float64Array;
  /** What it was mixed of, laid out alike: mean of the models and repetition, before any level. For who learns the weights. */
  readonly mean: Float64Array;
  readonly repeated: Float64Array;
  readonly blend: Blend;
  readonly #packetFrames: number;
  readonly #channels: 1 | 2;
  readonly #past: Past;
  readonly #models: LinearModel[] = [];
  readonly #lowBand: LowBand | null;
  readonly #repetition: Repetition | null;
  readonly #spread: Float64Array;
  /** One channel of the repetition. */
  readonly #continued: Float64Array;
  /** Shares of the models in the mean. */
  readonly #shares: Float64Array;
  /** Error of the models on the last packets over their energy, mean by their shares. */
  readonly #error = new Float64Array(1);
  /** Weights at the end of what was written last, to which the next part is joined. */
  readonly #last = new Float64Array(2);
  #isFound = false;
  /** Samples of the hole so far. */
  #position = 0;
  /** Samples from {@link #position} on that the sketch holds. */
  #sketched = 0;

  constructor(options: ForecasterOptions) {
    const { sampleRateHz, packetFrames, channels, models, lowModel, searchSeconds, blend, kernel } = options;
    this.#past = new Past({ packetFrames, models, channels, kernel });
    for (let m = 0; m < models.length; m++) this.#models.push(new LinearModel(this.#past, m));
    this.#shares = new Float64Array(models.length);
    this.isWasm = this.#past.isWasm;
    this.#lowBand =
      lowModel === null
        ? null
        : new LowBand({ sampleRateHz, packetFrames, channels, model: lowModel, kernel });
    this.#repetition =
      searchSeconds > 0
        ? new Repetition({ sampleRateHz, packetFrames, channels, searchSeconds, kernel })
        : null;
    this.#packetFrames = packetFrames;
    this.#channels = channels;
    this.blend = new Blend(packetFrames * channels, blend);
    this.samples = new Float64Array(packetFrames * channels);
    this.mean = new Float64Array(packetFrames * channels);
    this.#spread = new Float64Array(packetFrames * channels);
    this.repeated = new Float64Array(packetFrames * channels);
    this.#continued = new Float64Array(packetFrames);
  }

  /** Loudest sample of what was heard lately by channel: it bounds what is played. */
  get peaks(): Float64Array {
    return this.#past.peaks;
  }

  /** Whether the hole has a place that sounded alike. */
  get isFound(): boolean {
    return this.#isFound;
  }

  /** Takes a packet as it was played; of two channels the left one, then the right one. */
  append(packet: Float32Array): void {
    this.#past.append(packet);
    this.#lowBand?.append(this.#past);
    this.#repetition?.append(packet);
  }

  /** A hole begins behind the last packet. */
  begin(): void {
    this.#past.measurePeaks();
    for (let m = 0; m < this.#models.length; m++) {
      this.#models[m]?.begin();
      this.#models[m]?.backtest();
    }
    this.#isFound = this.#repetition?.find() ?? false;
    this.#position = 0;
    this.#share();
    this.#lowBand?.begin(this.#past, this.#error);
    this.#sketch(this.#packetFrames);
    this.#gather();
    this.blend.begin();
  }

  /** Goes on for a packet. */
  advance(): void {
    const frames = this.#packetFrames;
    this.#write(frames);
    this.#quieten();
    for (let m = 0; m < this.#models.length; m++)
      for (let c = 0; c < this.#channels; c++) this.#models[m]?.skip(c, frames);
    this.#lowBand?.advance();
    this.#position += frames;
    this.#sketched = 0;
  }

  /** As {@link advance} for at most a packet, but the hole does not grow. */
  peek(frames: number): void {
    this.#write(frames);
  }

  /** The first model's impulse response; see {@link LinearModel.writeResponse}. */
  writeResponse(out: Float64Array): void {
    this.#models[0]?.writeResponse(out);
  }

  clear(): void {
    this.#past.clear();
    this.#lowBand?.clear();
    this.#repetition?.clear();
    this.#sketched = 0;
  }

  /** A model counts by the inverse square of its error on the last packets. */
  #share(): void {
    let sum = 0;
    let weighted = 0;
    for (let m = 0; m < this.#shares.length; m++) {
      const model = this.#models[m];
      if (model === undefined) continue;
      // A number behind an optional chain is boxed: 16 bytes a block.
      const error = model.figures[MODEL_FIGURE.backtestError] ?? 0;
      this.#shares[m] = 1 / (error + FAULTLESS) ** 2;
      sum += this.#shares[m] ?? 0;
      weighted += error * (this.#shares[m] ?? 0);
    }
    this.#error[0] = weighted / sum;
    for (let m = 0; m < this.#shares.length; m++) this.#shares[m] = (this.#shares[m] ?? 0) / sum;
  }

  /** Mean and spread of the models over the next `frames`, the low band's opinion, and the repetition. */
  #sketch(frames: number): void {
    this.mean.fill(0);
    this.#spread.fill(0);
    for (let c = 0; c < this.#channels; c++) {
      this.#lowBand?.start(c);
      for (let m = 0; m < this.#models.length; m++) this.#addModel(m, c, frames);
      const from = c * this.#packetFrames;
      this.#repetition?.continueTo(this.#continued, c, this.#position, frames);
      const peak = this.#past.peaks[c] ?? 0;
      for (let i = 0; i < frames; i++) {
        const mean = this.mean[from + i] ?? 0;
        this.#spread[from + i] = Math.max(0, (this.#spread[from + i] ?? 0) - mean * mean);
        this.repeated[from + i] = clamp(this.#continued[i] ?? 0, peak);
      }
      if (this.#lowBand !== null) this.#addLowBand(this.#lowBand, c, frames);
    }
    this.#sketched = frames;
  }

  /** Holds what was written for a packet to the energy of the loudest one that was heard lately. */
  #quieten(): void {
    let energy = 0;
    for (let i = 0; i < this.samples.length; i++) energy += (this.samples[i] ?? 0) ** 2;
    const most = this.#past.packetEnergy[0] ?? 0;
    if (energy <= most) return;
    const level = Math.sqrt(most / energy);
    for (let i = 0; i < this.samples.length; i++) this.samples[i] = (this.samples[i] ?? 0) * level;
  }

  #addModel(model: number, channel: number, frames: number): void {
    const low = this.#lowBand;
    const ahead = low === null ? 0 : low.aheadFrames;
    const at = this.#models[model]?.peek(channel, frames + ahead) ?? 0;
    const { samples } = this.#past;
    const share = this.#shares[model] ?? 0;
    const from = channel * this.#packetFrames;
    for (let i = 0; i < frames; i++) {
      const sample = samples[at + i] ?? 0;
      this.mean[from + i] = (this.mean[from + i] ?? 0) + share * sample;
      this.#spread[from + i] = (this.#spread[from + i] ?? 0) + share * sample * sample;
    }
    if (low === null) return;
    const base = channel * low.lineFrames + ahead;
    for (let i = 0; i < frames + ahead; i++)
      low.base[base + i] = (low.base[base + i] ?? 0) + share * (samples[at + i] ?? 0);
  }

  /** Moves the mean towards what the low band's own model forecasts. */
  #addLowBand(low: LowBand, channel: number, frames: number): void {
    low.correct(channel, frames);
    const share = low.share[0] ?? 0;
    const from = channel * this.#packetFrames;
    for (let i = 0; i < frames; i++)
      this.mean[from + i] = (this.mean[from + i] ?? 0) + share * (low.correction[i] ?? 0);
  }

  #gather(): void {
    let forecast = 0;
    let disagreement = 0;
    let repetition = 0;
    let difference = 0;
    for (let i = 0; i < this.mean.length; i++) {
      const mean = this.mean[i] ?? 0;
      const repeated = this.repeated[i] ?? 0;
      forecast += mean * mean;
      disagreement += this.#spread[i] ?? 0;
      repetition += repeated * repeated;
      difference += (mean - repeated) * (mean - repeated);
    }
    const { evidence } = this.blend;
    evidence[EVIDENCE.forecastEnergy] = forecast;
    evidence[EVIDENCE.disagreementEnergy] = disagreement;
    evidence[EVIDENCE.repetitionEnergy] = repetition;
    evidence[EVIDENCE.differenceEnergy] = difference;
    evidence[EVIDENCE.repetitionAgreement] = 0;
    if (this.#repetition !== null && this.#isFound)
      evidence[EVIDENCE.repetitionAgreement] = this.#repetition.agreement[0] ?? 0;
    const model = this.#models[0];
    if (model === undefined) return;
    evidence[EVIDENCE.backtestError] = model.figures[MODEL_FIGURE.backtestError] ?? 0;
    evidence[EVIDENCE.backtestMisfit] = model.figures[MODEL_FIGURE.backtestMisfit] ?? 0;
  }

  /** Writes the next `frames` to {@link samples}, part by part. */
  #write(frames: number): void {
    if (this.#sketched < frames) this.#sketch(frames);
    const firstPart = Math.floor((this.#position * PARTS) / this.#packetFrames);
    for (let part = 0; part < PARTS; part++) {
      const from = Math.floor((part * this.#packetFrames) / PARTS);
      const to = Math.min(frames, Math.floor(((part + 1) * this.#packetFrames) / PARTS));
      if (from < to) this.#writePart(firstPart + part, from, to);
    }
  }

  /** Mixes a part; from the second one of a hole on the weights move over its first half, so that nothing clicks. */
  #writePart(part: number, from: number, to: number): void {
    const packet = this.#packetFrames;
    let energy = 0;
    let disagreement = 0;
    for (let at = 0; at < this.mean.length; at += packet) {
      for (let i = at + from; i < at + to; i++) {
        energy += (this.mean[i] ?? 0) ** 2;
        disagreement += this.#spread[i] ?? 0;
      }
    }
    this.blend.part[PART.forecastEnergy] = energy;
    this.blend.part[PART.disagreementEnergy] = disagreement;
    this.blend.weigh(part, this.#isFound);
    const forecast = this.blend.weights[0] ?? 0;
    const repetition = this.blend.weights[1] ?? 0;
    const ramp = part === 0 ? 0 : (to - from) >> 1;
    for (let i = from; i < to; i++) {
      const old = i - from < ramp ? 1 - (i - from + 0.5) / ramp : 0;
      const a = forecast + old * ((this.#last[0] ?? 0) - forecast);
      const b = repetition + old * ((this.#last[1] ?? 0) - repetition);
      for (let at = i; at < this.mean.length; at += packet)
        this.samples[at] = a * (this.mean[at] ?? 0) + b * (this.repeated[at] ?? 0);
    }
    this.#last[0] = forecast;
    this.#last[1] = repetition;
  }
}
