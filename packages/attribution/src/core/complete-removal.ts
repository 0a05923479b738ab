/** Whether a file is still a program of its language without these of its hunks (by number). */
export type IsProgramWithout = (hunks: ReadonlySet<number>) => Promise<boolean>;

/** Hunks among which pairs are tried: more of them stay together. */
export const PAIRED_HUNKS_MAX = 30;

/**
 * The hunks to take back with `removed` so that what is left of the file is a program again: an opening brace goes with its
 * closing one. Else noise would pass for needed because it shares a hunk with half a pair of braces. `removed` itself when it
 * needs no others, or when no others help.
 */
export async function completeRemoval(
  count: number,
  removed: ReadonlySet<number>,
  isProgramWithout: IsProgramWithout,
): Promise<ReadonlySet<number>> {
  if (removed.size === 0 || (await isProgramWithout(removed))) return removed;
  const grown = new Set(removed);
  const added: number[] = [];
  for (const hunk of nearestFirst(count, removed)) {
    grown.add(hunk);
    added.push(hunk);
    if (await isProgramWithout(grown)) return giveBack(grown, added, isProgramWithout);
  }
  return removed;
}

/** What comes after the first removed hunk, then what comes before it. */
function nearestFirst(count: number, removed: ReadonlySet<number>): number[] {
  const [first = 0] = [...removed].sort((a, b) => a - b);
  const others = Array.from({ length: count }, (_, hunk) => hunk).filter((hunk) => !removed.has(hunk));
  return [...others.filter((hunk) => hunk > first), ...others.filter((hunk) => hunk < first).reverse()];
}

/** Leaves out again what the program does not need to lose: one by one, then by pairs, as braces come. */
async function giveBack(
  grown: Set<number>,
  added: readonly number[],
  isProgramWithout: IsProgramWithout,
): Promise<ReadonlySet<number>> {
  const tryWith = async (hunks: readonly number[]): Promise<void> => {
    if (!hunks.every((hunk) => grown.has(hunk))) return;
    for (const hunk of hunks) grown.delete(hunk);
    if (!(await isProgramWithout(grown))) for (const hunk of hunks) grown.add(hunk);
  };
  for (const hunk of added) await tryWith([hunk]);
  const left = added.filter((hunk) => grown.has(hunk));
  if (left.length > PAIRED_HUNKS_MAX) return grown;
  for (const [index, one] of left.entries()) {
    for (const other of left.slice(index + 1)) await tryWith([one, other]);
  }
  return grown;
}
