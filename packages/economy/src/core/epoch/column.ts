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
    this.#pieces.length = 0;
    this.#length = 0;
    return whole;
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
}

function outside(index: number): never {
  throw new AssertionError(`no piece of the column holds ${index}`);
}

/** Each text once, numbered in the order of arrival. */
export class Names {
  readonly #index = new Map<string, number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  /** The number of a text, given now if it has none. */
  numberOf(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#index.set(text, number);
    this.#texts.push(text);
    return number;
  }

  /** The number of a text, or −1. */
  find(text: string): number {
    return this.#index.get(text) ?? -1;
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
