import { join } from 'node:path';
import type { CanonicalValue } from '@jamnet/base';
import { completeRemoval } from './core/complete-removal.ts';
import { findNeutralHunks, hunksOf, takeBack } from './core/gate.ts';
import { groupBy } from './core/group-by.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import { dialectOf, extensionOf, isNobodysWork } from './core/statement.ts';
import { SteadyCompare } from './core/steady-compare.ts';
import type { WeighedStatement } from './core/weigh.ts';
import { type Change, type ChangedFile, firstParent, readHunks } from './git/hunks.ts';
import { type EpochStatement, findVoidKeys } from './judge-epoch.ts';
import { findIdleKeys } from './judge-statements.ts';
import { isProgram } from './parse/is-program.ts';
import { type ParsedChange, parseChange } from './parse-change.ts';
import { hashOf, TOOL_VERSION } from './report.ts';
import type { RunOutcome } from './use/run-command.ts';
import { Stage, type StageInput } from './use/stage.ts';
import { hashWorkload } from './use/workload.ts';
import { rememberedVerdict, type Verdict } from './verdict-cache.ts';

export interface GateInput extends Omit<StageInput, 'files'> {
  /** Commits that are judged, in arrival order. */
  readonly commits: readonly string[];
  readonly statements: readonly WeighedStatement[];
  /** Of files that are read line by line. */
  readonly extensionsByLine: ReadonlySet<string>;
  /** Place in `commits` at which this epoch begins; `null`: with the first that brought what is judged. */
  readonly epochBegin: number | null;
  /** Statements that are not judged again, by key. */
  readonly passedKeys: ReadonlySet<string>;
  /** A commit's tree with the workload's own files as pinned. */
  readonly treeOf: (commit: string) => Promise<StageInput['files']>;
  readonly cacheDirectory: string | null;
}

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
 * Keys that passed with their commits and come to nothing by the end of the epoch. None where the epoch is one commit, which has
 * been judged. All of them where it cannot be told.
 */
async function voidKeys(
  input: GateInput,
  judged: readonly WeighedStatement[],
  gatedKeys: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { head } = input.repository;
  const passed = judged.filter(({ key }) => !gatedKeys.has(key));
  const arrivals = new Map(input.commits.map((commit, place) => [commit, place]));
  const statements = judged.map(({ key, commit, people }) => ({
    key,
    arrival: arrivals.get(commit) ?? 0,
    people: [...people],
    isGated: gatedKeys.has(key),
  }));
  const first = statements.reduce(
    (least, { arrival }) => Math.min(least, arrival),
    input.epochBegin ?? arrivals.size,
  );
  const change = { from: await lastBefore(input, input.commits.slice(first)), to: head };
  if (passed.length === 0 || change.from === (await firstParent(input.repository, head))) return new Set();
  const about = { from: change.from, statements: statements.map((one) => hashOf(one)).sort() };
  const found = await remembered(input, head, about, () => checkEpoch(input, change, statements));
  return new Set(found ?? passed.map(({ key }) => key));
}

/** Where the main line stood before any of these commits arrived; `null`: at its beginning. */
async function lastBefore(input: GateInput, commits: readonly string[]): Promise<string | null> {
  const came = new Set(commits);
  const line = await input.repository.run(['rev-list', '--first-parent', input.repository.head]);
  const found = line
    .toString('latin1')
    .trim()
    .split('\n')
    .find((commit) => !came.has(commit));
  return found ?? null;
}

/** Keys of statements without an effect on what the workload prints at the end of an epoch. */
async function checkEpoch(
  input: GateInput,
  change: Change,
  statements: readonly EpochStatement[],
): Promise<Verdict> {
  const passed = new Set(statements.filter(({ isGated }) => !isGated).map(({ key }) => key));
  const keys = new Set(statements.map(({ key }) => key));
  return onStage(input, change, async ({ stage, files, compare, outputSha256 }) => {
    if (await isNeutralAsWhole(input, change, compare)) return [...passed];
    const changes = await Promise.all(files.map((file) => parseChange(file, keys)));
    const printedWith = (texts: readonly string[]): Promise<string | null> =>
      compare.printed(async () => {
        await writeTexts(stage, files, texts);
        return stage.run();
      });
    return [...(await findVoidKeys({ changes, statements, printedWith, outputSha256 }))];
  });
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

interface OnStage {
  readonly stage: Stage;
  /** Source files that the change touched. */
  readonly files: readonly ChangedFile[];
  readonly compare: SteadyCompare;
  /** Of what the workload prints after the change. */
  readonly outputSha256: string;
}

/** Judges a change where the workload runs after it. */
async function onStage(
  input: GateInput,
  change: Change,
  judge: (on: OnStage) => Promise<readonly string[]>,
): Promise<Verdict> {
  const inputs = new Set(input.workload.inputs);
  const isSource = (path: string): boolean =>
    (dialectOf(path) !== null || input.extensionsByLine.has(extensionOf(path))) &&
    !isNobodysWork(path) &&
    !inputs.has(path);
  const set = await Stage.set({ ...input, files: await input.treeOf(change.to) });
  if (!set.ok) return { keys: null, isFinal: true };
  const stage = set.value;
  try {
    const baseline = await stage.run();
    if (!baseline.ok) return { keys: null, isFinal: baseline.code !== 'workload-timed-out' };
    const { outputSha256 } = baseline;
    const files = await readHunks(input.repository, change, isSource);
    const compare = new SteadyCompare(outputSha256, async () => {
      await writeWithout(stage, files, new Set());
      return stage.run();
    });
    const keys = await judge({ stage, files, compare, outputSha256 });
    return compare.isBusy ? { keys: null, isFinal: false } : { keys, isFinal: true };
  } finally {
    await stage.remove();
  }
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
  const linked = linkedHunks(
    texts,
    files.map((file) => file.oldText),
  );
  const { neutral, removed } = await findNeutralHunks(
    texts.length,
    (taken) => compare.isSame(() => run(() => writeWithout(stage, files, taken))),
    linked,
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

function hunkTexts({ oldText, newText, hunks }: ChangedFile): HunkTexts[] {
  const [before, after] = [oldText.split('\n'), newText.split('\n')];
  const cut = (lines: readonly string[], start: number, count: number): string =>
    count === 0 ? '' : lines.slice(start - 1, start - 1 + count).join('\n');
  return hunks.map(({ oldStart, oldCount, newStart, newCount }) => ({
    before: cut(before, oldStart, oldCount),
    after: cut(after, newStart, newCount),
  }));
}

/**
 * Whether the workload printed the same before a change: then it is neutral as a whole, whatever files that are no source (a
 * manifest that leads to a copy of somebody's code) it consists of.
 */
async function isNeutralAsWhole(
  input: GateInput,
  { from }: Change,
  compare: SteadyCompare,
): Promise<boolean> {
  if (from === null) return false;
  const stage = await Stage.set({ ...input, files: await input.treeOf(from) });
  if (!stage.ok) return false;
  try {
    return await compare.isSame(() => stage.value.run());
  } finally {
    await stage.value.remove();
  }
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

/** Writes every changed file as it is without the hunks taken; with none taken, as the commit holds it. */
async function writeWithout(
  stage: Stage,
  files: readonly ChangedFile[],
  taken: ReadonlySet<number>,
): Promise<void> {
  for (const { file, own } of byFile(files, taken))
    await stage.write(file.path, textWithout(file, await completed(file, own)));
}

async function writeTexts(
  stage: Stage,
  files: readonly ChangedFile[],
  texts: readonly string[],
): Promise<void> {
  for (const [index, { path }] of files.entries()) await stage.write(path, Buffer.from(texts[index] ?? ''));
}

/** The hunks taken and those that go with them. */
async function allTaken(
  files: readonly ChangedFile[],
  taken: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  const all = new Set<number>();
  for (const { file, own, first } of byFile(files, taken))
    for (const index of await completed(file, own)) all.add(first + index);
  return all;
}

/** Of each file the hunks taken, numbered in it. */
function byFile(files: readonly ChangedFile[], taken: ReadonlySet<number>) {
  let next = 0;
  return files.map((file) => {
    const first = next;
    next += file.hunks.length;
    return { file, first, own: new Set([...file.hunks.keys()].filter((index) => taken.has(first + index))) };
  });
}

/** With the hunks that must go as well for the file to be a program. */
async function completed(file: ChangedFile, own: ReadonlySet<number>): Promise<ReadonlySet<number>> {
  const dialect = dialectOf(file.path);
  if (dialect === null || own.size === 0) return own;
  const isProgramWithout = (removed: ReadonlySet<number>): Promise<boolean> =>
    isProgram(new TextDecoder().decode(textWithout(file, removed)), dialect);
  return (await isProgramWithout(new Set()))
    ? completeRemoval(file.hunks.length, own, isProgramWithout)
    : own;
}

function textWithout({ oldText, newText, hunks }: ChangedFile, removed: ReadonlySet<number>): Buffer {
  const taken = hunks.filter((_, index) => removed.has(index));
  return Buffer.from(takeBack(oldText, newText, taken), 'latin1');
}

/**
 * Keeps a verdict under what decides it, so that later epochs ask again for nothing. Installed packages could change it
 * and are not in its name.
 */
async function remembered(
  input: GateInput,
  commit: string,
  about: CanonicalValue,
  check: () => Promise<Verdict>,
): Promise<Verdict['keys']> {
  if (input.cacheDirectory === null) return rememberedVerdict(null, check);
  const inputs = (await input.treeOf(commit)).filter((file) => input.workload.inputs.includes(file.path));
  const name = hashOf({
    toolVersion: TOOL_VERSION,
    workload: hashWorkload(input.workload),
    inputs: inputs.map((file) => [file.path, file.blob]),
    commit,
    about,
  });
  return rememberedVerdict(join(input.cacheDirectory, `gate-${name}.json`), check);
}
