import type { LinkReport } from '@jamnet/toast';

/** Links of a room of sixteen, and of those who come in their places. */
export const LINKS_MAX = 1000;

/** By sender and listener, as last reported: who has left stays known. */
export class RoomLinks {
  readonly #links = new Map<string, LinkReport>();

  /** What is beyond {@link LINKS_MAX} links is not kept; those that are known still change. */
  note(links: readonly LinkReport[]): void {
    for (const link of links) {
      // Of who only listens nothing came: there is nothing to judge.
      if (link.lateUsP999 === 0) continue;
      const key = `${link.from}>${link.to}`;
      if (this.#links.has(key) || this.#links.size < LINKS_MAX) this.#links.set(key, link);
    }
  }

  /** In the order in which they were first reported. */
  get all(): LinkReport[] {
    return [...this.#links.values()];
  }
}
