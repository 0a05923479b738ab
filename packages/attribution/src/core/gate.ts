/** A stretch of lines that a commit changed: `newCount` lines from `newStart` replaced `oldCount` from `oldStart` (from 1). */
export interface Hunk {
  readonly path: string;
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** Whether the workload prints the same when these hunks (by number) are taken back. */
export type IsSameWithout = (hunks: ReadonlySet<number>) => Promise<boolean>;

/**
 * Numbers of the hunks that earn nothing: taken back alone they change no output. Beyond that, hunks that only serve such
 * ones (a constant that only a pointless guard reads) fall with them, and so does a commit that changes nothing as a whole.
 */
export async function findNeutralHunks(
  count: number,
  isSameWithout: IsSameWithout,
): Promise<ReadonlySet<number>> {
  const all = new Set(Array.from({ length: count }, (_, number) => number));
  if (count === 0 || (await isSameWithout(all))) return all;
  const neutral = new Set<number>();
  for (const hunk of all) if (await isSameWithout(new Set([hunk]))) neutral.add(hunk);
  const removed = await removeTogether(neutral, isSameWithout);
  for (let grown = removed.size > 0; grown; ) {
    grown = false;
    for (const hunk of all) {
      if (neutral.has(hunk) || !(await isSameWithout(new Set([...removed, hunk])))) continue;
      neutral.add(hunk);
      removed.add(hunk);
      grown = true;
    }
  }
  return neutral;
}

/** As many of the hunks as can go at once without a trace: two that stand in for each other cannot both. */
async function removeTogether(
  neutral: ReadonlySet<number>,
  isSameWithout: IsSameWithout,
): Promise<Set<number>> {
  if (await isSameWithout(neutral)) return new Set(neutral);
  const removed = new Set<number>();
  for (const hunk of neutral) {
    if (await isSameWithout(new Set([...removed, hunk]))) removed.add(hunk);
  }
  return removed;
}

/** Reads the hunk headers of `git diff -U0` (GNU unified format) for one file. */
export function parseHunks(diff: string, path: string): Hunk[] {
  const hunks: Hunk[] = [];
  for (const match of diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [oldStart, oldCount, newStart, newCount] = match.slice(1).map((field) => Number(field ?? 1));
    hunks.push({
      path,
      oldStart: oldStart ?? 0,
      oldCount: oldCount ?? 1,
      newStart: newStart ?? 0,
      newCount: newCount ?? 1,
    });
  }
  return hunks;
}

/** The new text with some of its hunks taken back. Hunks must come in order. */
export function takeBack(oldText: string, newText: string, hunks: readonly Hunk[]): string {
  const oldLines = oldText.split('\n');
  const lines = newText.split('\n');
  for (const hunk of hunks.toReversed()) {
    const before =
      hunk.oldCount === 0 ? [] : oldLines.slice(hunk.oldStart - 1, hunk.oldStart - 1 + hunk.oldCount);
    const at = hunk.newCount === 0 ? hunk.newStart : hunk.newStart - 1;
    lines.splice(at, hunk.newCount, ...before);
  }
  return lines.join('\n');
}

/** Numbers of the hunks a statement came with: the one that holds its first line, else all that touch it. */
export function hunksOf(
  place: { startLine: number; endLine: number },
  path: string,
  hunks: readonly Hunk[],
): number[] {
  const touching = (from: number, to: number): number[] =>
    hunks.flatMap((hunk, number) =>
      hunk.path === path && hunk.newCount > 0 && hunk.newStart <= to && from < hunk.newStart + hunk.newCount
        ? [number]
        : [],
    );
  const first = touching(place.startLine, place.startLine);
  return first.length > 0 ? first : touching(place.startLine, place.endLine);
}
