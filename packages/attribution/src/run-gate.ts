import { findNeutralHunks, hunksOf } from './core/gate.ts';
import { groupBy } from './core/group-by.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import type { SteadyCompare, StopCause } from './core/steady-compare.ts';
import {
  atHead,
  type GateInput,
  type HeadVerdict,
  isNeutralAsWhole,
  nameOfTexts,
  onStage,
  remembered,
} from './gate-stage.ts';
import { type Change, type ChangedFile, firstParent } from './git/hunks.ts';
import { findIdleKeys } from './judge-statements.ts';
import { type ParsedChange, parseChange } from './parse-change.ts';
import { findUndone } from './run-epoch-gate.ts';
import type { TrialBook } from './trial-book.ts';
import type { RunOutcome } from './use/run-command.ts';
import type { Stage } from './use/stage.ts';
import type { Verdict } from './verdict-cache.ts';
import { allTaken, writeTexts, writeWithout } from './write-changes.ts';

export interface GateFindings {
  readonly kind: 'judged';
  readonly gatedKeys: ReadonlySet<string>;
  /** Commits with at least one neutral hunk. */
  readonly gated: readonly string[];
  /** Commits at which the workload does not run: what they brought was judged at the head. */
  readonly unchecked: readonly string[];
}

/** `unfinished`: nobody can be paid by it yet; another run goes on where this one stopped. */
export type GateOutcome =
  | GateFindings
  | { readonly kind: 'unfinished'; readonly cause: UnfinishedCause; readonly commit: string };

export type UnfinishedCause = StopCause | 'head-unsteady';

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
    const found = await checkCommit(input, commit, keys);
    if (found.kind === 'unfinished') return { ...found, commit };
    if (found.kind === 'judged') neutralOf.set(commit, found.keys);
    else waiting.set(commit, keys);
  }
  const { head } = input.repository;
  const late = await checkAtHead(input, waiting);
  if (late.kind === 'unfinished') return { ...late, commit: head };
  const byCommits = new Set([...[...neutralOf.values()].flat(), ...late.keys]);
  const judged = input.commits.flatMap((commit) => earning.get(commit) ?? []);
  const undone = await findUndone(input, judged, byCommits);
  if (undone.kind === 'unfinished') return { ...undone, commit: head };
  const gatedKeys = new Set([...byCommits, ...undone.keys]);
  const held = new Set(judged.filter(({ key }) => gatedKeys.has(key)).map(({ commit }) => commit));
  return {
    kind: 'judged',
    gatedKeys,
    gated: input.commits.filter((commit) => held.has(commit)),
    unchecked: [...waiting.keys()],
  };
}

async function checkCommit(input: GateInput, commit: string, keys: ReadonlySet<string>): Promise<Verdict> {
  const change = { from: await firstParent(input.repository, commit), to: commit };
  return remembered(input, commit, [...keys].sort(), (trials) => checkChange(input, change, keys, trials));
}

/**
 * Neutral keys of commits at which the workload does not run, by what they changed up to the head, where it does: else noise
 * in a commit that fails on purpose, mended by the next one, would be paid.
 */
async function checkAtHead(
  input: GateInput,
  waiting: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<HeadVerdict> {
  const [first] = waiting.keys();
  if (first === undefined) return { kind: 'judged', keys: [] };
  const { repository } = input;
  const keys = new Set([...waiting.values()].flatMap((own) => [...own]));
  const change = { from: await firstParent(repository, first), to: repository.head };
  return atHead(input, [...keys].sort(), (trials) => checkChange(input, change, keys, trials));
}

/** Keys that came with neutral hunks only, or with none: what became new by a name elsewhere nobody wrote here. */
async function checkChange(
  input: GateInput,
  change: Change,
  keys: ReadonlySet<string>,
  trials: TrialBook,
): Promise<Verdict> {
  return onStage(input, change, trials, async ({ stage, files, compare }) =>
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
    (taken) =>
      compare.isSame(`without ${[...taken].sort((a, b) => a - b).join()}`, () =>
        run(() => writeWithout(stage, files, taken)),
      ),
    [[...deleted.keys()].filter((number) => deleted[number]), ...linked],
  );
  const isNeutral = (key: string): boolean =>
    (hunksOfKey.get(key) ?? []).every((number) => neutral.has(number));
  const idle = await findIdleKeys({
    changes,
    keys: new Set([...keys].filter((key) => !isNeutral(key))),
    neutralHunks: neutral,
    takenBack: await allTaken(files, removed),
    isSameWith: (wanted) =>
      compare.isSame(nameOfTexts(wanted), () => run(() => writeTexts(stage, files, wanted))),
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
