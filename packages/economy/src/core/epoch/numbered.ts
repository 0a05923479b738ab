/** Whole numbers below 2⁵³ numbered in the order of arrival, as {@link Names} does with texts: 12 to 24 bytes each. */
export class Numbered {
  #keys = new Float64Array(1_024);
  #size = 0;
  /** Number + 1 of the key at a slot; 0 is free. Twice as many as keys fit, a power of two. */
  #slots = new Int32Array(2_048);

  get size(): number {
    return this.#size;
  }

  /** The number of a key, given now if it has none. */
  numberOf(key: number): number {
    const slot = this.#slotOf(key);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const number = this.#size++;
    if (number === this.#keys.length) {
      this.#grow();
      this.#slots[this.#slotOf(key)] = number + 1;
    } else this.#slots[slot] = number + 1;
    this.#keys[number] = key;
    return number;
  }

  /** The number of a key, or −1. */
  find(key: number): number {
    return (this.#slots[this.#slotOf(key)] ?? 0) - 1;
  }

  /** Keys count up from 1 in a table of the studio's own, so their low bits spread them better than any hash. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = key & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#keys[known - 1] === key) return slot;
    }
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(2 * keys.length);
    for (let number = 0; number < this.#size - 1; number++)
      this.#slots[this.#slotOf(keys[number] ?? 0)] = number + 1;
  }
}
