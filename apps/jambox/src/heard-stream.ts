import { Concealer } from '@jamnet/pnbtr';
import { CONSENT, limits, type StreamReceiver } from '@jamnet/toast';
import { DelayHistogram } from './delay-histogram.ts';
import { EAR, PacketStore } from './packet-store.ts';

/** Longest stream that is recorded; what follows is heard but not kept. */
export const TAKE_SECONDS_MAX = 1800;

export interface StreamTally {
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
}

/** One remote player as this listener hears it: buffer, concealment, recording. */
export class HeardStream {
  readonly receiver: StreamReceiver;
  readonly store: PacketStore;
  readonly delays = new DelayHistogram();
  readonly #concealer: Concealer;
  readonly #packet: Float32Array;
  readonly #out: Float32Array;
  readonly #heard: Int16Array[] = [];
  readonly #packetsMax: number;
  #pulled = 0;
  /** Local µs since which the player is missing from the room; −1 while present. */
  #absentSinceUs = -1;

  constructor(receiver: StreamReceiver, packetFrames: number) {
    this.receiver = receiver;
    this.#packetsMax = Math.ceil((TAKE_SECONDS_MAX * limits.SAMPLE_RATE_HZ) / packetFrames);
    this.store = new PacketStore(packetFrames, this.#packetsMax);
    this.#concealer = new Concealer({ sampleRateHz: limits.SAMPLE_RATE_HZ, packetFrames });
    this.#packet = new Float32Array(packetFrames);
    this.#out = new Float32Array(packetFrames);
  }

  get from(): string {
    return this.receiver.member.player;
  }

  get mayRecord(): boolean {
    return (this.receiver.member.consent & CONSENT.record) !== 0;
  }

  /** Keeps what just arrived. */
  drainFresh(): void {
    for (let index = this.receiver.fresh.shift(); index !== undefined; index = this.receiver.fresh.shift()) {
      const samples = this.receiver.samplesOf(index);
      if (samples !== null) this.store.put(index, samples);
    }
  }

  /** Plays one period. Answers the packet's index, or −1 when the period belongs to none. */
  play(period: number): number {
    const pull = this.receiver.pull(period, this.#packet);
    if (pull === 'idle') return -1;
    if (pull === 'own' || pull === 'recovered') this.#concealer.receive(this.#packet, this.#out);
    else this.#concealer.conceal(this.#out);
    this.#keepHeard();
    const index = this.receiver.lastIndex;
    if (pull === 'hold' || index < 0) return -1;
    this.#pulled = index + 1;
    this.store.hear(index, pull === 'own' ? EAR.own : pull === 'recovered' ? EAR.recovered : EAR.concealed);
    return index;
  }

  #keepHeard(): void {
    if (this.#heard.length >= this.#packetsMax) return;
    const block = new Int16Array(this.#out.length);
    for (let i = 0; i < block.length; i++) {
      block[i] = Math.max(-32768, Math.min(32767, Math.round((this.#out[i] ?? 0) * 32768)));
    }
    this.#heard.push(block);
  }

  /** What the ear got, from the stream's first period on, full scale ±1. */
  heardPcm(): Float32Array {
    const frames = this.#packet.length;
    const pcm = new Float32Array(this.#heard.length * frames);
    this.#heard.forEach((block, i) => {
      for (let k = 0; k < frames; k++) pcm[i * frames + k] = (block[k] ?? 0) / 32768;
    });
    return pcm;
  }

  /** Notes presence; true once the stream has ended or its player has been gone for `goneAfterUs`. */
  isDone(nowUs: number, goneAfterUs: number): boolean {
    if (this.receiver.isOver) return true;
    if (this.receiver.isPresent) this.#absentSinceUs = -1;
    else if (this.#absentSinceUs < 0) this.#absentSinceUs = nowUs;
    return this.#absentSinceUs >= 0 && nowUs - this.#absentSinceUs > goneAfterUs;
  }

  /** Packets of the stream as far as this listener heard it: an end that nobody announced is the last that came. */
  get packets(): number {
    const announced = this.receiver.member.packets;
    let packets = announced === null ? this.#pulled : Math.min(announced, this.#pulled);
    if (announced === null) while (packets > 0 && this.store.samples(packets - 1) === null) packets--;
    return Math.min(packets, this.#packetsMax);
  }

  tally(): StreamTally {
    const tally = { packets: this.packets, lost: 0, recovered: 0, concealed: 0, late: 0 };
    for (let index = 0; index < tally.packets; index++) {
      const ear = this.store.ear(index);
      const came = this.store.samples(index) !== null;
      if (ear === EAR.recovered) tally.recovered++;
      else if (ear === EAR.concealed || !came) tally.concealed++;
      if (ear === EAR.concealed && came) tally.late++;
    }
    return { ...tally, lost: tally.recovered + tally.concealed };
  }
}
