/** Who first brought each canonical statement: fed in arrival order, the first commit keeps it for good. */
export class OwnershipBook {
  readonly #ownerOf = new Map<string, string>();

  /** Enters what `commit` holds; returns the keys nobody had before. */
  arrive(commit: string, keys: Iterable<string>): string[] {
    const fresh: string[] = [];
    for (const key of keys) {
      if (this.#ownerOf.has(key)) continue;
      this.#ownerOf.set(key, commit);
      fresh.push(key);
    }
    return fresh;
  }

  /** The commit that introduced the statement, or `undefined` when the history never held it. */
  ownerOf(key: string): string | undefined {
    return this.#ownerOf.get(key);
  }

  get size(): number {
    return this.#ownerOf.size;
  }
}
