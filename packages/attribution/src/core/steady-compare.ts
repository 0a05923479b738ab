/** How one run ended, as far as a comparison needs it. */
export type ComparedRun =
  | { readonly ok: true; readonly outputSha256: string }
  | { readonly ok: false; readonly code: string };

/**
 * Compares runs with one that is known to succeed. A run that met its time limit differs only if the known one still keeps it:
 * else the machine is busy, and what comes out is no verdict.
 */
export class SteadyCompare {
  readonly #expectedSha256: string;
  readonly #runKnown: () => Promise<ComparedRun>;
  #isBusy = false;

  constructor(expectedSha256: string, runKnown: () => Promise<ComparedRun>) {
    this.#expectedSha256 = expectedSha256;
    this.#runKnown = runKnown;
  }

  /** The known run met its time limit as well: nothing is compared any more. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  async isSame(run: () => Promise<ComparedRun>): Promise<boolean> {
    return (await this.printed(run)) === this.#expectedSha256;
  }

  /** Hash of what a run prints; `null`: it fails. */
  async printed(run: () => Promise<ComparedRun>): Promise<string | null> {
    if (this.#isBusy) return null;
    const ran = await run();
    if (ran.ok) return ran.outputSha256;
    if (ran.code === 'workload-timed-out') this.#isBusy = !(await this.#runKnown()).ok;
    return null;
  }
}
