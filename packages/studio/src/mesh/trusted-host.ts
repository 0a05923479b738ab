import { HostSlot, modelUse, shippedModel } from '@jamnet/jamnode';
import {
  type Agreement,
  type CheckOutcome,
  type CheckRow,
  type Coordinator,
  chunkOf,
  compareChunk,
} from '@jamnet/mesh';
import { BackgroundFailures } from '../processes/background-failures.ts';
import { giveBack } from './read-blocks.ts';

/** Checks fetched at a time: the rest waits in the store, not in memory. */
const CHECKS_PER_LOOK = 16;

export interface TrustedHostOptions {
  readonly coordinator: Coordinator;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** Child processes for re-runs; default 1. */
  readonly slots?: number;
  /** Hands an outcome back to whoever applies it. */
  readonly report: (check: CheckRow, outcome: CheckOutcome) => Promise<void>;
  /** A look that failed, once until one works again. */
  readonly onFailure: (error: unknown) => void;
}

/** The studio's own host: re-runs what the coordinator doubts, in child processes, never on the server's event loop. */
export class TrustedHost {
  readonly #options: TrustedHostOptions;
  readonly #slots: readonly HostSlot[];
  readonly #failures: BackgroundFailures;
  #working: Promise<void> | null = null;
  /** Taken from the store and not answered yet. */
  readonly #queue: CheckRow[] = [];
  #again = false;
  #closed = false;

  constructor(options: TrustedHostOptions) {
    this.#options = options;
    this.#failures = new BackgroundFailures(options.onFailure);
    this.#slots = Array.from({ length: options.slots ?? 1 }, () => new HostSlot({}, shippedModel));
  }

  /** There may be open checks. Safe to call at any time, also when it is at work. */
  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    if (this.#working) return;
    this.#working = this.#workOff().finally(() => {
      this.#working = null;
    });
    this.#working.then(
      () => this.#failures.worked(),
      (error: unknown) => {
        this.#failures.failed(error); // The checks stay open in the store.
      },
    );
  }

  /** When all checks known so far are answered; rejects when that fails. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const slot of this.#slots) slot.close();
    await this.idle().catch(() => {}); // Told already, or thrown if it was a broken invariant.
  }

  async #workOff(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      if (this.#queue.length === 0) {
        const { coordinator, nowUs } = this.#options;
        this.#queue.push(...(await coordinator.takeChecks(nowUs(), CHECKS_PER_LOOK)));
      }
      if (this.#queue.length === 0) return;
      // All slots are idle before a failure of one is passed on: the next look uses them all.
      const served = await Promise.allSettled(this.#slots.map((slot) => this.#serve(slot)));
      for (const one of served) if (one.status === 'rejected') throw one.reason;
      this.#again = true;
    }
  }

  /** The slot goes on while an outcome is on its way to the disk: no more wait than one look takes. */
  async #serve(slot: HostSlot): Promise<void> {
    const reports: Promise<unknown>[] = [];
    let failure: unknown = null;
    const keep = (check: CheckRow, error: unknown): void => {
      this.#queue.unshift(check); // It is ours for a while: the next look begins with it.
      failure ??= error;
    };
    while (failure === null && !this.#closed) {
      const check = this.#queue.shift();
      if (!check) break;
      try {
        const outcome = await this.#rerun(slot, check);
        if (this.#closed) break;
        reports.push(this.#options.report(check, outcome).catch((error: unknown) => keep(check, error)));
      } catch (error) {
        keep(check, error);
      }
    }
    await Promise.all(reports);
    if (failure !== null) throw failure;
  }

  async #rerun(slot: HostSlot, check: CheckRow): Promise<CheckOutcome> {
    const { coordinator } = this.#options;
    const { kind, version, chunks } = check;
    const entry = coordinator.parts.catalogue.find(kind, version);
    const [input, claimed] = [
      await coordinator.blob(check.inputHash),
      await coordinator.blob(check.resultHash),
    ];
    if (!entry || !input || !claimed)
      return { ran: false, reason: 'input, result or catalogue entry is missing' };
    // Taken back by whoever had consented: the key is left without a byte.
    if (input.length === 0 || claimed.length === 0)
      return { ran: false, reason: 'its input or its result was erased', gone: true };
    const agreements: Agreement[] = [];
    const job = { kind, version, input, model: modelUse(entry) };
    const whole = chunks.length === 1 ? null : await slot.run(job, entry.deadlineMs);
    for (const chunk of chunks) {
      const run = whole ?? (await slot.run({ ...job, chunk }, entry.deadlineMs));
      if (!run.outcome.ok) return { ran: false, reason: run.outcome.message };
      const truth = whole ? chunkOf(run.outcome.value, entry.chunkCount, chunk) : run.outcome.value;
      agreements.push(compareChunk(entry.tolerance, chunk, truth, chunkOf(claimed, entry.chunkCount, chunk)));
    }
    giveBack(claimed); // A copy of our own: left to the collector, it brings the next marking of the heap nearer.
    return { ran: true, agreements };
  }
}
