/** Means over something that is counted: index · 3 = count, summed offset residual, summed velocity residual. */
export class RunningMeans {
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.#sums = new Float64Array(3 * size);
  }

  add(index: number, offset: number, velocity: number): void {
    const at = 3 * index;
    this.#sums[at] = (this.#sums[at] ?? 0) + 1;
    this.#sums[at + 1] = (this.#sums[at + 1] ?? 0) + offset;
    this.#sums[at + 2] = (this.#sums[at + 2] ?? 0) + velocity;
  }

  count(index: number): number {
    return this.#sums[3 * index] ?? 0;
  }

  /** Mean of the offset (0) or velocity (1) residuals, shrunk to 0 with the weight of `weight` strokes. */
  mean(index: number, quantity: 0 | 1, weight: number): number {
    const at = 3 * index;
    return (this.#sums[at + 1 + quantity] ?? 0) / ((this.#sums[at] ?? 0) + weight);
  }
}

/** An exponentially weighted mean of offset and velocity, each index its own, starting at its first value. */
export class Traces {
  readonly #share: number;
  readonly #values: Float64Array;
  readonly #begun: Uint8Array;

  constructor(size: number, share: number) {
    this.#share = share;
    this.#values = new Float64Array(2 * size);
    this.#begun = new Uint8Array(size);
  }

  add(index: number, offset: number, velocity: number): void {
    const share = this.#begun[index] ? this.#share : 1;
    this.#begun[index] = 1;
    this.#move(2 * index, offset, share);
    this.#move(2 * index + 1, velocity, share);
  }

  has(index: number): boolean {
    return this.#begun[index] === 1;
  }

  value(index: number, quantity: 0 | 1): number {
    return this.#values[2 * index + quantity] ?? 0;
  }

  #move(at: number, to: number, share: number): void {
    const now = this.#values[at] ?? 0;
    this.#values[at] = now + share * (to - now);
  }
}
