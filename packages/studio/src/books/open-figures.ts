import type { Economy, OpenFigures } from '@jamnet/economy';

/** What is known of the open epoch: with when it was read, UTC µs. */
export interface FiguresAsOf {
  readonly epochId: string;
  /** `null` where it has no price yet. */
  readonly figures: OpenFigures | null;
  readonly asOfUs: bigint;
}

export interface OpenFiguresParts {
  readonly economy: Pick<Economy, 'openFigures'>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** A clock that only goes forward, ms. */
  readonly monotonicMs: () => number;
  /** Calls once after so many ms; answers how to give that up. */
  readonly later: (work: () => void, delayMs: number) => () => void;
  /** Told when newer figures are there. */
  readonly onFigures: (known: FiguresAsOf) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Least time between the end of one reading and the begin of the next, ms. */
export const REST_MS_MIN = 1_000;
/** A reading that took t is followed by a rest of at least 19 t: readings take a twentieth of a processor at most. */
export const REST_PER_READING = 19;

/**
 * The open epoch's figures, read when something changed and never while somebody waits: who shows them shows from when they
 * are. What they cost grows with the epoch's receipts, so a large epoch's are older, not its studio slower.
 */
export class OpenFiguresReader {
  readonly #parts: OpenFiguresParts;
  #known: FiguresAsOf | null = null;
  /** The epoch that is to be read again. */
  #wanted: string | null = null;
  #reading: Promise<void> | null = null;
  #giveUp: (() => void) | null = null;
  #isClosed = false;

  constructor(parts: OpenFiguresParts) {
    this.#parts = parts;
  }

  /** The newest figures of the epoch. */
  known(epochId: string): FiguresAsOf | null {
    return this.#known?.epochId === epochId ? this.#known : null;
  }

  /** Something has changed: newer figures follow. Answers the last ones at once; an epoch's very first are waited for. */
  async changed(epochId: string): Promise<FiguresAsOf | null> {
    this.#wanted = epochId;
    if (this.known(epochId) === null) await this.#readNow();
    else if (this.#reading === null && this.#giveUp === null) this.#read();
    return this.known(epochId);
  }

  /** Ends when nothing reads any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#giveUp?.();
    await this.#reading;
  }

  async #readNow(): Promise<void> {
    await this.#reading;
    this.#giveUp?.();
    this.#giveUp = null;
    this.#read();
    await this.#reading;
  }

  #read(): void {
    const epochId = this.#wanted;
    if (epochId === null || this.#isClosed) return;
    this.#wanted = null;
    const { economy, nowUs, monotonicMs, onFigures, onFailure } = this.#parts;
    const [asOfUs, beganMs] = [nowUs(), monotonicMs()];
    const reading = economy.openFigures(epochId).then((read) => {
      // A decided epoch is told by its statement.
      if (read.ok && read.value === null) return;
      this.#known = { epochId, figures: read.ok ? read.value : null, asOfUs };
      if (!this.#isClosed) onFigures(this.#known);
    });
    const failed = (error: unknown): void => {
      this.#wanted ??= epochId;
      onFailure(error);
    };
    this.#reading = reading.catch(failed).finally(() => {
      this.#reading = null;
      if (!this.#isClosed) this.#rest(REST_PER_READING * (monotonicMs() - beganMs));
    });
  }

  #rest(ms: number): void {
    this.#giveUp = this.#parts.later(
      () => {
        this.#giveUp = null;
        this.#read();
      },
      Math.max(REST_MS_MIN, ms),
    );
  }
}
