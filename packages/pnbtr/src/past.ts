// realtime
import { assert } from '@jamnet/base';
import { type Kernel, type KernelModel, lagsFor, lagsOf, windowOf } from './kernel/kernel.ts';
import { QUANTUM, RANGE } from './kernel/layout.ts';
import { PlainModels } from './kernel/plain-models.ts';
import { createWasmKernel } from './kernel/wasm-kernel.ts';
import type { ModelSize } from './model-size.ts';

export interface PastOptions {
  readonly packetFrames: number;
  /** Largest first; contexts are rounded up to whole packets. */
  readonly models: readonly ModelSize[];
  readonly channels: 1 | 2;
  /** `plain` never uses WebAssembly; default: WebAssembly where the host has it. */
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/**
 * What two linked channels are modelled by: 0.6 left + 0.4 right. A centred source is itself, one at either side is
 * heard, and none but the mixture right = −1.5 left is lost.
 */
export const LEFT_SHARE = 0.6;
export const RIGHT_SHARE = 0.4;
/** How long the loudest packet bounds what is forecast, 4 s at 48 kHz: as far back as repetitions are searched. */
const FORGET_FRAMES = 192_000;
/** Packets that a forecast may run on before its line is moved back. */
const LINE_PACKETS = 6;
/** Samples that are kept before the window, and that a line may run on, at least: what the low band looks at. */
const REACH_FRAMES_LEAST = 256;
/** Samples that a kernel may write behind what it was asked for, and some. */
const SLACK = 16;

/**
 * The past of one or two channels as it was played, laid out in the kernel's samples: one stretch that the models are
 * fitted to, one for each of two channels, then a line for each forecast of each model.
 */
export class Past {
  readonly packetFrames: number;
  readonly channels: 1 | 2;
  readonly isWasm: boolean;
  readonly kernel: Kernel;
  readonly samples: Float64Array;
  readonly models: readonly KernelModel[];
  /** Loudest sample of the longest window by channel, as of {@link measurePeaks}. */
  readonly peaks: Float64Array;
  /** Energy of the loudest packet so far, of all channels together, less what it has been forgotten since. */
  readonly packetEnergy = new Float64Array(1);
  /** Longest that a line may be, its history included. */
  readonly lineFrames: number;
  /** Place and length of room for an impulse response. */
  readonly responseStart: number;
  readonly responseFrames: number;
  /** Place behind the newest sample of the stretch that is modelled. */
  end: number;
  /** Samples heard since the beginning, up to the window: a young stream is modelled by what there is of it. */
  heard = 0;
  readonly #stretchFrames: number;
  readonly #base: number;
  readonly #window: number;
  readonly #linesStart: number;
  /** Loudest sample of each packet of the window, channel by channel. */
  readonly #packetPeaks: Float64Array;
  readonly #forgetting: number;
  readonly #packets: number;
  #packet = 0;

  constructor(options: PastOptions) {
    const { packetFrames, channels } = options;
    const wholePackets = ({ order, contextFrames }: ModelSize): KernelModel => {
      const least = Math.max(contextFrames, lagsFor(order) + packetFrames);
      return { order, windowFrames: Math.ceil(least / packetFrames) * packetFrames };
    };
    this.packetFrames = packetFrames;
    this.channels = channels;
    this.models = Array.from(options.models, wholePackets);
    assert(this.models.length > 0, 'at least one model');
    this.#window = windowOf(this.models);
    this.#base = Math.max(REACH_FRAMES_LEAST, lagsOf(this.models)) + SLACK;
    this.#stretchFrames = this.#base + 2 * this.#window + 2 * packetFrames;
    const stretches = channels === 1 ? 1 : 3;
    this.#linesStart = stretches * this.#stretchFrames;
    this.lineFrames = lagsOf(this.models) + Math.max(REACH_FRAMES_LEAST, LINE_PACKETS * packetFrames) + SLACK;
    this.responseStart = this.#linesStart + this.models.length * channels * this.lineFrames;
    this.responseFrames = this.lineFrames;
    const samplesFrames = this.responseStart + this.responseFrames;
    const kernelOptions = { packetFrames, models: this.models, samplesFrames };
    const wasm = options.kernel === 'plain' ? null : createWasmKernel(kernelOptions);
    this.isWasm = wasm !== null;
    this.kernel = wasm ?? new PlainModels(kernelOptions);
    this.samples = this.kernel.samples;
    this.#packets = this.#window / packetFrames;
    this.#packetPeaks = new Float64Array(channels * this.#packets);
    this.#forgetting = Math.exp(-packetFrames / FORGET_FRAMES);
    this.peaks = new Float64Array(channels);
    this.end = this.#base + this.#window;
  }

  /** Takes a packet of the signal, received or as played in a hole; of two channels the left one, then the right one. */
  append(packet: Float32Array): void {
    const frames = this.packetFrames;
    const x = this.samples;
    if (this.end + frames > this.#stretchFrames) this.#moveBack();
    const end = this.end;
    let energy = 0;
    for (let c = 0; c < this.channels; c++) {
      const to = this.channelEnd(c);
      let peak = 0;
      for (let i = 0; i < frames; i++) {
        const sample = packet[c * frames + i] ?? 0;
        x[to + i] = sample;
        // Written out: where a number may be a fraction or a constant it is boxed on the heap.
        if (!(sample <= RANGE && sample >= -RANGE)) this.#hold(to + i);
        const heard = x[to + i] ?? 0;
        energy += heard * heard;
        if (heard > peak) peak = heard;
        else if (-heard > peak) peak = -heard;
      }
      this.#packetPeaks[c * this.#packets + this.#packet] = peak;
    }
    this.packetEnergy[0] = Math.max(energy, (this.packetEnergy[0] ?? 0) * this.#forgetting);
    if (this.channels === 2) this.#combine(end);
    for (let n = end; n < end + frames; n++) x[n] = Math.round((x[n] ?? 0) / QUANTUM) * QUANTUM;
    this.kernel.slide(end);
    this.end = end + frames;
    this.heard = Math.min(this.heard + frames, this.#window);
    this.#packet = (this.#packet + 1) % this.#packets;
  }

  /** Place behind the newest sample of a channel. */
  channelEnd(channel: number): number {
    return this.channels === 1 ? this.end : this.end + (1 + channel) * this.#stretchFrames;
  }

  /** Where the line of a model's forecast of a channel begins. */
  lineStart(model: number, channel: number): number {
    return this.#linesStart + (model * this.channels + channel) * this.lineFrames;
  }

  measurePeaks(): void {
    for (let c = 0; c < this.channels; c++) {
      let peak = 0;
      for (let p = c * this.#packets; p < (c + 1) * this.#packets; p++)
        peak = Math.max(peak, this.#packetPeaks[p] ?? 0);
      this.peaks[c] = peak;
    }
  }

  clear(): void {
    this.kernel.clear();
    this.#packetPeaks.fill(0);
    this.packetEnergy[0] = 0;
    this.peaks.fill(0);
    this.heard = 0;
    this.end = this.#base + this.#window;
  }

  #combine(end: number): void {
    const x = this.samples;
    const left = this.channelEnd(0);
    const right = this.channelEnd(1);
    for (let i = 0; i < this.packetFrames; i++)
      x[end + i] = LEFT_SHARE * (x[left + i] ?? 0) + RIGHT_SHARE * (x[right + i] ?? 0);
  }

  /** Brings a sample into ±RANGE; NaN becomes 0. */
  #hold(at: number): void {
    const sample = this.samples[at] ?? 0;
    this.samples[at] = sample > RANGE ? RANGE : sample < -RANGE ? -RANGE : 0;
  }

  /** Window and what the correlations need before it go back to the beginning of each stretch. */
  #moveBack(): void {
    const kept = this.#window + this.#base;
    for (let at = 0; at < this.#linesStart; at += this.#stretchFrames)
      this.samples.copyWithin(at, at + this.end - kept, at + this.end);
    this.end = kept;
  }
}
