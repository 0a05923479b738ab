import { present } from '@jamnet/base';
import { Concealer } from '@jamnet/pnbtr';
import { CONSENT, limits, type StreamReceiver } from '@jamnet/toast';
import { DelayHistogram } from './delay-histogram.ts';
import { EAR, PacketStore } from './packet-store.ts';

/** Longest stream that is recorded; what follows is heard but not kept. */
export const TAKE_SECONDS_MAX = 1800;

const HEARD_BLOCK_PACKETS = 512;

export interface StreamTally {
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
}

/** What one period brought; the object is the stream's own and changes with the next. */
export interface Played {
  readonly index: number;
  readonly isSounding: boolean;
}

/** One remote player as this listener hears it: buffer, concealment, recording. */
export class HeardStream {
  readonly receiver: StreamReceiver;
  readonly store: PacketStore;
  readonly delays = new DelayHistogram();
  readonly #concealer: Concealer;
  readonly #packet: Float32Array;
  readonly #out: Float32Array;
  /** Memory grows by blocks of {@link HEARD_BLOCK_PACKETS}: a period must not wait for more. */
  readonly #heard: Int16Array[] = [];
  #heardPackets = 0;
  readonly #played = { index: -1, isSounding: false };
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

  /** Plays one period into {@link out}. `index` is the packet's, or −1 when the period belongs to none. */
  play(period: number): Played {
    const pull = this.receiver.pull(period, this.#packet);
    this.#played.index = -1;
    this.#played.isSounding = pull !== 'idle';
    if (pull === 'idle') return this.#played;
    if (pull === 'own' || pull === 'recovered') this.#concealer.receive(this.#packet, this.#out);
    else this.#concealer.conceal(this.#out);
    this.#keepHeard();
    const index = this.receiver.lastIndex;
    if (pull === 'hold' || index < 0) return this.#played;
    this.#pulled = index + 1;
    this.store.hear(index, pull === 'own' ? EAR.own : pull === 'recovered' ? EAR.recovered : EAR.concealed);
    this.#played.index = index;
    return this.#played;
  }

  #keepHeard(): void {
    if (this.#heardPackets >= this.#packetsMax) return;
    const frames = this.#out.length;
    const place = this.#heardPackets++ % HEARD_BLOCK_PACKETS;
    if (place === 0) this.#heard.push(new Int16Array(HEARD_BLOCK_PACKETS * frames));
    const block = present(this.#heard.at(-1), 'block');
    for (let i = 0; i < frames; i++) {
      block[place * frames + i] = Math.max(-32768, Math.min(32767, Math.round((this.#out[i] ?? 0) * 32768)));
    }
  }

  /** What the ear got, from the stream's first period on, full scale ±1. */
  heardPcm(): Float32Array {
    const frames = this.#packet.length;
    const blockFrames = HEARD_BLOCK_PACKETS * frames;
    const pcm = new Float32Array(this.#heardPackets * frames);
    for (let i = 0; i < pcm.length; i++)
      pcm[i] = (this.#heard[Math.floor(i / blockFrames)]?.[i % blockFrames] ?? 0) / 32768;
    return pcm;
  }

  /** What sounds in the period last played. */
  get out(): Float32Array {
    return this.#out;
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
