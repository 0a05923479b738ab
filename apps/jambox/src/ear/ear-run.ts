import { PacketStore } from '@jamnet/jdat';
import { AudioBodyReader, AudioWriter, codedPlan, copiesPlan, limits, StreamReceiver } from '@jamnet/toast';
import type { EarCost } from './ear-cost.ts';
import { FollowingEar } from './following-ear.ts';
import { quantile } from './quantile.ts';

const MEMBER = {
  seat: 0,
  player: 'ada',
  joinId: 'a'.repeat(32),
  epoch: 1,
  founder: true,
  packets: null,
  consent: 0,
  keys: '',
};
/** Of seven datagrams two are lost, in a row: copies at 1 and 3 and repair get some of them back, the rest is concealed. */
const LOSS_EVERY = 7;
const LOST = 2;
/** A stretch of the latter, so that something is left to conceal. */
const GAP_EVERY = 400;
const GAP = 9;
/** A thread before all others that never rests is stopped for 50 ms of every second (sched(7)). */
const REST_EVERY = 500;
const REST_MS = 10;
/** How long after its sender's period a packet is played. */
const LATER_US = 300;
const COPIES = copiesPlan([1, 3]);
const CODED = codedPlan(1, 4);

/** The part of a report that the ear itself tells. */
type EarFigures = Pick<
  EarCost,
  | 'concealed'
  | 'recovered'
  | 'usP50'
  | 'usP99'
  | 'usP999'
  | 'usWorst'
  | 'processorUsP999'
  | 'processorUsWorst'
  | 'concealingUsP50'
  | 'concealingUsP99'
  | 'checksum'
>;

/** One ear that hears one stream over a bad line, one packet after the other, and how long each took. */
export class EarRun {
  readonly packetUs: number;
  /** The longest packet time without concealment, and when it began (`performance.now()`). */
  worstUs = 0;
  worstBeganMs = 0;
  readonly #frames: number;
  readonly #clock: (() => number) | null;
  readonly #writer: AudioWriter;
  readonly #body = new AudioBodyReader();
  readonly #receiver: StreamReceiver;
  readonly #ear: FollowingEar;
  readonly #pcm: Int16Array;
  readonly #datagram = new Uint8Array(limits.DATAGRAM_BYTES_MAX);
  /** The shell has its datagram's bytes anyway: a view for each length, made beforehand. */
  readonly #views: readonly Uint8Array[];
  readonly #plainUs: Float64Array;
  readonly #processorUs: Float64Array;
  readonly #concealingUs: Float64Array;
  #plain = 0;
  #concealing = 0;
  #next = 0;
  #checksum = 0;

  /** Keeps what up to `packetsMax` packets took; `clock` tells the thread's processor time in µs. */
  constructor(packetFrames: number, packetsMax: number, clock: (() => number) | null) {
    this.packetUs = (packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
    this.#frames = packetFrames;
    this.#clock = clock;
    this.#writer = new AudioWriter({ frames: packetFrames, sampleBytes: 2, mayPack: true });
    this.#receiver = new StreamReceiver(MEMBER, { packetFrames, reach: 4 });
    this.#ear = new FollowingEar(this.#receiver, new PacketStore(packetFrames, 0), packetFrames, 4);
    this.#pcm = new Int16Array(packetFrames);
    this.#views = Array.from({ length: this.#datagram.length + 1 }, (_, bytes) =>
      this.#datagram.subarray(0, bytes),
    );
    this.#plainUs = new Float64Array(packetsMax);
    this.#processorUs = new Float64Array(packetsMax);
    this.#concealingUs = new Float64Array(packetsMax);
  }

  run(count: number, rest: Int32Array): void {
    for (const end = this.#next + count; this.#next < end; this.#next++) {
      if (this.#next % REST_EVERY === 0) Atomics.wait(rest, 0, 0, REST_MS);
      this.#hear(this.#next);
    }
  }

  /** What was heard so far was to warm up. */
  clear(): void {
    this.#plain = 0;
    this.#concealing = 0;
    this.worstUs = 0;
  }

  figures(): EarFigures {
    const plain = this.#plainUs.slice(0, this.#plain).sort();
    const processor = this.#processorUs.slice(0, this.#plain).sort();
    const concealing = this.#concealingUs.slice(0, this.#concealing).sort();
    const { concealed, recovered } = this.#receiver.counters;
    return {
      concealed,
      recovered,
      usP50: quantile(plain, 0.5),
      usP99: quantile(plain, 0.99),
      usP999: quantile(plain, 0.999),
      usWorst: quantile(plain, 1),
      processorUsP999: this.#clock === null ? null : quantile(processor, 0.999),
      processorUsWorst: this.#clock === null ? null : quantile(processor, 1),
      concealingUsP50: quantile(concealing, 0.5),
      concealingUsP99: quantile(concealing, 0.99),
      checksum: this.#checksum,
    };
  }

  #hear(index: number): void {
    const bytes = this.#send(index);
    const nowUs = (index + 1) * this.packetUs;
    const isLost = index % LOSS_EVERY < LOST || index % GAP_EVERY < GAP;
    const { counters } = this.#receiver;
    const concealedBefore = counters.concealed;
    const beganMs = performance.now();
    // Inside the wall clock's stretch: what the engine does between the two belongs to neither of them.
    const beganUs = this.#clock === null ? 0 : this.#clock();
    if (!isLost && this.#body.read(this.#views[bytes] ?? this.#datagram) === 0)
      this.#receiver.put(index, index * this.#frames, this.#body, this.#datagram, 0, nowUs);
    while (this.#receiver.fresh.shift() !== undefined);
    this.#ear.play(index, nowUs + LATER_US);
    const processorUs = this.#clock === null ? 0 : this.#clock() - beganUs;
    const tookUs = (performance.now() - beganMs) * 1000;
    this.#checksum += this.#ear.out[0] ?? 0;
    if (counters.concealed > concealedBefore) {
      this.#concealingUs[this.#concealing++] = tookUs;
      return;
    }
    if (tookUs > this.worstUs) {
      this.worstUs = tookUs;
      this.worstBeganMs = beganMs;
    }
    this.#processorUs[this.#plain] = processorUs;
    this.#plainUs[this.#plain++] = tookUs;
  }

  /** What leaves the sender's machine, in the datagram: how many bytes of it. */
  #send(index: number): number {
    const pcm = this.#pcm;
    for (let i = 0; i < pcm.length; i++) pcm[i] = ((index * pcm.length + i) * 211) % 20_000;
    this.#writer.keep(index, pcm);
    return this.#writer.write(this.#datagram, index, index + 1, (index >> 10) % 2 === 0 ? COPIES : CODED, 0);
  }
}
