/** Refills `perSecond` tokens up to `burst`; answers whether one could be taken. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledUs = -1;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  take(nowUs: number): boolean {
    if (this.#filledUs >= 0) {
      const earned = (Math.max(0, nowUs - this.#filledUs) * this.#perSecond) / 1e6;
      this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    }
    this.#filledUs = nowUs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
