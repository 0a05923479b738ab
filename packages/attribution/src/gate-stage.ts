import { join } from 'node:path';
import type { CanonicalValue } from '@jamnet/base';
import { dialectOf, extensionOf, isNobodysWork } from './core/statement.ts';
import { type ComparedRun, SteadyCompare, type StopCause } from './core/steady-compare.ts';
import type { WeighedStatement } from './core/weigh.ts';
import { type Change, type ChangedFile, readHunks } from './git/hunks.ts';
import { hashOf, TOOL_VERSION } from './report.ts';
import type { TrialBook } from './trial-book.ts';
import { Stage, type StageInput } from './use/stage.ts';
import { hashWorkload } from './use/workload.ts';
import { rememberedVerdict, type Verdict } from './verdict-cache.ts';
import { writeWithout } from './write-changes.ts';

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
  /** Whether all the time that the gate may take is spent. */
  readonly isTimeSpent: () => boolean;
}

/** A change whose workload runs, ready for replays without parts of it. */
export interface OnStage {
  readonly stage: Stage;
  /** Source files that the change touched. */
  readonly files: readonly ChangedFile[];
  readonly compare: SteadyCompare;
  /** Of what the workload prints after the change. */
  readonly outputSha256: string;
}

/** Judges a change where the workload runs after it; `trials`: what earlier tries to do so have asked of replays. */
export async function onStage(
  input: GateInput,
  change: Change,
  trials: TrialBook,
  judge: (on: OnStage) => Promise<readonly string[]>,
): Promise<Verdict> {
  if (input.isTimeSpent()) return { kind: 'unfinished', cause: 'time-spent' };
  const inputs = new Set(input.workload.inputs);
  const isSource = (path: string): boolean =>
    (dialectOf(path) !== null || input.extensionsByLine.has(extensionOf(path))) &&
    !isNobodysWork(path) &&
    !inputs.has(path);
  const set = await Stage.set({ ...input, files: await input.treeOf(change.to) });
  if (!set.ok) return { kind: 'does-not-run', isFinal: true };
  const stage = set.value;
  try {
    const baseline = await steadyRun(stage, trials);
    if (!baseline.ok) return { kind: 'does-not-run', isFinal: !baseline.isDoubtful };
    const { outputSha256 } = baseline;
    const files = await readHunks(input.repository, change, isSource);
    const compare = new SteadyCompare({
      expectedSha256: outputSha256,
      runKnown: async () => {
        await writeWithout(stage, files, new Set());
        return stage.run();
      },
      known: trials,
      isTimeSpent: input.isTimeSpent,
    });
    const keys = await judge({ stage, files, compare, outputSha256 });
    const cause = compare.stopped;
    return cause === null ? { kind: 'judged', keys } : { kind: 'unfinished', cause };
  } finally {
    await stage.remove();
  }
}

/** What it prints, twice the same: of a program that prints something else each time nothing can be told. */
async function steadyRun(stage: Stage, trials: TrialBook): Promise<ComparedRun> {
  const first = await stage.run();
  if (!first.ok) return first;
  // What was tried beside another print (of other packages, on another day) says nothing of this one.
  if (trials.get(AS_IT_IS) === first.outputSha256) return first;
  await trials.forget();
  const second = await stage.run();
  if (!second.ok || second.outputSha256 !== first.outputSha256) return { ok: false, isDoubtful: true };
  await trials.keep(AS_IT_IS, first.outputSha256);
  return first;
}

/** The trial without any change. */
const AS_IT_IS = 'as it is';

export type HeadVerdict =
  | Extract<Verdict, { readonly kind: 'judged' }>
  | { readonly kind: 'unfinished'; readonly cause: StopCause | 'head-unsteady' };

/** At the head the workload ran a moment ago: where it does not now nobody is judged by that, and nothing is kept. */
export async function atHead(
  input: GateInput,
  about: CanonicalValue,
  check: (trials: TrialBook) => Promise<Verdict>,
): Promise<HeadVerdict> {
  let isUnsteady = false;
  const found = await remembered(input, input.repository.head, about, async (trials) => {
    const verdict = await check(trials);
    isUnsteady = verdict.kind === 'does-not-run';
    return isUnsteady ? { kind: 'unfinished', cause: 'machine-busy' } : verdict;
  });
  return isUnsteady || found.kind === 'does-not-run' ? { kind: 'unfinished', cause: 'head-unsteady' } : found;
}

/**
 * Whether the workload printed the same before a change: then it is neutral as a whole, whatever files that are no source (a
 * manifest that leads to a copy of somebody's code) it consists of.
 */
export async function isNeutralAsWhole(
  input: GateInput,
  { from }: Change,
  compare: SteadyCompare,
): Promise<boolean> {
  if (from === null) return false;
  const stage = await Stage.set({ ...input, files: await input.treeOf(from) });
  if (!stage.ok) return false;
  try {
    return await compare.isSame('before the change', () => stage.value.run());
  } finally {
    await stage.value.remove();
  }
}

/** What a trial with these texts of the changed files is called. */
export function nameOfTexts(texts: readonly string[]): string {
  return `texts ${hashOf(texts)}`;
}

/**
 * Keeps a verdict under what decides it, so that later epochs ask again for nothing. Installed packages could change it
 * and are not in its name.
 */
export async function remembered(
  input: GateInput,
  commit: string,
  about: CanonicalValue,
  check: (trials: TrialBook) => Promise<Verdict>,
): Promise<Verdict> {
  if (input.cacheDirectory === null) return rememberedVerdict(null, check);
  const inputs = (await input.treeOf(commit)).filter((file) => input.workload.inputs.includes(file.path));
  const name = hashOf({
    toolVersion: TOOL_VERSION,
    workload: hashWorkload(input.workload),
    inputs: inputs.map((file) => [file.path, file.blob]),
    commit,
    about,
    byLine: [...input.extensionsByLine].sort(),
  });
  return rememberedVerdict(join(input.cacheDirectory, `gate-${name}.json`), check);
}
