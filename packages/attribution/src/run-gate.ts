import { join } from 'node:path';
import { completeRemoval } from './core/complete-removal.ts';
import { findNeutralHunks, hunksOf, takeBack } from './core/gate.ts';
import { groupBy } from './core/group-by.ts';
import { type HunkTexts, linkedHunks } from './core/linked-hunks.ts';
import { dialectOf, extensionOf, isNobodysWork, type PlacedStatement } from './core/statement.ts';
import { SteadyCompare } from './core/steady-compare.ts';
import type { WeighedStatement } from './core/weigh.ts';
import { type Change, type ChangedFile, firstParent, readHunks } from './git/hunks.ts';
import { findIdleKeys, type ParsedChange } from './judge-statements.ts';
import { isProgram } from './parse/is-program.ts';
import { lineStatements } from './parse/lines.ts';
import { isTreeDialect, parseSource } from './parse/parse-source.ts';
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
    const found = await remembered(input, commit, keys, check);
    if (found === null) waiting.set(commit, keys);
    else neutralOf.set(commit, found);
  }
  const late = await checkAtHead(input, waiting);
  for (const [commit, keys] of waiting)
    neutralOf.set(
      commit,
      [...keys].filter((key) => late.has(key)),
    );
  return {
    gatedKeys: new Set([...neutralOf.values()].flat()),
    gated: input.commits.filter((commit) => (neutralOf.get(commit) ?? []).length > 0),
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
  return new Set((await remembered(input, repository.head, keys, check)) ?? keys);
}

/** Keys that came with neutral hunks only, or with none: what became new by a name elsewhere nobody wrote here. */
async function checkChange(input: GateInput, change: Change, keys: ReadonlySet<string>): Promise<Verdict> {
  const inputs = new Set(input.workload.inputs);
  const isSource = (path: string): boolean =>
    (dialectOf(path) !== null || input.extensionsByLine.has(extensionOf(path))) &&
    !isNobodysWork(path) &&
    !inputs.has(path);
  const stage = await Stage.set({ ...input, files: await input.treeOf(change.to) });
  if (!stage.ok) return { keys: null, isFinal: true };
  try {
    const baseline = await stage.value.run();
    if (!baseline.ok) return { keys: null, isFinal: baseline.code !== 'workload-timed-out' };
    const files = await readHunks(input.repository, change, isSource);
    const compare = new SteadyCompare(baseline.outputSha256, async () => {
      await writeWithout(stage.value, files, new Set());
      return stage.value.run();
    });
    const neutral = (await isNeutralAsWhole(input, change, compare))
      ? [...keys]
      : await neutralKeys(stage.value, files, keys, compare);
    return compare.isBusy ? { keys: null, isFinal: false } : { keys: neutral, isFinal: true };
  } finally {
    await stage.value.remove();
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
  const changes = await Promise.all(files.map((file) => parsed(file, keys)));
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

async function parsed(file: ChangedFile, keys: ReadonlySet<string>): Promise<ParsedChange> {
  const [before, after] = [
    await statementsIn(file.path, file.oldText),
    await statementsIn(file.path, file.newText),
  ];
  // A file that a grammar reads at this commit may be read by line at the head.
  const isByLine = after.lines.some(({ key }) => keys.has(key));
  const isByTree = !isByLine || after.tree.some(({ key }) => keys.has(key));
  return isByTree
    ? { file, before: before.tree, after: after.tree }
    : { file, before: before.lines, after: after.lines };
}

async function statementsIn(
  path: string,
  text: string,
): Promise<{ readonly tree: readonly PlacedStatement[]; readonly lines: readonly PlacedStatement[] }> {
  const bytes = Buffer.from(text, 'latin1');
  const dialect = dialectOf(path);
  const read = dialect === null ? 'unparsable' : await parseSource(bytes, dialect);
  const isByLine = dialect === null || isTreeDialect(dialect);
  const lines = isByLine ? lineStatements(new TextDecoder().decode(bytes)) : [];
  return { tree: typeof read === 'string' ? [] : read, lines };
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
 * Keeps a commit's verdict under what decides it, so that later epochs ask again for nothing. Installed packages could change it
 * and are not in its name.
 */
async function remembered(
  input: GateInput,
  commit: string,
  keys: ReadonlySet<string>,
  check: () => Promise<Verdict>,
): Promise<Verdict['keys']> {
  if (input.cacheDirectory === null) return rememberedVerdict(null, check);
  const inputs = (await input.treeOf(commit)).filter((file) => input.workload.inputs.includes(file.path));
  const name = hashOf({
    toolVersion: TOOL_VERSION,
    workload: hashWorkload(input.workload),
    inputs: inputs.map((file) => [file.path, file.blob]),
    commit,
    keys: [...keys].sort(),
  });
  return rememberedVerdict(join(input.cacheDirectory, `gate-${name}.json`), check);
}
