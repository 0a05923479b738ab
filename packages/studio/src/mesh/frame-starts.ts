/** What stands in a frame's second byte when its length follows in 2 bytes, and in 8 (RFC 6455 §5.2). */
const LENGTH_OF_2 = 126;
const LENGTH_OF_8 = 127;
/** Opcodes from here on are control frames, which may come in the middle of a message. */
const CONTROL = 8;

/**
 * Follows the bytes of one side of a WebSocket from frame to frame, to know whether what comes next begins a message. Judges
 * nothing: that is the receiver's.
 */
export class FrameStarts {
  /** Bytes of the frame's head that came, of how many; its second byte tells. */
  #headBytes = 0;
  #headSize = 2;
  /** Where the length ends in it and the mask begins. */
  #lengthEnds = 2;
  /** Of the frame's payload. While its head comes, as much of the number as was read. */
  #bytesLeft = 0;
  /** A fragment has come and the message's last has not. */
  #isWithin = false;

  /** The next byte is the first of a message, or of a control frame between two. */
  get isBetweenMessages(): boolean {
    return this.#headBytes === 0 && this.#bytesLeft === 0 && !this.#isWithin;
  }

  follow(block: Uint8Array): void {
    for (let offset = 0; offset < block.length; ) {
      if (this.#headBytes === 0 && this.#bytesLeft > 0) {
        const skipped = Math.min(this.#bytesLeft, block.length - offset);
        this.#bytesLeft -= skipped;
        offset += skipped;
      } else this.#takeHead(block[offset++] ?? 0);
    }
  }

  #takeHead(byte: number): void {
    const place = this.#headBytes++;
    if (place === 0) {
      if ((byte & 0x0f) < CONTROL) this.#isWithin = (byte & 0x80) === 0;
    } else if (place === 1) {
      const length = byte & 0x7f;
      const lengthBytes = length === LENGTH_OF_8 ? 8 : length === LENGTH_OF_2 ? 2 : 0;
      this.#headSize = 2 + lengthBytes + ((byte & 0x80) === 0 ? 0 : 4);
      this.#bytesLeft = lengthBytes === 0 ? length : 0;
      this.#lengthEnds = 2 + lengthBytes;
    } else if (place < this.#lengthEnds) this.#bytesLeft = this.#bytesLeft * 256 + byte;
    if (this.#headBytes === this.#headSize) {
      this.#headBytes = 0;
      this.#headSize = 2;
    }
  }
}
