/** Packets per block: memory grows by blocks, never by copying. */
const BLOCK_PACKETS = 512;

/** The ear's side of one packet. */
export const EAR = { none: 0, own: 1, recovered: 2, concealed: 3 } as const;
export type Ear = (typeof EAR)[keyof typeof EAR];

interface Block {
  readonly samples: Int16Array;
  readonly came: Uint8Array;
  readonly ear: Uint8Array;
}

/** All packets of one stream by index: what came, even late, and what the ear got. Bounded by `packetsMax`. */
export class PacketStore {
  readonly packetFrames: number;
  readonly #packetsMax: number;
  readonly #blocks: Block[] = [];

  constructor(packetFrames: number, packetsMax: number) {
    this.packetFrames = packetFrames;
    this.#packetsMax = packetsMax;
  }

  /** False when the index lies beyond the store's limit. */
  put(index: number, samples: Int16Array): boolean {
    const block = this.#block(index);
    if (block === null) return false;
    block.samples.set(samples, (index % BLOCK_PACKETS) * this.packetFrames);
    block.came[index % BLOCK_PACKETS] = 1;
    return true;
  }

  hear(index: number, ear: Ear): void {
    const block = this.#block(index);
    if (block !== null) block.ear[index % BLOCK_PACKETS] = ear;
  }

  samples(index: number): Int16Array | null {
    const block = this.#blocks[Math.floor(index / BLOCK_PACKETS)];
    const at = index % BLOCK_PACKETS;
    if (block === undefined || block.came[at] !== 1) return null;
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

  #block(index: number): Block | null {
    if (index < 0 || index >= this.#packetsMax) return null;
    while (this.#blocks.length * BLOCK_PACKETS <= index) {
      this.#blocks.push({
        samples: new Int16Array(BLOCK_PACKETS * this.packetFrames),
        came: new Uint8Array(BLOCK_PACKETS),
        ear: new Uint8Array(BLOCK_PACKETS),
      });
    }
    return this.#blocks[Math.floor(index / BLOCK_PACKETS)] ?? null;
  }
}
