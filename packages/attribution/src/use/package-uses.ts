import { USES_MAX } from '../core/log-weight.ts';
import { pathBelow } from './path-below.ts';

/** Calls of functions by the package's place in the lock file, e.g. `node_modules/a/node_modules/b`. */
export type UsesByPackage = ReadonlyMap<string, number>;

/** Packages counted at most. */
export const USED_PACKAGES_MAX = 20_000;

/** Adds up how often the functions of third-party packages were called. */
export class PackageUses {
  readonly #roots: readonly string[];
  readonly #uses = new Map<string, number>();

  /** `roots`: URLs of the `node_modules` folders that the workload saw. */
  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  get uses(): UsesByPackage {
    return new Map([...this.#uses].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `calls`: call counts of the functions of one script. */
  add(url: string, calls: readonly number[]): void {
    const place = this.#placeOf(url);
    if (place === null || (this.#uses.size >= USED_PACKAGES_MAX && !this.#uses.has(place))) return;
    let sum = this.#uses.get(place) ?? 0;
    for (const count of calls) sum = Math.min(USES_MAX, sum + count);
    this.#uses.set(place, sum);
  }

  #placeOf(url: string): string | null {
    const root = this.#roots.find((one) => url.startsWith(`${one}/`));
    if (root === undefined) return null;
    const path = `node_modules/${pathBelow(root, url) ?? ''}`;
    return /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/@][^/]*)\//.exec(path)?.[1] ?? null;
  }
}
