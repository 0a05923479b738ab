import type { AuditView } from '../live/studio-state.ts';

/** For so long, while nothing new is in the log, whoever asks gets the last answer. */
export const AUDIT_KEPT_US = 10_000_000n;

export interface SharedAuditParts {
  readonly run: () => Promise<AuditView>;
  /** Entries of the log. */
  readonly size: () => Promise<bigint>;
  readonly nowUs: () => bigint;
}

/** An audit replays the whole log and anybody may ask for one: one runs at a time, for all who ask meanwhile and shortly after. */
export class SharedAudit {
  readonly #parts: SharedAuditParts;
  #running: Promise<AuditView> | null = null;
  #last: { readonly size: bigint; readonly atUs: bigint; readonly view: AuditView } | null = null;

  constructor(parts: SharedAuditParts) {
    this.#parts = parts;
  }

  ask(): Promise<AuditView> {
    this.#running ??= this.#answer().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #answer(): Promise<AuditView> {
    const { run, size: sizeOf, nowUs } = this.#parts;
    const size = await sizeOf();
    const last = this.#last;
    if (last !== null && last.size === size && nowUs() - last.atUs < AUDIT_KEPT_US) return last.view;
    const view = await run();
    this.#last = { size, atUs: nowUs(), view };
    return view;
  }
}
