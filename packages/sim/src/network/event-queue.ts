/** Things to happen in virtual time, earliest first, equal times in the order in which they were asked for. */
export class EventQueue {
  readonly #heap: { readonly atUs: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;
  #nowUs = 0;

  get nowUs(): number {
    return this.#nowUs;
  }

  /** When the earliest event is due; infinite without one. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  at(atUs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atUs: Math.max(atUs, this.#nowUs), order: this.#order++, run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Runs everything due before `untilUs` and leaves the clock there. */
  runUntil(untilUs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atUs < untilUs; first = this.#heap[0]) {
      this.#removeFirst();
      this.#nowUs = first.atUs;
      first.run();
    }
    this.#nowUs = untilUs;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    this.#swap(0, heap.length - 1);
    heap.pop();
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === parent) return;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return false;
    return x.atUs < y.atUs || (x.atUs === y.atUs && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}
