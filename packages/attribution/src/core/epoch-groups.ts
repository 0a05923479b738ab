/** What one commit brought of what stands at the end of an epoch. */
export interface CommitWork {
  /** Ids of its authors. */
  readonly people: readonly string[];
  readonly pieces: readonly number[];
}

/** Of so many groups of people also every two, and all but one, are tried together. */
export const PAIRED_PARTIES_MAX = 12;

/** Commits (by number, in order) of people who share a commit, directly or through others: one person is one party at most. */
export function partiesOf(works: readonly CommitWork[]): readonly (readonly number[])[] {
  let parties: { readonly people: Set<string>; readonly commits: number[] }[] = [];
  for (const [number, { people }] of works.entries()) {
    const touching = parties.filter((party) => people.some((person) => party.people.has(person)));
    const joined = {
      people: new Set([...people, ...touching.flatMap((party) => [...party.people])]),
      commits: [...touching.flatMap(({ commits }) => commits), number].sort((a, b) => a - b),
    };
    parties = [...parties.filter((party) => !touching.includes(party)), joined];
  }
  return parties.map(({ commits }) => commits);
}

/**
 * Groups of commits whose whole work may be without an effect, likeliest first: all of them, each party's, every two parties',
 * all but one party's. Who writes under two names is two parties.
 */
export function workGroups(works: readonly CommitWork[]): readonly (readonly number[])[] {
  const parties = partiesOf(works);
  const all = [...works.keys()];
  if (parties.length === 1) return [all];
  if (parties.length > PAIRED_PARTIES_MAX) return [all, ...parties];
  const pairs = parties.flatMap((one, index) => parties.slice(index + 1).map((other) => [...one, ...other]));
  const others = parties.map((one) => all.filter((number) => !one.includes(number)));
  return [all, ...parties, ...pairs, ...others];
}

/**
 * Runs of commits after which the program prints what it printed before them. `prints[k]`: what it prints with the first `k`
 * commits alone; `null` where it does not run so. `[from, to)`, longest first.
 */
export function idleRuns(prints: readonly (string | null)[]): readonly (readonly [number, number])[] {
  const places = new Map<string, number[]>();
  for (const [count, print] of prints.entries())
    if (print !== null) places.set(print, [...(places.get(print) ?? []), count]);
  const runs = [...places.values()].flatMap((counts) => {
    const whole = [counts[0] ?? 0, counts.at(-1) ?? 0] as const;
    const steps = counts.slice(1).map((to, index) => [counts[index] ?? 0, to] as const);
    return steps.length < 2 ? steps : [whole, ...steps];
  });
  return runs.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
}
