/** Datagrams under way at once: 16 players at 3,000 a second, each 80 ms late. */
const WAITING_MAX = 4096;

export interface Delayed {
  readonly dueUs: number;
  readonly bytes: Uint8Array;
  readonly to: string;
  /** The port that it leaves from, as its owner numbers them. */
  readonly port: number;
}

/** Datagrams that go on later, in the order in which they are due: a binary heap. */
export class DelayQueue {
  readonly #heap: Delayed[] = [];

  /** When the first is due; infinite without one. */
  get nextUs(): number {
    return this.#heap[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  /** Keeps a copy of `bytes`; false when too many are under way. */
  put(dueUs: number, bytes: Uint8Array, to: string, port = 0): boolean {
    if (this.#heap.length === WAITING_MAX) return false;
    this.#heap.push({ dueUs, bytes: new Uint8Array(bytes), to, port });
    for (let child = this.#heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (this.#due(parent) <= this.#due(child)) break;
      this.#swap(child, parent);
      child = parent;
    }
    return true;
  }

  /** The first that is due by `nowUs`, or `null`. */
  take(nowUs: number): Delayed | null {
    const first = this.#heap[0];
    if (first === undefined || first.dueUs > nowUs) return null;
    this.#swap(0, this.#heap.length - 1);
    this.#heap.pop();
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const least = this.#due(left + 1) < this.#due(left) ? left + 1 : left;
      if (this.#due(least) >= this.#due(parent)) break;
      this.#swap(parent, least);
      parent = least;
    }
    return first;
  }

  #due(at: number): number {
    return this.#heap[at]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}
