/** How one run ended, as far as a comparison needs it. */
export type ComparedRun =
  | { readonly ok: true; readonly outputSha256: string }
  /** `isDoubtful`: not ended by itself, so that the machine may be to blame. */
  | { readonly ok: false; readonly isDoubtful: boolean };

/** Why nothing is compared any more: the known run fails as well, or the time for all of it is spent. */
export type StopCause = 'machine-busy' | 'time-spent';

/** What earlier comparisons of the same runs found. */
export interface KnownPrints {
  /** `undefined`: not run yet. */
  get(name: string): string | null | undefined;
  keep(name: string, printedSha256: string | null): Promise<void>;
}

export interface SteadyCompareParts {
  /** Of what the known run prints. */
  readonly expectedSha256: string;
  /** One that succeeded before. */
  readonly runKnown: () => Promise<ComparedRun>;
  readonly known: KnownPrints;
  readonly isTimeSpent: () => boolean;
}

/**
 * Compares runs with one that is known to succeed. A run that met its time limit or was killed differs only if the known one still ends
 * well and the run, tried again, does not: else the machine is busy, and what comes out is no verdict.
 */
export class SteadyCompare {
  readonly #parts: SteadyCompareParts;
  #stopped: StopCause | null = null;

  constructor(parts: SteadyCompareParts) {
    this.#parts = parts;
  }

  /** Nothing is compared any more; what came out is no verdict. */
  get stopped(): StopCause | null {
    return this.#stopped;
  }

  /** `name`: the same run has the same, another one another. */
  async isSame(name: string, run: () => Promise<ComparedRun>): Promise<boolean> {
    return (await this.printed(name, run)) === this.#parts.expectedSha256;
  }

  /** Hash of what a run prints; `null`: it fails. */
  async printed(name: string, run: () => Promise<ComparedRun>): Promise<string | null> {
    const { known, runKnown, isTimeSpent } = this.#parts;
    const before = known.get(name);
    if (before !== undefined) return before;
    if (this.#stopped === null && isTimeSpent()) this.#stopped = 'time-spent';
    if (this.#stopped !== null) return null;
    let ran = await run();
    if (!ran.ok && ran.isDoubtful) {
      if (!(await runKnown()).ok) {
        this.#stopped = 'machine-busy';
        return null;
      }
      ran = await run();
    }
    const printed = ran.ok ? ran.outputSha256 : null;
    await known.keep(name, printed);
    return printed;
  }
}
