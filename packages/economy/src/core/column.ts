import { assert } from '@jamnet/base';

type Kept = Uint8Array | Uint16Array | Uint32Array | BigInt64Array;

/** A growing column of numbers, 4 bytes each. */
export class Uint32Column {
  #values: Uint32Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#values = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length)
      this.#values = grown(this.#values, new Uint32Array(next(this.#values)));
    this.#values[this.#length++] = value;
  }

  at(index: number): number {
    assert(index < this.#length, 'column index');
    return this.#values[index] ?? 0;
  }
}

/** A growing column of exact integers within int64, 8 bytes each; a bigint exists only while somebody looks at it. */
export class BigColumn {
  #values: BigInt64Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#values = new BigInt64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: bigint): void {
    assert(value === BigInt.asIntN(64, value), 'a column holds int64');
    if (this.#length === this.#values.length)
      this.#values = grown(this.#values, new BigInt64Array(next(this.#values)));
    this.#values[this.#length++] = value;
  }

  at(index: number): bigint {
    assert(index < this.#length, 'column index');
    return this.#values[index] ?? 0n;
  }
}

function next(values: Kept): number {
  return values.length + Math.max(64, values.length >>> 1);
}

function grown<T extends Uint32Array | BigInt64Array>(from: T, to: T): T {
  if (from instanceof BigInt64Array && to instanceof BigInt64Array) to.set(from);
  else if (from instanceof Uint32Array && to instanceof Uint32Array) to.set(from);
  return to;
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

export function groupByKey(length: number, keys: number, keyOf: (place: number) => number): Grouped {
  const starts = new Uint32Array(keys + 1);
  for (let place = 0; place < length; place++) {
    const key = keyOf(place) + 1;
    starts[key] = (starts[key] ?? 0) + 1;
  }
  for (let key = 1; key <= keys; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const free = starts.slice();
  const order = new Uint32Array(length);
  for (let place = 0; place < length; place++) {
    const key = keyOf(place);
    const at = free[key] ?? 0;
    order[at] = place;
    free[key] = at + 1;
  }
  return { order, starts };
}
