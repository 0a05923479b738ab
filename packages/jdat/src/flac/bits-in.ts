/** Reads bits, highest of each byte first. Past the end it gives zeros and says so in {@link isShort}. */
export class BitsIn {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Next bit. */
  #bit: number;
  isShort = false;

  constructor(bytes: Uint8Array, fromByte = 0) {
    this.#bytes = bytes;
    this.#bit = 8 * fromByte;
    this.#end = 8 * bytes.length;
  }

  /** The next 0 to 32 bits as an unsigned integer. */
  read(bits: number): number {
    if (this.#bit + bits > this.#end) {
      this.isShort = true;
      this.#bit = this.#end;
      return 0;
    }
    let value = 0;
    for (let left = bits; left > 0; ) {
      const inByte = this.#bit & 7;
      const count = Math.min(left, 8 - inByte);
      const byte = this.#bytes[this.#bit >> 3] ?? 0;
      value = value * 2 ** count + ((byte >> (8 - inByte - count)) & ((1 << count) - 1));
      this.#bit += count;
      left -= count;
    }
    return value;
  }

  readSigned(bits: number): number {
    const value = this.read(bits);
    return bits > 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  /** Zeros before the next one. */
  readUnary(): number {
    const from = this.#bit;
    while (this.#bit < this.#end) {
      const left = 8 - (this.#bit & 7);
      const rest = (this.#bytes[this.#bit >> 3] ?? 0) & ((1 << left) - 1);
      if (rest === 0) this.#bit += left;
      else {
        this.#bit += left - (32 - Math.clz32(rest));
        const zeros = this.#bit - from;
        this.#bit++;
        return zeros;
      }
    }
    this.isShort = true;
    return 0;
  }

  alignToByte(): void {
    this.#bit = (this.#bit + 7) & ~7;
  }

  /** Offset of the next whole byte. */
  get atByte(): number {
    return this.#bit >> 3;
  }
}
