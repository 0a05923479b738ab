import { AssertionError, assert } from '@jamnet/base';

/** Values of one piece: a column grows by pieces and never copies what it holds. */
const PIECE_BITS = 16;
const PIECE = 1 << PIECE_BITS;
const WITHIN = PIECE - 1;

/** A growing column of whole numbers below 2³², 4 bytes each. */
export class Uint32Column {
  readonly #pieces: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#pieces.length * PIECE) this.#pieces.push(new Uint32Array(PIECE));
    const piece = this.#pieces[this.#length >>> PIECE_BITS];
    if (piece) piece[this.#length & WITHIN] = value;
    this.#length++;
  }

  /** `index` within [0, length). */
  at(index: number): number {
    return this.#pieces[index >>> PIECE_BITS]?.[index & WITHIN] ?? outside(index);
  }

  /** All of it in one array. */
  whole(): Uint32Array {
    const whole = new Uint32Array(this.#length);
    this.#pieces.forEach((piece, k) => {
      whole.set(piece.subarray(0, Math.min(PIECE, this.#length - k * PIECE)), k * PIECE);
    });
    return whole;
  }

  /** The same, giving its pieces up: the column is empty then. */
  drain(): Uint32Array {
    const whole = this.whole();
    this.clear();
    return whole;
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#length = 0;
  }
}

/** A growing column of exact whole numbers below 2⁵³, 8 bytes each. */
export class Float64Column {
  readonly #pieces: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    assert(Number.isSafeInteger(value), 'a column holds exact whole numbers');
    if (this.#length === this.#pieces.length * PIECE) this.#pieces.push(new Float64Array(PIECE));
    const piece = this.#pieces[this.#length >>> PIECE_BITS];
    if (piece) piece[this.#length & WITHIN] = value;
    this.#length++;
  }

  /** `index` within [0, length). */
  at(index: number): number {
    return this.#pieces[index >>> PIECE_BITS]?.[index & WITHIN] ?? outside(index);
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#length = 0;
  }
}

function outside(index: number): never {
  throw new AssertionError(`no piece of the column holds ${index}`);
}

/**
 * Each text once, numbered in the order of arrival. A table of its own, since millions of texts come fresh from a
 * database: building takes half of a Map's time, finding two thirds, and memory a third. Open addressing, half full at
 * most; names are ids that the studio made, so nobody chooses them to collide.
 */
export class Names {
  readonly #texts: string[] = [];
  #hashes = new Int32Array(1_024);
  /** Number + 1 of the text at a slot; 0 is free. A power of two of them. */
  #slots = new Int32Array(2_048);

  get size(): number {
    return this.#texts.length;
  }

  /** The number of a text, given now if it has none. */
  numberOf(text: string): number {
    const hash = hashOf(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const number = this.#texts.length;
    this.#texts.push(text);
    if (number === this.#hashes.length) this.#grow();
    this.#hashes[number] = hash;
    this.#slots[this.#freeSlot(hash)] = number + 1;
    return number;
  }

  /** The number of a text, or −1. */
  find(text: string): number {
    return (this.#slots[this.#slotOf(text, hashOf(text))] ?? 0) - 1;
  }

  /** Slot of a text, or the free one where it would stand. */
  #slotOf(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || (this.#hashes[known - 1] === hash && this.#texts[known - 1] === text)) return slot;
    }
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const count = this.#hashes.length;
    const hashes = new Int32Array(2 * count);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(4 * count);
    for (let number = 0; number < count; number++)
      this.#slots[this.#freeSlot(hashes[number] ?? 0)] = number + 1;
  }

  text(number: number): string {
    const text = this.#texts[number];
    assert(text !== undefined, 'name number');
    return text;
  }

  /** Of each number its place in code-unit order. */
  ranks(): Uint32Array {
    const order = Uint32Array.from(this.#texts.keys());
    order.sort((a, b) => (this.text(a) < this.text(b) ? -1 : 1));
    const ranks = new Uint32Array(order.length);
    order.forEach((number, place) => {
      ranks[number] = place;
    });
    return ranks;
  }
}

/** FNV-1a over code units (draft-eastlake-fnv), its high bits mixed into the low ones that choose a slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Places of equal keys side by side (counting sort, stable): those of key k are `order[starts[k] … starts[k+1])`. */
export interface Grouped {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/** `after`: an order that places of one key keep; as they come without it. Keys are below `keys`. */
export function groupByKey(keyOf: Uint32Array, keys: number, after?: Uint32Array): Grouped {
  const starts = new Uint32Array(keys + 1);
  const length = keyOf.length;
  for (let place = 0; place < length; place++) {
    const key = (keyOf[place] ?? 0) + 1;
    starts[key] = (starts[key] ?? 0) + 1;
  }
  for (let key = 1; key <= keys; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const free = starts.slice();
  const order = new Uint32Array(length);
  for (let k = 0; k < length; k++) {
    const place = after === undefined ? k : (after[k] ?? 0);
    const key = keyOf[place] ?? 0;
    const at = free[key] ?? 0;
    order[at] = place;
    free[key] = at + 1;
  }
  return { order, starts };
}
