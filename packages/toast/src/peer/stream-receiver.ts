import { Ring } from '@jamnet/base';
import { FATE, type Fate, JitterBuffer, PUT } from '../jitter-buffer.ts';
import { JITTER_SLOTS, SAMPLE_RATE_HZ } from '../limits.ts';
import { PlayoutDelay } from '../playout-delay.ts';
import { ReplayWindow } from '../replay-window.ts';
import type { AudioBody } from '../wire/audio-body.ts';
import type { RoomMember } from '../wire/control-message.ts';

/** What one pull gives the ear. `hold`: the buffer grows by a packet; `idle`: nothing of the stream is due. */
export type Pull = 'own' | 'recovered' | 'missing' | 'hold' | 'idle';

/** Below this peak (−54 dB of full scale) a packet may be left out unheard when the buffer shrinks. */
const QUIET = 0.002;
/** Pulls after which a packet is left out even when none is quiet. */
const SKIP_PATIENCE = 4000;

export interface StreamCounters {
  packets: number;
  recovered: number;
  concealed: number;
  late: number;
  held: number;
  skipped: number;
  refused: number;
}

export interface ReceiverOptions {
  readonly packetFrames: number;
  readonly offsets: readonly number[];
  readonly fixedDelayMs?: number;
}

/** One remote player's stream: copies joined, ordered, and handed to the ear a fixed or following delay later. */
export class StreamReceiver {
  readonly counters: StreamCounters = {
    packets: 0,
    recovered: 0,
    concealed: 0,
    late: 0,
    held: 0,
    skipped: 0,
    refused: 0,
  };
  readonly replay = new ReplayWindow();
  /** Packet indexes that arrived since the shell last drained: for the take. */
  readonly fresh = new Ring<number>(JITTER_SLOTS);
  readonly #buffer: JitterBuffer;
  readonly #delay: PlayoutDelay;
  readonly #packetUs: number;
  member: RoomMember;
  isPresent = true;
  /** Index on the room's packet grid of the stream's packet 0; −1 until known. */
  #base: number;
  #next = -1;
  #appliedDelay: number;
  #patience = 0;
  #lastIndex = -1;
  #lastTransitUs = 0;

  constructor(member: RoomMember, options: ReceiverOptions) {
    this.member = member;
    this.#buffer = new JitterBuffer(options.packetFrames);
    const fixed = options.fixedDelayMs === undefined ? {} : { fixedMs: options.fixedDelayMs };
    this.#delay = new PlayoutDelay({
      packetFrames: options.packetFrames,
      offsets: options.offsets,
      ...fixed,
    });
    this.#appliedDelay = this.#delay.packets;
    this.#packetUs = (options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
    this.#base = member.founder ? 0 : -1;
  }

  /** Takes an authenticated audio body. `startAtUs` and `nowUs` are room time. */
  put(
    sequence: number,
    sampleTime: number,
    body: AudioBody,
    pcm: DataView,
    startAtUs: number,
    nowUs: number,
  ): void {
    if (body.frames !== this.#buffer.packetFrames) {
      this.counters.refused++;
      return;
    }
    if (this.#base < 0) this.#base = Math.max(0, Math.round(sampleTime / body.frames) - sequence);
    this.#lastTransitUs = nowUs - body.sentAtUs;
    for (let i = 0; i < body.offsets.length; i++) {
      const offset = body.offsets[i] ?? 0;
      this.#putBlock(
        sequence - offset,
        pcm,
        body.pcmAt[i] ?? 0,
        offset === 0 ? FATE.own : FATE.copy,
        startAtUs,
        nowUs,
      );
    }
  }

  #putBlock(index: number, pcm: DataView, at: number, fate: Fate, startAtUs: number, nowUs: number): void {
    if (index < 0 || (this.member.packets !== null && index >= this.member.packets)) return;
    if (this.#buffer.put(index, pcm, at, fate, nowUs) !== PUT.fresh) return;
    this.fresh.push(index);
    const wasLate = index < this.#next;
    if (wasLate) this.counters.late++;
    this.#delay.observe(nowUs - startAtUs - (this.#base + index) * this.#packetUs, wasLate);
  }

  /**
   * Moves the ear on by one period: `period` counts periods since the room's start.
   * Fills `out` for `own` and `recovered`; otherwise the caller conceals (`missing`, `hold`) or is silent (`idle`).
   */
  pull(period: number, out: Float32Array): Pull {
    this.#lastIndex = -1;
    if (this.#base < 0) return 'idle';
    if (this.#next < 0) {
      if (period - this.#base - this.#appliedDelay < 0) return 'idle';
      // The ear keeps one place per period; whoever was not listening from the start begins where the room is.
      this.#next = period - this.#base - this.#appliedDelay;
    }
    if (this.isOver) return 'idle';
    if (this.#delay.packets > this.#appliedDelay) return this.#hold();
    if (this.#delay.packets < this.#appliedDelay) this.#skipWhenQuiet(out);
    return this.#take(out);
  }

  #hold(): Pull {
    this.#appliedDelay++;
    this.counters.held++;
    return 'hold';
  }

  #skipWhenQuiet(out: Float32Array): void {
    this.#patience++;
    if (!this.#buffer.read(this.#next, out) || (this.#patience < SKIP_PATIENCE && peakOf(out) > QUIET))
      return;
    if (this.#buffer.fateOf(this.#next) === FATE.copy) this.counters.recovered++;
    this.counters.packets++;
    this.counters.skipped++;
    this.#patience = 0;
    this.#appliedDelay--;
    this.#next++;
  }

  #take(out: Float32Array): Pull {
    const index = this.#next++;
    this.#lastIndex = index;
    this.counters.packets++;
    const fate = this.#buffer.fateOf(index);
    if (!this.#buffer.read(index, out)) {
      this.counters.concealed++;
      return 'missing';
    }
    if (fate === FATE.own) return 'own';
    this.counters.recovered++;
    return 'recovered';
  }

  /** Packet index of the last pull, counted from the stream's first, or −1 when it gave none. */
  get lastIndex(): number {
    return this.#lastIndex;
  }

  /** Where the stream's packet 0 lies on the room's packet grid; −1 until known. */
  get baseIndex(): number {
    return this.#base;
  }

  /** The whole stream has passed the ear. */
  get isOver(): boolean {
    return this.member.packets !== null && this.#next >= this.member.packets;
  }

  get delayPackets(): number {
    return this.#appliedDelay;
  }

  /** From the sender's socket to ours, µs by the room's clock, last datagram. */
  get transitUs(): number {
    return this.#lastTransitUs;
  }

  arrivedUs(index: number): number {
    return this.#buffer.arrivedUs(index);
  }

  samplesOf(index: number): Int16Array | null {
    return this.#buffer.samplesOf(index);
  }
}

function peakOf(block: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < block.length; i++) peak = Math.max(peak, Math.abs(block[i] ?? 0));
  return peak;
}
