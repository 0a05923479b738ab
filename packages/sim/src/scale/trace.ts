import { createHash } from 'node:crypto';

/** Everything that happened, in order, as one hash: equal hashes on two machines are equal runs. */
export class Trace {
  readonly #hash = createHash('sha256');
  #events = 0;

  get events(): number {
    return this.#events;
  }

  /** `what` in words without times of this machine. */
  add(atUs: number, what: string): void {
    this.#events++;
    this.#hash.update(`${atUs} ${what}\n`);
  }

  /** First 16 hex digits of the SHA-256 over all events so far. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
