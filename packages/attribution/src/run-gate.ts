import { findNeutralHunks, hunksOf } from './core/gate.ts';
import { groupBy } from './core/group-by.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import type { SteadyCompare } from './core/steady-compare.ts';
import { type GateInput, isNeutralAsWhole, onStage, remembered } from './gate-stage.ts';
import { type Change, type ChangedFile, firstParent } from './git/hunks.ts';
import { findIdleKeys } from './judge-statements.ts';
import { type ParsedChange, parseChange } from './parse-change.ts';
import { voidKeys } from './run-epoch-gate.ts';
import type { RunOutcome } from './use/run-command.ts';
import type { Stage } from './use/stage.ts';
import type { Verdict } from './verdict-cache.ts';
import { allTaken, writeTexts, writeWithout } from './write-changes.ts';

export interface GateOutcome {
  readonly gatedKeys: ReadonlySet<string>;
  /** Commits with at least one neutral hunk. */
  readonly gated: readonly string[];
  /** Commits at which the workload does not run: what they brought was judged at the head. */
  readonly unchecked: readonly string[];
}

/** Takes hunks of each commit that would earn back, together and alone, and replays; those that change no output are gated. */
export async function runGate(input: GateInput): Promise<GateOutcome> {
  const neutralOf = new Map<string, readonly string[]>();
  const waiting = new Map<string, ReadonlySet<string>>();
  const earning = groupBy(
    input.statements.filter(({ key, weight }) => weight > 0n && !input.passedKeys.has(key)),
    ({ commit }) => commit,
  );
  for (const commit of input.commits) {
    const keys = new Set(earning.get(commit)?.map(({ key }) => key));
    if (keys.size === 0) continue;
    const check = async (): Promise<Verdict> =>
      checkChange(input, { from: await firstParent(input.repository, commit), to: commit }, keys);
    const found = await remembered(input, commit, [...keys].sort(), check);
    if (found === null) waiting.set(commit, keys);
    else neutralOf.set(commit, found);
  }
  const late = await checkAtHead(input, waiting);
  for (const [commit, keys] of waiting)
    neutralOf.set(
      commit,
      [...keys].filter((key) => late.has(key)),
    );
  const byCommits = new Set([...neutralOf.values()].flat());
  const judged = input.commits.flatMap((commit) => earning.get(commit) ?? []);
  const gatedKeys = new Set([...byCommits, ...(await voidKeys(input, judged, byCommits))]);
  const held = new Set(judged.filter(({ key }) => gatedKeys.has(key)).map(({ commit }) => commit));
  return {
    gatedKeys,
    gated: input.commits.filter((commit) => held.has(commit)),
    unchecked: [...waiting.keys()],
  };
}

/**
 * Neutral keys of commits at which the workload does not run, by what they changed up to the head, where it does: else noise
 * in a commit that fails on purpose, mended by the next one, would be paid. If it fails there as well, none of them is paid.
 */
async function checkAtHead(
  input: GateInput,
  waiting: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const [first] = waiting.keys();
  if (first === undefined) return new Set();
  const { repository } = input;
  const keys = new Set([...waiting.values()].flatMap((own) => [...own]));
  const check = async (): Promise<Verdict> =>
    checkChange(input, { from: await firstParent(repository, first), to: repository.head }, keys);
  return new Set((await remembered(input, repository.head, [...keys].sort(), check)) ?? keys);
}

/** Keys that came with neutral hunks only, or with none: what became new by a name elsewhere nobody wrote here. */
async function checkChange(input: GateInput, change: Change, keys: ReadonlySet<string>): Promise<Verdict> {
  return onStage(input, change, async ({ stage, files, compare }) =>
    (await isNeutralAsWhole(input, change, compare)) ? [...keys] : neutralKeys(stage, files, keys, compare),
  );
}

async function neutralKeys(
  stage: Stage,
  files: readonly ChangedFile[],
  keys: ReadonlySet<string>,
  compare: SteadyCompare,
): Promise<string[]> {
  const run = async (write: () => Promise<void>): Promise<RunOutcome> => {
    await write();
    return stage.run();
  };
  const changes = await Promise.all(files.map((file) => parseChange(file, keys)));
  const hunksOfKey = earningHunks(changes, keys);
  const texts = files.flatMap(hunkTexts);
  // With what was deleted put back, what led to it can be taken back by itself.
  const deleted = files.flatMap(({ hunks, isDeleted }) => hunks.map(() => isDeleted === true));
  const linked = linkedHunks(
    texts,
    files.map((file) => file.oldText),
  );
  const { neutral, removed } = await findNeutralHunks(
    texts.length,
    (taken) => compare.isSame(() => run(() => writeWithout(stage, files, taken))),
    [[...deleted.keys()].filter((number) => deleted[number]), ...linked],
  );
  const isNeutral = (key: string): boolean =>
    (hunksOfKey.get(key) ?? []).every((number) => neutral.has(number));
  const idle = await findIdleKeys({
    changes,
    keys: new Set([...keys].filter((key) => !isNeutral(key))),
    neutralHunks: neutral,
    takenBack: await allTaken(files, removed),
    isSameWith: (wanted) => compare.isSame(() => run(() => writeTexts(stage, files, wanted))),
  });
  return [...keys].filter((key) => isNeutral(key) || idle.has(key));
}

/** Of a deleted file none: it would be linked to whatever else has one of its words. */
function hunkTexts({ oldText, newText, hunks, isDeleted }: ChangedFile): HunkTexts[] {
  if (isDeleted) return hunks.map(() => ({ before: '', after: '' }));
  const [before, after] = [oldText.split('\n'), newText.split('\n')];
  const cut = (lines: readonly string[], start: number, count: number): string =>
    count === 0 ? '' : lines.slice(start - 1, start - 1 + count).join('\n');
  return hunks.map(({ oldStart, oldCount, newStart, newCount }) => ({
    before: cut(before, oldStart, oldCount),
    after: cut(after, newStart, newCount),
  }));
}

/** For each earning statement of the commit the hunks (numbered through all files) that brought it. */
function earningHunks(changes: readonly ParsedChange[], keys: ReadonlySet<string>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  let first = 0;
  for (const { file, after } of changes) {
    for (const statement of after) {
      if (!keys.has(statement.key)) continue;
      const own = hunksOf(statement, file.path, file.hunks).map((number) => first + number);
      if (own.length > 0) found.set(statement.key, [...(found.get(statement.key) ?? []), ...own]);
    }
    first += file.hunks.length;
  }
  return found;
}
