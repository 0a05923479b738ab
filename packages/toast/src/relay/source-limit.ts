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

/** One bucket per source, for at most `sourcesMax` sources: the one that has been there longest gives way. */
export class SourceLimit {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #sourcesMax: number;

  constructor(perSecond: number, burst: number, sourcesMax: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#sourcesMax = sourcesMax;
  }

  get sources(): number {
    return this.#buckets.size;
  }

  take(source: string, nowUs: number): boolean {
    const known = this.#buckets.get(source);
    if (known !== undefined) return known.take(nowUs);
    if (this.#buckets.size >= this.#sourcesMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    const bucket = new TokenBucket(this.#perSecond, this.#burst);
    this.#buckets.set(source, bucket);
    return bucket.take(nowUs);
  }
}
