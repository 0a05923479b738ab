/** Refills `perSecond` tokens up to `burst`; answers whether as many as asked could be taken, and takes none where not. */
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

  take(nowUs: number, tokens = 1): boolean {
    if (this.#filledUs >= 0) {
      const earned = (Math.max(0, nowUs - this.#filledUs) * this.#perSecond) / 1e6;
      this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    }
    this.#filledUs = nowUs;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }
}
