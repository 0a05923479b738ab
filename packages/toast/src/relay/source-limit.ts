import { TokenBucket } from '../token-bucket.ts';

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
