import { present } from '@jamnet/base';
import { CONSENT, limits, type RemotePlayer, type StreamReceiver } from '@jamnet/toast';
import { DelayHistogram } from './delay-histogram.ts';
import type { Ear } from './ear/ear.ts';
import { FollowingEar } from './ear/following-ear.ts';
import { PacketEar } from './ear/packet-ear.ts';
import { EAR, PacketStore } from './packet-store.ts';
import type { Playout } from './play-options.ts';

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

export interface HeardOptions {
  readonly packetFrames: number;
  readonly playout: Playout;
  /** Packets until the last copy of a lost one comes. */
  readonly reach: number;
}

/** One remote player as this listener hears it: buffer, concealment, recording. */
export class HeardStream {
  readonly remote: RemotePlayer;
  readonly store: PacketStore;
  readonly delays = new DelayHistogram();
  readonly ear: Ear;
  readonly #packetFrames: number;
  readonly #fresh: Int16Array;
  /** Memory grows by blocks of {@link HEARD_BLOCK_PACKETS}: a period must not wait for more. */
  readonly #heard: Int16Array[] = [];
  #heardPackets = 0;
  readonly #packetsMax: number;
  /** Local µs since which the player is missing from the room; −1 while present. */
  #absentSinceUs = -1;

  constructor(remote: RemotePlayer, options: HeardOptions) {
    const { packetFrames, playout, reach } = options;
    const { receiver } = remote;
    this.remote = remote;
    this.#packetFrames = packetFrames;
    this.#fresh = new Int16Array(packetFrames);
    this.#packetsMax = Math.ceil((TAKE_SECONDS_MAX * limits.SAMPLE_RATE_HZ) / packetFrames);
    this.store = new PacketStore(packetFrames, this.#packetsMax);
    this.ear =
      playout === 'adaptive'
        ? new FollowingEar(receiver, this.store, packetFrames, reach)
        : new PacketEar(receiver, this.store, packetFrames);
  }

  get receiver(): StreamReceiver {
    return this.remote.receiver;
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
      if (this.receiver.copy16(index, this.#fresh)) this.store.put(index, this.#fresh);
    }
  }

  /** Plays one period into {@link out}; false when nothing of the stream sounds. */
  play(period: number, nowUs: number): boolean {
    const isSounding = this.ear.play(period, nowUs);
    if (isSounding) this.#keepHeard(this.ear.out);
    return isSounding;
  }

  /** Notes how old what sounds is; see {@link Ear.delayUs}. */
  noteDelay(localUs: number, roomUs: number): void {
    const delayUs = this.ear.delayUs(localUs, roomUs);
    if (delayUs >= 0) this.delays.add(delayUs);
  }

  #keepHeard(out: Float32Array): void {
    if (this.#heardPackets >= this.#packetsMax) return;
    const frames = out.length;
    const place = this.#heardPackets++ % HEARD_BLOCK_PACKETS;
    if (place === 0) this.#heard.push(new Int16Array(HEARD_BLOCK_PACKETS * frames));
    const block = present(this.#heard.at(-1), 'block');
    for (let i = 0; i < frames; i++) {
      block[place * frames + i] = Math.max(-32768, Math.min(32767, Math.round((out[i] ?? 0) * 32768)));
    }
  }

  /** What the ear got, from the stream's first period on, full scale ±1. */
  heardPcm(): Float32Array {
    const frames = this.#packetFrames;
    const blockFrames = HEARD_BLOCK_PACKETS * frames;
    const pcm = new Float32Array(this.#heardPackets * frames);
    for (let i = 0; i < pcm.length; i++)
      pcm[i] = (this.#heard[Math.floor(i / blockFrames)]?.[i % blockFrames] ?? 0) / 32768;
    return pcm;
  }

  /** What sounds in the period last played. */
  get out(): Float32Array {
    return this.ear.out;
  }

  /** Notes presence; true once the stream has ended or its player has been gone for `goneAfterUs`. */
  isDone(nowUs: number, goneAfterUs: number): boolean {
    if (this.receiver.isOver || this.receiver.member.packets === 0) return true;
    if (this.receiver.isPresent) this.#absentSinceUs = -1;
    else if (this.#absentSinceUs < 0) this.#absentSinceUs = nowUs;
    return this.#absentSinceUs >= 0 && nowUs - this.#absentSinceUs > goneAfterUs;
  }

  /** Packets of the stream as far as this listener heard it: an end that nobody announced is the last that came. */
  get packets(): number {
    const announced = this.receiver.member.packets;
    const { pulled } = this.ear;
    let packets = announced === null ? pulled : Math.min(announced, pulled);
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
