// realtime

import { EAR, type PacketStore } from '@jamnet/jdat';
import { Concealer, Resampler } from '@jamnet/pnbtr';
import { type HoleFiller, limits, StreamPlayer, type StreamReceiver } from '@jamnet/toast';
import type { Ear } from './ear.ts';

/** Input frames that PNBTR's resampler holds back. */
const RESAMPLER_FRAMES = 32;

/** Two cards with clocks of their own: the drift between them is taken out, the delay follows the network. */
export class FollowingEar implements Ear {
  readonly out: Float32Array;
  readonly #receiver: StreamReceiver;
  readonly #player: StreamPlayer;
  readonly #filler: NotingFiller;
  readonly #packetUs: number;
  /** Periods since the stream's last packet was taken: the resampler still holds some of it. */
  #periodsBehindEnd = 0;
  #nowUs = 0;

  constructor(
    receiver: StreamReceiver,
    store: PacketStore,
    packetFrames: number,
    reach: number,
    slowness?: number,
  ) {
    const rate = limits.SAMPLE_RATE_HZ;
    this.#receiver = receiver;
    this.#filler = new NotingFiller(receiver, store, packetFrames, slowness);
    this.#player = new StreamPlayer(receiver, {
      packetFrames,
      quantumFrames: packetFrames,
      reach,
      filler: this.#filler,
      bender: new Resampler({ fromHz: rate, toHz: rate, pushMax: 4 * packetFrames }),
      benderFrames: RESAMPLER_FRAMES,
    });
    this.out = new Float32Array(packetFrames);
    this.#packetUs = (packetFrames / rate) * 1e6;
  }

  play(_period: number, nowUs: number): boolean {
    this.#nowUs = nowUs;
    this.#player.play(nowUs, this.out);
    if (this.#player.heardSample < 0) return false;
    if (this.#receiver.isOver) this.#periodsBehindEnd++;
    return (this.#periodsBehindEnd - 2) * this.out.length < RESAMPLER_FRAMES;
  }

  get pulled(): number {
    return this.#filler.pulled;
  }

  delayUs(localUs: number): number {
    if (this.#player.heardSample < 0 || this.#receiver.isOver) return -1;
    // A packet leaves when its last sample is there; the quickest way of late stands for the line's own.
    const wayUs = Math.max(0, this.#receiver.meter.leastTransitUs);
    return this.#packetUs + wayUs + this.#player.lagUs + (localUs - this.#nowUs);
  }

  get bufferUs(): number {
    return this.#player.bufferUs;
  }
}

/** PNBTR's concealer, which on the way notes what the ear got of each packet. */
class NotingFiller implements HoleFiller {
  pulled = 0;
  readonly #receiver: StreamReceiver;
  readonly #store: PacketStore;
  readonly #concealer: Concealer;
  #noted = -1;
  #recovered = 0;

  constructor(receiver: StreamReceiver, store: PacketStore, packetFrames: number, slowness?: number) {
    this.#receiver = receiver;
    this.#store = store;
    this.#concealer = new Concealer({ sampleRateHz: limits.SAMPLE_RATE_HZ, packetFrames, slowness });
  }

  receive(packet: Float32Array, out: Float32Array): void {
    const { recovered } = this.#receiver.counters;
    if (recovered === this.#recovered) this.#note(EAR.own);
    else this.#note(EAR.recovered);
    this.#recovered = recovered;
    this.#concealer.receive(packet, out);
  }

  conceal(out: Float32Array): void {
    // Where the ear only waits, no packet was taken since.
    const isPacket = this.#receiver.lastIndex !== this.#noted;
    if (isPacket) this.#note(EAR.concealed);
    this.#concealer.conceal(out);
    if (isPacket && this.#noted >= 0) this.#store.fill(this.#noted, out);
  }

  #note(ear: 1 | 2 | 3): void {
    const index = this.#receiver.lastIndex;
    if (index < 0) return;
    this.#noted = index;
    this.pulled = index + 1;
    this.#store.hear(index, ear);
  }
}
