import type { WeighedStatement } from '../core/weigh.ts';

/** What of one commit the gate held back: noise, or real work whose effect the workload does not show. */
export interface GatedWork {
  readonly commit: string;
  /** Ids of its authors, see `personId`. */
  readonly people: readonly string[];
  /** Statements held back, by key. */
  readonly keys: readonly string[];
  readonly tokens: number;
}

/** Gated statements by the commit that brought them, for the commits that a report names, in its order. */
export function gatedWork(
  statements: readonly WeighedStatement[],
  gated: readonly string[],
): readonly GatedWork[] {
  const byCommit = new Map<string, { people: readonly string[]; keys: string[]; tokens: number }>();
  for (const { commit, key, tokens, people, isGated } of statements) {
    if (!isGated) continue;
    const work = byCommit.get(commit) ?? { people, keys: [], tokens: 0 };
    work.keys.push(key);
    work.tokens += tokens;
    byCommit.set(commit, work);
  }
  return gated.flatMap((commit) => {
    const work = byCommit.get(commit);
    return work === undefined ? [] : [{ commit, ...work, keys: work.keys.sort() }];
  });
}
