/** A whole message of bytes; its length follows in 8 bytes, then the mask (RFC 6455 §5.2). */
const [FIRST_BYTE, SECOND_BYTE] = [0x82, 0xff];
const LENGTH_AT = 2;
const MASK_AT = 10;
const MASK_BYTES = 4;
const PAYLOAD_AT = MASK_AT + MASK_BYTES;

/**
 * Bytes of the message that begins with the block, where that is one binary frame of 64 KiB or more whose head is whole;
 * -1 for anything else, which is the WebSocket's.
 */
export function longFrameIn(block: Uint8Array): number {
  if (block.length < PAYLOAD_AT || block[0] !== FIRST_BYTE || block[1] !== SECOND_BYTE) return -1;
  const head = new DataView(block.buffer, block.byteOffset, PAYLOAD_AT);
  // 4 GiB and more, and lengths that would have fitted into 2 bytes.
  if (head.getUint32(LENGTH_AT) !== 0 || head.getUint32(LENGTH_AT + 4) <= 0xffff) return -1;
  return head.getUint32(LENGTH_AT + 4);
}

/**
 * A long message, put together where it will stay: each block is unmasked into its place as it comes, and can be given back at
 * once. The WebSocket would keep all blocks until the last has come, and then hold everything twice.
 */
export class LongFrame {
  readonly message: Uint8Array;
  /** The same memory, and the mask as one of these. */
  readonly #words: Uint32Array;
  readonly #maskWord: number;
  readonly #mask: Uint8Array;
  #bytes = 0;
  /** So many words are unmasked. */
  #unmasked = 0;

  /** `block`: the first, of which {@link longFrameIn} told the length. */
  constructor(block: Uint8Array, length: number) {
    this.message = Buffer.allocUnsafeSlow(length); // Alone in its memory: it can be moved to a thread.
    this.#words = new Uint32Array(this.message.buffer, 0, Math.floor(length / MASK_BYTES));
    this.#mask = new Uint8Array(block.subarray(MASK_AT, PAYLOAD_AT)); // A copy: the block is given back.
    this.#maskWord = new Uint32Array(this.#mask.buffer)[0] ?? 0;
  }

  get isWhole(): boolean {
    return this.#bytes === this.message.length;
  }

  /** What the first block has of it. Returns where it ends there: at the block's end, unless something follows. */
  takeFirst(block: Uint8Array): number {
    return PAYLOAD_AT + this.take(block.subarray(PAYLOAD_AT));
  }

  /** The next block. Returns where the message ends in it, as {@link takeFirst} does. */
  take(block: Uint8Array): number {
    const length = Math.min(block.length, this.message.length - this.#bytes);
    this.message.set(length === block.length ? block : block.subarray(0, length), this.#bytes);
    this.#bytes += length;
    this.#unmask();
    return length;
  }

  /** While the bytes are still near the processor. */
  #unmask(): void {
    const [words, mask, end] = [this.#words, this.#maskWord, Math.floor(this.#bytes / MASK_BYTES)];
    for (let n = this.#unmasked; n < end; n++) words[n] = (words[n] ?? 0) ^ mask;
    this.#unmasked = end;
    if (!this.isWhole) return;
    const { message } = this;
    for (let n = end * MASK_BYTES; n < message.length; n++)
      message[n] = (message[n] ?? 0) ^ (this.#mask[n % MASK_BYTES] ?? 0);
  }
}
