/** How much may be used at once after a quiet time: so many seconds of the cap. */
const BURST_SECONDS = 10;

/**
 * Keeps the average of both directions at or below a cap. Bytes are charged after they went by, so one large task may run
 * into debt; the next lease waits until it is paid.
 */
export class BandwidthBudget {
  #bytesPerSecond: number | null = null;
  #bytes = 0;
  #atMs = 0;

  /** `null`: no cap. */
  limit(mbitPerSecond: number | null, nowMs: number): void {
    this.#settle(nowMs);
    const next = mbitPerSecond === null ? null : (mbitPerSecond * 1e6) / 8;
    if (next !== null && this.#bytesPerSecond === null) this.#bytes = next * BURST_SECONDS;
    this.#bytesPerSecond = next;
  }

  charge(bytes: number, nowMs: number): void {
    this.#settle(nowMs);
    if (this.#bytesPerSecond !== null) this.#bytes -= bytes;
  }

  /** Milliseconds until the debt is paid; 0: go on. */
  waitMs(nowMs: number): number {
    this.#settle(nowMs);
    if (this.#bytesPerSecond === null || this.#bytes >= 0) return 0;
    return Math.ceil((-this.#bytes / this.#bytesPerSecond) * 1000);
  }

  #settle(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    if (this.#bytesPerSecond === null) return;
    this.#bytes = Math.min(
      this.#bytesPerSecond * BURST_SECONDS,
      this.#bytes + seconds * this.#bytesPerSecond,
    );
  }
}
