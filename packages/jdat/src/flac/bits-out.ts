/** A growing row of bits, highest bit of each byte first, as FLAC lays them out (RFC 9639 §5). */
export class BitsOut {
  #bytes = new Uint8Array(4096);
  #at = 0;
  #held = 0;
  #heldBits = 0;

  /** Appends the low `bits` of `value`, 0 to 32. Negative values go out in two's complement. */
  write(value: number, bits: number): void {
    if (bits > 24) {
      this.#add(value >>> 24, bits - 24);
      this.#add(value, 24);
    } else this.#add(value, bits);
  }

  /** At most 24 bits, for up to 7 wait before them. */
  #add(value: number, bits: number): void {
    if (this.#at + 4 > this.#bytes.length) this.#grow();
    this.#held = (this.#held << bits) | (value & ((1 << bits) - 1));
    this.#heldBits += bits;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#bytes[this.#at++] = this.#held >>> this.#heldBits;
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }

  /** `count` zeros and a one. */
  writeUnary(count: number): void {
    let left = count;
    for (; left >= 24; left -= 24) this.#add(0, 24);
    this.#add(1, left + 1);
  }

  /** Rice code of a value from 0 on: the quotient by 2^parameter in unary, then the rest. */
  writeRice(value: number, parameter: number): void {
    const quotient = Math.floor(value / 2 ** parameter);
    if (quotient + 1 + parameter <= 24)
      this.#add((1 << parameter) | (value & ((1 << parameter) - 1)), quotient + 1 + parameter);
    else {
      this.writeUnary(quotient);
      this.write(value, parameter);
    }
  }

  alignToByte(): void {
    if (this.#heldBits > 0) this.write(0, 8 - this.#heldBits);
  }

  /** What was written so far; whole bytes only. The view is valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
