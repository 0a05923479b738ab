import { limitReplays } from './limited-replays.ts';

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

/** Replays that one verdict may cost. A change that would need more earns nothing by itself: curators look at it. */
export const REPLAYS_PER_CHANGE_MAX = 400;
/** Of so many hunks that are needed one by one, pairs and all but one are tried as well. */
export const PAIRED_NEEDED_MAX = 12;

/** What a change is without: hunks by number. */
export interface NeutralHunks {
  /** Hunks that earn nothing. */
  readonly neutral: ReadonlySet<number>;
  /** Those of them that can all go at once. */
  readonly removed: ReadonlySet<number>;
}

/**
 * Hunks that earn nothing: what can go, together, without a trace, and what can go alone. The rest is needed: by
 * itself it prints what all of them print, and none of it can go (cf. ddmin; Zeller and Hildebrandt 2002). `linked`: hunks that
 * may need each other and are tried together. All of them when the commit changes nothing as a whole, or costs too many replays.
 */
export async function findNeutralHunks(
  count: number,
  replaysSameWithout: IsSameWithout,
  linked: readonly (readonly number[])[] = [],
): Promise<NeutralHunks> {
  const all = Array.from({ length: count }, (_, number) => number);
  const { isSame: isSameWithout, isSpent } = limitReplays(
    replaysSameWithout,
    (hunks) => [...hunks].sort((a, b) => a - b).join(),
    REPLAYS_PER_CHANGE_MAX,
  );
  const whole = { neutral: new Set(all), removed: new Set(all) };
  if (count === 0 || (await isSameWithout(new Set(all)))) return whole;
  const removed = await removeMost(all, linked, isSameWithout);
  const neutral = new Set(removed);
  // Of two that stand in for each other one is needed, and neither earns.
  for (const hunk of all) if (!removed.has(hunk) && (await isSameWithout(new Set([hunk])))) neutral.add(hunk);
  return isSpent() ? whole : { neutral, removed };
}

/** As many hunks as can go at once: linked ones, ever smaller stretches, one by one, then pairs, until no more can. */
async function removeMost(
  all: readonly number[],
  linked: readonly (readonly number[])[],
  isSameWithout: IsSameWithout,
): Promise<ReadonlySet<number>> {
  const removed = new Set<number>();
  const kept = (): number[] => all.filter((hunk) => !removed.has(hunk));
  const drop = async (hunks: readonly number[]): Promise<boolean> => {
    const grown = new Set([...removed, ...hunks]);
    if (grown.size === removed.size || !(await isSameWithout(grown))) return false;
    for (const hunk of hunks) removed.add(hunk);
    return true;
  };
  const dropEach = async (groups: readonly (readonly number[])[]): Promise<boolean> => {
    let isAny = false;
    for (const group of groups) isAny = (await drop(group)) || isAny;
    return isAny;
  };
  await dropEach(linked);
  for (let size = Math.ceil(all.length / 2); size > 1; size = Math.ceil(size / 2))
    await dropEach(chunksOf(kept(), size));
  let isMore = true;
  while (isMore)
    isMore = (await dropEach(chunksOf(kept(), 1))) || (await dropEach([...linked, ...pairsAmong(kept())]));
  return removed;
}

function chunksOf(hunks: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(hunks.length / size) }, (_, n) =>
    hunks.slice(n * size, (n + 1) * size),
  );
}

/** All pairs, and all but one: what needs or undoes each other beside a few real hunks, or beside one. */
function pairsAmong(hunks: readonly number[]): number[][] {
  if (hunks.length > PAIRED_NEEDED_MAX) return [];
  const pairs = hunks.flatMap((one, index) => hunks.slice(index + 1).map((other) => [one, other]));
  return [...pairs, ...hunks.map((one) => hunks.filter((other) => other !== one))];
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

/**
 * Numbers of the hunks a statement came with: the one that holds its first line, else all that touch it, else those that only took
 * lines out of its middle.
 */
export function hunksOf(
  place: { startLine: number; endLine: number },
  path: string,
  hunks: readonly Hunk[],
): number[] {
  const { startLine, endLine } = place;
  const numbersOf = (isWanted: (hunk: Hunk) => boolean): number[] =>
    hunks.flatMap((hunk, number) => (hunk.path === path && isWanted(hunk) ? [number] : []));
  const touching = (to: number): number[] =>
    numbersOf(({ newStart, newCount }) => newCount > 0 && newStart <= to && startLine < newStart + newCount);
  const first = touching(startLine);
  const found = first.length > 0 ? first : touching(endLine);
  // A hunk that adds nothing lies behind its line.
  return found.length > 0
    ? found
    : numbersOf(({ newStart, newCount }) => newCount === 0 && startLine <= newStart && newStart < endLine);
}
