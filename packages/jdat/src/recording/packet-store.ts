/** Packets per block: memory grows by blocks, never by copying. */
const BLOCK_PACKETS = 512;
/** A block settles once ear and newest packet are this many packets behind it: copies do not come later. */
const SETTLE_PACKETS = 512;
/**
 * Blocks that wait for packets when the ear has run ahead of them, as it does while a sender's card stands still: then it goes back, and
 * what comes is no copy. Beyond them a block settles without.
 */
const WAITING_BLOCKS_MAX = 16;
const NOTHING = new Int16Array(0);

/** The ear's side of one packet. */
export const EAR = { none: 0, own: 1, recovered: 2, concealed: 3 } as const;
export type Ear = (typeof EAR)[keyof typeof EAR];

/** Packets about which nothing changes any more, handed away for good. */
export interface SettledPackets {
  /** Index of the first one in its stream, and how many. */
  readonly first: number;
  readonly count: number;
  readonly samples: Int16Array;
  /** 1 where any copy came. */
  readonly came: Uint8Array;
  /** {@link EAR} of each. */
  readonly ear: Uint8Array;
  /** What sounded where the ear was concealed. */
  readonly fill: Int16Array;
}

interface Block {
  samples: Int16Array;
  fill: Int16Array;
  readonly came: Uint8Array;
  readonly ear: Uint8Array;
}

/**
 * All packets of one stream by index: what came, even late, and what the ear got. Bounded by `packetsMax`. With `onSettled`, sound
 * is handed away once nothing changes about it, and only two bytes a packet stay.
 */
export class PacketStore {
  readonly packetFrames: number;
  readonly #packetsMax: number;
  readonly #blocks: Block[] = [];
  readonly #onSettled: ((packets: SettledPackets) => void) | null;
  #settled = 0;
  /** Highest index that came, or −1. */
  #newest = -1;

  constructor(packetFrames: number, packetsMax: number, onSettled?: (packets: SettledPackets) => void) {
    this.packetFrames = packetFrames;
    this.#packetsMax = packetsMax;
    this.#onSettled = onSettled ?? null;
  }

  /** False when the index lies beyond the store's limit, or was settled. */
  put(index: number, samples: Int16Array): boolean {
    const block = this.#block(index);
    if (block === null) return false;
    block.samples.set(samples, (index % BLOCK_PACKETS) * this.packetFrames);
    block.came[index % BLOCK_PACKETS] = 1;
    this.#newest = Math.max(this.#newest, index);
    return true;
  }

  hear(index: number, ear: Ear): void {
    const block = this.#block(index);
    if (block === null) return;
    block.ear[index % BLOCK_PACKETS] = ear;
    const isFull = this.#blocks.length - this.#settled > WAITING_BLOCKS_MAX;
    if (this.#isBehind(index) && (this.#isBehind(this.#newest) || isFull)) this.#settle(BLOCK_PACKETS);
  }

  #isBehind(index: number): boolean {
    return index >= (this.#settled + 1) * BLOCK_PACKETS + SETTLE_PACKETS;
  }

  /** What sounded in the place of a packet that was concealed, full scale ±1. */
  fill(index: number, out: Float32Array): void {
    const block = this.#onSettled === null ? null : this.#block(index);
    if (block === null) return;
    const at = (index % BLOCK_PACKETS) * this.packetFrames;
    for (let i = 0; i < out.length; i++)
      block.fill[at + i] = Math.max(-32768, Math.min(32767, Math.round((out[i] ?? 0) * 32768)));
  }

  /** Hands away what is left of the stream's `packets` packets. */
  finish(packets: number): void {
    while (this.#onSettled !== null && this.#settled * BLOCK_PACKETS < packets)
      this.#settle(Math.min(BLOCK_PACKETS, packets - this.#settled * BLOCK_PACKETS));
  }

  /** Any copy came. */
  came(index: number): boolean {
    return this.#blocks[Math.floor(index / BLOCK_PACKETS)]?.came[index % BLOCK_PACKETS] === 1;
  }

  /** `null` when none came, or when it was handed away. */
  samples(index: number): Int16Array | null {
    const block = this.#blocks[Math.floor(index / BLOCK_PACKETS)];
    const at = index % BLOCK_PACKETS;
    if (block === undefined || block.came[at] !== 1 || block.samples.length === 0) return null;
    return block.samples.subarray(at * this.packetFrames, (at + 1) * this.packetFrames);
  }

  ear(index: number): Ear {
    const value = this.#blocks[Math.floor(index / BLOCK_PACKETS)]?.ear[index % BLOCK_PACKETS];
    return value === EAR.own
      ? EAR.own
      : value === EAR.recovered
        ? EAR.recovered
        : value === EAR.concealed
          ? EAR.concealed
          : EAR.none;
  }

  #settle(count: number): void {
    const first = this.#settled * BLOCK_PACKETS;
    this.#block(first);
    const block = this.#blocks[this.#settled++];
    if (block === undefined || this.#onSettled === null) return;
    const { samples, fill } = block;
    block.samples = NOTHING;
    block.fill = NOTHING;
    // The flags stay here, so their copies go out.
    const came = block.came.slice(0, count);
    this.#onSettled({ first, count, samples, came, ear: block.ear.slice(0, count), fill });
  }

  #block(index: number): Block | null {
    if (index < this.#settled * BLOCK_PACKETS || index < 0 || index >= this.#packetsMax) return null;
    const frames = BLOCK_PACKETS * this.packetFrames;
    while (this.#blocks.length * BLOCK_PACKETS <= index) {
      this.#blocks.push({
        samples: new Int16Array(frames),
        fill: this.#onSettled === null ? NOTHING : new Int16Array(frames),
        came: new Uint8Array(BLOCK_PACKETS),
        ear: new Uint8Array(BLOCK_PACKETS),
      });
    }
    return this.#blocks[Math.floor(index / BLOCK_PACKETS)] ?? null;
  }
}
