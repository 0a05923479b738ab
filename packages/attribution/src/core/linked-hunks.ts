/** What a hunk took away and what it put there. */
export interface HunkTexts {
  readonly before: string;
  readonly after: string;
}

/** Groups of hunks that are tried together: more of them would cost a large honest change its replays. */
export const LINKED_GROUPS_MAX = 100;

/** Names and numbers; in Latin-1, so that a letter of UTF-8 stays in its word. */
const WORD = /[\w$\x80-\xff]+/g;

/**
 * Hunks (by number) in which one word comes or goes: a new name and its callers, a number added here and taken off there.
 * Those of words that no text held before come first, whole where they overlap; then larger groups before smaller ones.
 */
export function linkedHunks(hunks: readonly HunkTexts[], oldTexts: readonly string[]): readonly number[][] {
  const known = new Set(oldTexts.flatMap((text) => text.match(WORD) ?? []));
  const holders = new Map<string, number[]>();
  for (const [number, { before, after }] of hunks.entries())
    for (const word of changedWords(before, after)) holders.set(word, [...(holders.get(word) ?? []), number]);
  const groups = new Map<string, { readonly numbers: number[]; isNew: boolean }>();
  for (const [word, numbers] of holders) {
    if (numbers.length < 2) continue;
    const group = groups.get(numbers.join()) ?? { numbers, isNew: false };
    group.isNew ||= !known.has(word);
    groups.set(numbers.join(), group);
  }
  const ordered = [...groups.values()].sort(
    (a, b) => Number(b.isNew) - Number(a.isNew) || b.numbers.length - a.numbers.length,
  );
  const joined = joinOverlapping(ordered.filter(({ isNew }) => isNew).map(({ numbers }) => numbers));
  const distinct = new Map(
    [...joined, ...ordered.map(({ numbers }) => numbers)].map((one) => [one.join(), one]),
  );
  return [...distinct.values()].slice(0, LINKED_GROUPS_MAX);
}

/** Several new names at once, whose callers share a hunk, can only go together. */
function joinOverlapping(groups: readonly (readonly number[])[]): number[][] {
  let joined: Set<number>[] = [];
  for (const group of groups) {
    const touching = joined.filter((one) => group.some((number) => one.has(number)));
    const whole = new Set([...group, ...touching.flatMap((one) => [...one])]);
    joined = [...joined.filter((one) => !touching.includes(one)), whole];
  }
  return joined.map((one) => [...one].sort((a, b) => a - b));
}

/** Words on one side only. */
export function changedWords(before: string, after: string): Set<string> {
  const [gone, come] = [new Set(before.match(WORD)), new Set(after.match(WORD))];
  return new Set([
    ...[...gone].filter((word) => !come.has(word)),
    ...[...come].filter((word) => !gone.has(word)),
  ]);
}
