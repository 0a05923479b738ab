/**
 * When the store shall hear that nodes live: of each once its last word is older than `staleMs`, and of all who are due
 * together every `flushMs`. At 10,000 nodes a row for each beat was a fifth of what beats cost.
 */
export class SignsOfLife {
  readonly #staleMs: number;
  readonly #flushMs: number;
  readonly #stallMs: number;
  readonly #writtenAtMs = new Map<string, number>();
  readonly #due = new Set<string>();
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #askedAtMs = Number.POSITIVE_INFINITY; // Not yet.

  /** `stallMs`: asked rarer than that, we were asleep ourselves. */
  constructor(options: { readonly staleMs: number; readonly flushMs: number; readonly stallMs: number }) {
    this.#staleMs = options.staleMs;
    this.#flushMs = options.flushMs;
    this.#stallMs = options.stallMs;
  }

  /** The store has heard of it. */
  written(node: string, nowMs: number): void {
    this.#writtenAtMs.set(node, nowMs);
    this.#due.delete(node);
  }

  /** It said something. */
  seen(node: string, nowMs: number): void {
    const writtenAtMs = this.#writtenAtMs.get(node) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - writtenAtMs >= this.#staleMs) this.#due.add(node);
  }

  /** It left: one entry for each connection, no more. */
  forget(node: string): void {
    this.#writtenAtMs.delete(node);
    this.#due.delete(node);
  }

  /**
   * The nodes to write now; none before the next flush is due. Say {@link written} of each once it is. After a stall of
   * ours all that are connected are among them: what they said meanwhile lies unread, and none of them was silent.
   */
  take(nowMs: number, connected: Iterable<string>): string[] {
    const stalled = nowMs - this.#askedAtMs >= this.#stallMs;
    this.#askedAtMs = nowMs;
    if (stalled) for (const node of connected) this.#due.add(node);
    if (this.#due.size === 0 || nowMs - this.#flushedAtMs < this.#flushMs) return [];
    this.#flushedAtMs = nowMs;
    const nodes = [...this.#due];
    this.#due.clear();
    return nodes;
  }
}
