/** Packets of a block of memory: it grows without copying. */
const BLOCK_PACKETS = 512;

/** What this player sent from an input that cannot be read again; what is beyond `packetsMax` is sent but not kept. */
export class SentStream {
  readonly #packetFrames: number;
  readonly #packetsMax: number;
  readonly #blocks: Int16Array[] = [];
  #kept = 0;

  constructor(packetFrames: number, packetsMax: number) {
    this.#packetFrames = packetFrames;
    this.#packetsMax = packetsMax;
  }

  keep(samples: Int16Array): void {
    if (this.#kept >= this.#packetsMax) return;
    const place = this.#kept++ % BLOCK_PACKETS;
    if (place === 0) this.#blocks.push(new Int16Array(BLOCK_PACKETS * this.#packetFrames));
    this.#blocks.at(-1)?.set(samples, place * this.#packetFrames);
  }

  /** Packet by packet, in the memory of this object. */
  packets(): Int16Array[] {
    const frames = this.#packetFrames;
    return Array.from({ length: this.#kept }, (_, i) => {
      const at = (i % BLOCK_PACKETS) * frames;
      return this.#blocks[Math.floor(i / BLOCK_PACKETS)]?.subarray(at, at + frames) ?? new Int16Array(frames);
    });
  }
}
