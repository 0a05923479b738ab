// realtime
import { Concealer, Resampler } from '@jamnet/pnbtr';
import { limits, type SpeedBender, StreamPlayer, type StreamReceiver } from '@jamnet/toast';
import { NotingFiller } from '../recording/noting-filler.ts';

/** Input frames that PNBTR's resampler holds back. */
const RESAMPLER_FRAMES = 32;

/** Passes frames on as they are: for who wants the very samples, and shares a clock with the other. */
class NoBend implements SpeedBender {
  readonly #line: Float32Array;
  #length = 0;

  constructor(frames: number) {
    this.#line = new Float32Array(frames);
  }

  setPpm(): void {}

  get available(): number {
    return this.#length;
  }

  push(samples: Float32Array): number {
    const fitting = Math.min(samples.length, this.#line.length - this.#length);
    for (let i = 0; i < fitting; i++) this.#line[this.#length + i] = samples[i] ?? 0;
    this.#length += fitting;
    return fitting;
  }

  pull(out: Float32Array): number {
    const made = Math.min(out.length, this.#length);
    for (let i = 0; i < made; i++) out[i] = this.#line[i] ?? 0;
    this.#line.copyWithin(0, made, this.#length);
    this.#length -= made;
    return made;
  }
}

/** One other player as this page hears it: TOAST's player with PNBTR's filler and resampler, a gain, a meter. */
export class HeardPlayer {
  readonly receiver: StreamReceiver;
  readonly player: StreamPlayer;
  readonly holdFrames: number;
  /** Tells a recording, where one runs, what the ear got. */
  readonly filler: NotingFiller;
  readonly #out: Float32Array;
  #gain = 1;
  #gainWanted = 1;
  #peak = 0;

  constructor(receiver: StreamReceiver, packetFrames: number, followDrift: boolean, reach: number) {
    this.receiver = receiver;
    this.holdFrames = followDrift ? RESAMPLER_FRAMES : 0;
    const rate = limits.SAMPLE_RATE_HZ;
    this.filler = new NotingFiller(receiver, new Concealer({ sampleRateHz: rate, packetFrames }));
    this.player = new StreamPlayer(receiver, {
      packetFrames,
      quantumFrames: packetFrames,
      reach,
      filler: this.filler,
      bender: followDrift
        ? new Resampler({ fromHz: rate, toHz: rate, pushMax: 4 * packetFrames })
        : new NoBend(16 * packetFrames),
      benderFrames: this.holdFrames,
    });
    this.#out = new Float32Array(packetFrames);
  }

  setGain(gain: number): void {
    this.#gainWanted = gain;
  }

  /** Adds one packet's length of this player to the mix; the gain glides over it. */
  addTo(mix: Float32Array, nowUs: number): void {
    this.player.play(nowUs, this.#out);
    const step = (this.#gainWanted - this.#gain) / mix.length;
    for (let i = 0; i < mix.length; i++) {
      const sample = (this.#out[i] ?? 0) * (this.#gain + step * i);
      if (sample > this.#peak) this.#peak = sample;
      else if (-sample > this.#peak) this.#peak = -sample;
      mix[i] = (mix[i] ?? 0) + sample;
    }
    this.#gain = this.#gainWanted;
  }

  takePeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }
}
