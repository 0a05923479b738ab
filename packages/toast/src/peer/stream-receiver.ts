import { Ring } from '@jamnet/base';
import { RepairDecoder } from '../jellie/repair-decoder.ts';
import { JITTER_SLOTS, SAMPLE_RATE_HZ } from '../limits.ts';
import type { DelayFollower } from '../playout/delay-follower.ts';
import { FATE, JitterBuffer, PUT, type Put } from '../playout/jitter-buffer.ts';
import { PlayoutDelay } from '../playout/playout-delay.ts';
import { LinkMeter } from '../quality/link-meter.ts';
import { ReplayWindow } from '../replay-window.ts';
import type { AudioBodyReader } from '../wire/audio-body.ts';
import { CODING } from '../wire/audio-layout.ts';
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
  /** Packets until the last help for a lost one comes: the delay begins there. */
  readonly reach: number;
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
  readonly meter = new LinkMeter();
  /** Packet indexes that arrived since the shell last drained: for the take. */
  readonly fresh = new Ring<number>(JITTER_SLOTS);
  readonly #buffer: JitterBuffer;
  readonly #delay: PlayoutDelay;
  readonly #packetUs: number;
  member: RoomMember;
  isPresent = true;
  /** Index on the room's packet grid of the stream's packet 0; −1 until known. */
  #base: number;
  #isPlaced = false;
  #next = -1;
  #appliedDelay: number;
  #patience = 0;
  #lastIndex = -1;
  #lastTransitUs = 0;
  #startAtUs = 0;
  #localUs = 0;
  #follower: DelayFollower | null = null;
  /** Made with the first repair symbol: a stream without them needs none. */
  #repair: RepairDecoder | null = null;

  constructor(member: RoomMember, options: ReceiverOptions) {
    this.member = member;
    this.#buffer = new JitterBuffer(options.packetFrames);
    const fixed = options.fixedDelayMs === undefined ? {} : { fixedMs: options.fixedDelayMs };
    this.#delay = new PlayoutDelay({
      packetFrames: options.packetFrames,
      reach: options.reach,
      ...fixed,
    });
    this.#appliedDelay = this.#delay.packets;
    this.#packetUs = (options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
    this.#base = member.founder ? 0 : -1;
  }

  /** Takes an authenticated audio body as `body` found it in `plain`. `startAtUs` and `nowUs` are room time, `localUs` our own. */
  put(
    sequence: number,
    sampleTime: number,
    body: AudioBodyReader,
    plain: Uint8Array,
    startAtUs: number,
    nowUs: number,
    localUs = nowUs,
  ): void {
    if (body.frames !== this.#buffer.packetFrames) {
      this.counters.refused++;
      return;
    }
    if (!this.#isPlaced) this.#place(Math.max(0, Math.round(sampleTime / body.frames) - sequence));
    this.#lastTransitUs = nowUs - body.sentAtUs;
    this.meter.observe(sequence, this.#lastTransitUs);
    this.#startAtUs = startAtUs;
    this.#localUs = localUs;
    if (body.blocks > 0 && body.offsets[0] === 0) this.#follower?.observeOwn(sequence, localUs);
    for (let i = 0; i < body.blocks; i++)
      this.#putBlock(sequence - (body.offsets[i] ?? 0), body, i, plain, nowUs);
    if (body.symbols > 0) this.#putSymbols(sequence, body, plain, nowUs);
    else if (this.#repair !== null) this.#takeSolved(body.sampleBytes, nowUs);
  }

  /** The stream says itself where it begins; until its first datagram a founder's is thought to begin with the room. */
  #place(base: number): void {
    this.#isPlaced = true;
    if (this.#base !== base) this.#next = -1;
    this.#base = base;
  }

  #putBlock(index: number, body: AudioBodyReader, i: number, plain: Uint8Array, nowUs: number): void {
    if (!this.#exists(index)) return;
    const fate = body.offsets[i] === 0 ? FATE.own : FATE.copy;
    const at = body.at[i] ?? 0;
    const width = body.sampleBytes;
    const put =
      body.codings[i] === CODING.packed
        ? this.#buffer.putPacked(index, plain, at, body.bytes[i] ?? 0, width, fate, nowUs)
        : this.#buffer.put(index, plain, at, width, fate, nowUs);
    this.#noteArrival(index, put, nowUs);
  }

  #putSymbols(sequence: number, body: AudioBodyReader, plain: Uint8Array, nowUs: number): void {
    const blockBytes = body.frames * body.sampleBytes;
    if (this.#repair === null || this.#repair.blockBytes !== blockBytes)
      this.#repair = new RepairDecoder(blockBytes);
    for (let symbol = 0; symbol < body.symbols; symbol++) {
      const at = body.symbolsAt + symbol * blockBytes;
      this.#repair.add(sequence, symbol, body.coveredOffsets, body.covered, plain, at, this.#buffer);
    }
    this.#takeSolved(body.sampleBytes, nowUs);
  }

  #takeSolved(width: number, nowUs: number): void {
    const repair = this.#repair;
    if (repair === null) return;
    for (let index = repair.takeSolved(); index >= 0; index = repair.takeSolved()) {
      if (!this.#exists(index)) continue;
      const put = this.#buffer.put(index, repair.bytes, repair.solvedAt, width, FATE.copy, nowUs);
      this.#noteArrival(index, put, nowUs);
    }
  }

  #exists(index: number): boolean {
    return index >= 0 && (this.member.packets === null || index < this.member.packets);
  }

  #noteArrival(index: number, put: Put, nowUs: number): void {
    if (put === PUT.malformed) this.counters.refused++;
    if (put !== PUT.fresh) return;
    this.#repair?.learn(index, this.#buffer);
    this.fresh.push(index);
    const wasLate = index < this.#next;
    if (wasLate) this.counters.late++;
    this.#follower?.observePlayable(index, this.#localUs, wasLate);
    this.#delay.observe(nowUs - this.#startAtUs - (this.#base + index) * this.#packetUs, wasLate);
  }

  /**
   * Moves the ear on by one period: `period` counts periods since the room's start.
   * Fills `out` for `own` and `recovered`; otherwise the caller conceals (`missing`, `hold`) or is silent (`idle`).
   */
  pull(period: number, out: Float32Array): Pull {
    this.#lastIndex = -1;
    if (this.#base < 0) return 'idle';
    // The ear keeps one place per period; whoever was not listening for a while goes on where the room is.
    const due = period - this.#base - this.#appliedDelay;
    if (this.#next < 0 && due < 0) return 'idle';
    if (this.#next < due) this.#next = due;
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

  /** Lets a player decide when each packet sounds: it reads by {@link next} instead of {@link pull}. */
  follow(follower: DelayFollower): void {
    this.#follower = follower;
  }

  /** Highest packet index that came, or −1. */
  get newest(): number {
    return this.#buffer.newest;
  }

  seek(index: number): void {
    this.#next = index;
  }

  /** The next packet in order. */
  next(out: Float32Array): Pull {
    if (this.isOver) return 'idle';
    return this.#take(out);
  }

  /** Leaves the next packet out. */
  skip(): void {
    this.#next++;
    this.counters.packets++;
    this.counters.skipped++;
  }

  /** The next packet is there, and its peak is below `peak`. */
  isNextQuieter(peak: number): boolean {
    return this.#buffer.has(this.#next) && this.#buffer.peakOf(this.#next) < peak;
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

  /** How long after the quickest packet's arrival one may still come, µs. */
  get bufferUs(): number {
    if (this.#follower !== null) return this.#follower.bufferUs;
    const least = Math.max(0, this.meter.leastTransitUs);
    return Number.isFinite(least) ? Math.max(0, (this.#appliedDelay - 1) * this.#packetUs - least) : 0;
  }

  /** Sender's card against ours, parts per million, as a player found it; 0 without one. */
  get driftPpm(): number {
    return this.#follower?.driftPpm ?? 0;
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

  /** The packet for recording, 24 bits cut to 16, into `out` of a packet's length; false when it is not there. */
  copy16(index: number, out: Int16Array): boolean {
    return this.#buffer.copy16(index, out);
  }

  /** As {@link copy16}, into an array of its own, or `null`. */
  samplesOf(index: number): Int16Array | null {
    const out = new Int16Array(this.#buffer.packetFrames);
    return this.copy16(index, out) ? out : null;
  }

  /** The packet as it was sent and how wide its samples are, or `null`. */
  integersOf(index: number): { readonly samples: Int32Array; readonly bits: 16 | 24 } | null {
    const samples = this.#buffer.integersOf(index);
    return samples === null ? null : { samples, bits: this.#buffer.bitsOf(index) };
  }
}

function peakOf(block: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < block.length; i++) peak = Math.max(peak, Math.abs(block[i] ?? 0));
  return peak;
}
