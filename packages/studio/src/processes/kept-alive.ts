/** Before a program that ended is started again; twice as long after each time that it did not come up. */
const RESTART_MS = 100;
const RESTART_MS_MAX = 5_000;

export interface Mortal {
  /** Settles when the program is gone, whyever. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** A program that is started again whenever it ends unasked. */
export class KeptAlive<T extends Mortal> {
  readonly #start: () => Promise<T>;
  readonly #setTimer: (task: () => void, afterMs: number) => void;
  #current: T | null = null;
  #isOver = false;

  /** Rejects when it does not come up the first time. */
  static async start<T extends Mortal>(
    start: () => Promise<T>,
    setTimer = (task: () => void, afterMs: number): void => void setTimeout(task, afterMs).unref(),
  ): Promise<KeptAlive<T>> {
    const kept = new KeptAlive(start, setTimer);
    await kept.#launch();
    return kept;
  }

  private constructor(start: () => Promise<T>, setTimer: (task: () => void, afterMs: number) => void) {
    this.#start = start;
    this.#setTimer = setTimer;
  }

  /** Null while it is being started again. */
  get current(): T | null {
    return this.#current;
  }

  async #launch(): Promise<void> {
    const started = await this.#start();
    this.#current = started;
    const gone = (): void => {
      this.#current = null;
      if (!this.#isOver) this.#startAgain(RESTART_MS);
    };
    started.ended.then(gone, gone);
    if (this.#isOver) await started.stop();
  }

  #startAgain(waitMs: number): void {
    this.#setTimer(() => {
      if (this.#isOver) return;
      this.#launch().catch(() => this.#startAgain(Math.min(2 * waitMs, RESTART_MS_MAX)));
    }, waitMs);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#current?.stop();
  }
}
