import { Failure, oneAfterAnother, type Result } from '@jamnet/base';
import { type AnswerByType, type ComputeContribution, type Coordinator, contributionOf } from '@jamnet/mesh';

/** Rows that are read, filed and marked together. */
const ROWS_AT_ONCE = 500;
/** The books take nothing of anybody's then. */
const NOTHING_TAKEN: ReadonlySet<string> = new Set(['no-policy']);
/** Before `settle` is asked again whether the last looks have answered. */
const LOOK_AGAIN_MS = 250;

export interface HostPayParts {
  readonly coordinator: Pick<Coordinator, 'uncredited' | 'credited'>;
  /** Asks the coordinator to settle; null where no host of the studio's own could answer for the last looks now. */
  readonly settle: () => Promise<Result<AnswerByType['settle']>> | null;
  /** Files what is new and leaves what is known; throws a `Failure` with the code of the first that it refuses. */
  readonly addContributions: (contributions: readonly ComputeContribution[]) => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
  readonly monotonicMs: () => number;
  /** One piece of work that is not taken in; it is tried again the next time. */
  readonly onRefused: (failure: Failure) => void;
}

export interface Credited {
  readonly credited: number;
  readonly refused: number;
}

/**
 * What hosts did becomes contributions: released work is filed in the books and then marked as filed, so that a crash between the two
 * files it twice, which changes nothing. Runs one after the other.
 */
export class HostPay {
  readonly #parts: HostPayParts;
  readonly #inTurn = oneAfterAnother();

  constructor(parts: HostPayParts) {
    this.#parts = parts;
  }

  /** Files all that was released and is not filed yet. */
  credit(): Promise<Credited> {
    return this.#inTurn(() => this.#creditAll());
  }

  /**
   * Before an epoch closes: has the last looks taken, releases all pay that stands, and files it. Waits at most `waitMs` for the looks:
   * what has not answered by then, and all that was accepted meanwhile, is paid with the next epoch.
   */
  settle(waitMs: number): Promise<Credited> {
    return this.#inTurn(async () => {
      const { settle, wait, monotonicMs } = this.#parts;
      const untilMs = monotonicMs() + waitMs;
      for (;;) {
        const answer = await settle();
        if (answer === null) break;
        if (!answer.ok) throw new Failure(answer.code, answer.message);
        if (answer.value.pending === 0 || monotonicMs() >= untilMs) break;
        await wait(LOOK_AGAIN_MS);
      }
      return this.#creditAll();
    });
  }

  async #creditAll(): Promise<Credited> {
    const { coordinator } = this.#parts;
    let [credited, refused, after] = [0, 0, 0n];
    for (;;) {
      const rows = await coordinator.uncredited({ after, limit: ROWS_AT_ONCE });
      const last = rows.at(-1);
      if (last === undefined) return { credited, refused };
      after = last.place;
      const taken = await this.#file(rows.map(contributionOf));
      if (taken === null) return { credited, refused: refused + rows.length };
      await coordinator.credited(taken);
      credited += taken.length;
      refused += rows.length - taken.length;
    }
  }

  /** Ids of those that the books have now; null where they take nothing of anybody's, and the rest waits with these. */
  async #file(contributions: readonly ComputeContribution[]): Promise<string[] | null> {
    const { addContributions, onRefused } = this.#parts;
    try {
      await addContributions(contributions);
      return contributions.map(({ id }) => id);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (NOTHING_TAKEN.has(error.code)) return null;
      if (contributions.length === 1) {
        onRefused(error);
        return [];
      }
      // One that is refused keeps nobody else from being paid.
      const half = contributions.length >> 1;
      const first = await this.#file(contributions.slice(0, half));
      const second = first && (await this.#file(contributions.slice(half)));
      return second && [...first, ...second];
    }
  }
}
