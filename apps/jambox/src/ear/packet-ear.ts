// realtime

import { EAR, type PacketStore } from '@jamnet/jdat';
import { Concealer } from '@jamnet/pnbtr';
import { limits, type StreamReceiver } from '@jamnet/toast';
import type { Ear } from './ear.ts';

/** Whole packets, one a period, as they were sent: exact to the sample where both cards follow one clock. */
export class PacketEar implements Ear {
  readonly out: Float32Array;
  pulled = 0;
  readonly #receiver: StreamReceiver;
  readonly #store: PacketStore;
  readonly #concealer: Concealer;
  readonly #packet: Float32Array;
  readonly #periodUs: number;
  #index = -1;

  constructor(receiver: StreamReceiver, store: PacketStore, packetFrames: number, slowness?: number) {
    this.#receiver = receiver;
    this.#store = store;
    this.#concealer = new Concealer({ sampleRateHz: limits.SAMPLE_RATE_HZ, packetFrames, slowness });
    this.#packet = new Float32Array(packetFrames);
    this.out = new Float32Array(packetFrames);
    this.#periodUs = (packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
  }

  play(period: number): boolean {
    const pull = this.#receiver.pull(period, this.#packet);
    this.#index = -1;
    if (pull === 'idle') return false;
    if (pull === 'own' || pull === 'recovered') this.#concealer.receive(this.#packet, this.out);
    else this.#concealer.conceal(this.out);
    const index = this.#receiver.lastIndex;
    if (pull === 'hold' || index < 0) return true;
    this.pulled = index + 1;
    this.#store.hear(index, pull === 'own' ? EAR.own : pull === 'recovered' ? EAR.recovered : EAR.concealed);
    if (pull === 'missing') this.#store.fill(index, this.out);
    this.#index = index;
    return true;
  }

  delayUs(_localUs: number, roomUs: number): number {
    if (this.#index < 0) return -1;
    return roomUs - (this.#receiver.baseIndex + this.#index) * this.#periodUs;
  }

  get bufferUs(): number {
    return this.#receiver.delayPackets * this.#periodUs;
  }
}
