import type { PauseReason } from '../rules/judge-rules.ts';

/** Whether a node may work now. The rules and the owner close and open it; the work loop and the real-time lane obey. */
export class WorkGate {
  #reasons: readonly PauseReason[] = [];
  readonly #listeners = new Set<() => void>();

  /** Why it is closed; empty: open. */
  get reasons(): readonly PauseReason[] {
    return this.#reasons;
  }

  get isOpen(): boolean {
    return this.#reasons.length === 0;
  }

  set(reasons: readonly PauseReason[]): void {
    this.#reasons = reasons;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Called at each change until the answer is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
