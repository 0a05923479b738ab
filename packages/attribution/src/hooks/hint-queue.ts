import type { GitHint } from './read-hook.ts';

/** Delivery ids remembered; an older one that comes again costs one more look at git and nothing else. */
export const DELIVERIES_MAX = 10_000;

/** What became of a hint. `repeated`: this delivery came before. `foreign`: no repository or branch that is mirrored here. */
export type HintFate = 'queued' | 'repeated' | 'foreign' | 'ignored';

/** A repository that is mirrored: `host/owner/name` and the branch that earns. */
export interface MirroredName {
  readonly repository: string;
  readonly branch: string;
}

/** Which mirrors want a fetch. A repository stands in it once, however many events came; so it is no longer than the list of mirrors. */
export class HintQueue {
  readonly #deliveries = new Set<string>();
  readonly #waiting = new Set<string>();

  offer(hint: GitHint, mirrored: readonly MirroredName[]): HintFate {
    if (this.#isRepeated(hint)) return 'repeated';
    if (hint.kind === 'other') return 'ignored';
    const found = mirrored.find(
      (one) => one.repository === hint.repository && (hint.branch === null || one.branch === hint.branch),
    );
    if (found === undefined) return 'foreign';
    this.#waiting.add(found.repository);
    return 'queued';
  }

  /** The repository that has waited longest, which is then no longer in the queue. */
  next(): string | null {
    for (const repository of this.#waiting) {
      this.#waiting.delete(repository);
      return repository;
    }
    return null;
  }

  get length(): number {
    return this.#waiting.size;
  }

  get deliveries(): number {
    return this.#deliveries.size;
  }

  #isRepeated({ forge, deliveryId }: GitHint): boolean {
    const key = `${forge} ${deliveryId}`;
    if (this.#deliveries.has(key)) return true;
    this.#deliveries.add(key);
    for (const oldest of this.#deliveries) {
      if (this.#deliveries.size <= DELIVERIES_MAX) break;
      this.#deliveries.delete(oldest);
    }
    return false;
  }
}
