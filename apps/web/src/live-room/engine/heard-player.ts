// realtime
import { CUT_OFF_US, type SoundHeard } from '@jamnet/jambox/music';
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
  /** What sounds in the block last played, before its gain. */
  readonly out: Float32Array;
  readonly #packetFrames: number;
  /** When sound that had come was heard last, and how much of it had come by then. */
  #soundedUs = 0;
  #came = 0;
  #playedUs = 0;
  readonly #sound = { delayUs: 0, isCutOff: false };
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
    this.out = new Float32Array(packetFrames);
    this.#packetFrames = packetFrames;
  }

  setGain(gain: number): void {
    this.#gainWanted = gain;
  }

  /** Adds one packet's length of this player to the mix; the gain glides over it. */
  addTo(mix: Float32Array, nowUs: number): void {
    this.player.play(nowUs, this.out);
    this.#playedUs = nowUs;
    const { packets, concealed } = this.receiver.counters;
    if (packets - concealed > this.#came || this.receiver.isOver) this.#soundedUs = nowUs;
    this.#came = packets - concealed;
    const step = (this.#gainWanted - this.#gain) / mix.length;
    for (let i = 0; i < mix.length; i++) {
      const sample = (this.out[i] ?? 0) * (this.#gain + step * i);
      if (sample > this.#peak) this.#peak = sample;
      else if (-sample > this.#peak) this.#peak = -sample;
      mix[i] = (mix[i] ?? 0) + sample;
    }
    this.#gain = this.#gainWanted;
  }

  /** Place of {@link out} on the room's timeline, in samples; −1 while nothing has sounded. */
  get roomSample(): number {
    const { baseIndex } = this.receiver;
    const { heardSample } = this.player;
    if (baseIndex < 0 || heardSample < 0) return -1;
    return baseIndex * this.#packetFrames + Math.max(0, heardSample - this.out.length);
  }

  /** How the sound is heard; `null` of who has sent none. `startUs`: the room's sample 0 on the clock of `nowUs`. */
  soundHeard(nowUs: number, startUs: number): SoundHeard | null {
    const sample = this.roomSample;
    if (sample < 0) return null;
    this.#sound.delayUs = Math.max(0, this.#playedUs - startUs - (sample / limits.SAMPLE_RATE_HZ) * 1e6);
    const silentUs = nowUs - this.#soundedUs;
    this.#sound.isCutOff =
      this.receiver.isPresent && silentUs >= CUT_OFF_US.least && silentUs < CUT_OFF_US.most;
    return this.#sound;
  }

  takePeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }
}
