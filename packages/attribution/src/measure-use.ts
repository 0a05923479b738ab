import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { WeighedStatement } from './core/weigh.ts';
import type { UsedPackage } from './dependencies/divide-budget.ts';
import { readDependencies } from './dependencies/read-dependencies.ts';
import { readSizes } from './git/blobs.ts';
import { readTree, type TreeFile } from './git/history.ts';
import type { Repository } from './git/open-repository.ts';
import type { History } from './read-history.ts';
import type { Evidence, UsageProblem } from './report.ts';
import { type GateOutcome, runGate } from './run-gate.ts';
import type { UsageByPath } from './use/coverage.ts';
import { replay } from './use/replay.ts';
import type { SandboxOptions } from './use/sandbox.ts';
import { hashWorkload, type Workload } from './use/workload.ts';

export type MeasureCode = 'gate-start-unknown';

/** What the gate may take when nobody says otherwise. */
export const GATE_SECONDS_DEFAULT = 4 * 3600;

export interface MeasureOptions {
  /** Third-party packages for the replay: a folder named `node_modules`. */
  readonly nodeModulesDirectory?: string;
  readonly sandbox?: SandboxOptions;
  /**
   * Id (at least 7 digits) of the last commit before this epoch: the gate judges those that arrived after it. Absent: it does not run. With
   * `passedKeys` it says only from where on commits may undo each other, and may be unknown here.
   */
  readonly gateSince?: string;
  /**
   * Statements that passed the gate in earlier epochs, or stood there before it first ran, by key. The gate then judges every
   * other one that would earn, whenever it arrived: code that lay unused until a later commit called it is judged when it runs.
   */
  readonly passedKeys?: ReadonlySet<string>;
  /** After so long the gate stops without a verdict; with a cache the next run goes on there. Default {@link GATE_SECONDS_DEFAULT}. */
  readonly gateSeconds?: number;
  /** Monotonic; default `performance.now`. */
  readonly nowMs?: () => number;
  readonly cacheDirectory?: string;
  readonly onNote?: (line: string) => void;
}

export interface Measured {
  readonly usage: UsageByPath;
  readonly evidence: Evidence;
  /** Files of the workload itself: they do not earn by it. */
  readonly workloadPaths: ReadonlySet<string>;
  /** Third-party packages that ran; `null`: not known. */
  readonly packages: readonly UsedPackage[] | null;
  readonly gate?: (
    statements: readonly WeighedStatement[],
    extensionsByLine: ReadonlySet<string>,
  ) => Promise<GateOutcome>;
}

export const NO_EVIDENCE: Evidence = {
  workloadHash: null,
  outputSha256: null,
  usageHash: null,
  sandbox: null,
  problem: null,
  dependencyProblem: null,
  gateUnchecked: [],
  byLine: [],
};

/** Replays the workload at the head. What keeps it from running is part of the answer, not a refusal. */
export async function measureUse(
  repository: Repository,
  history: History,
  workload: Workload | null,
  options: MeasureOptions,
): Promise<Result<Measured, MeasureCode>> {
  const { passedKeys } = options;
  const epoch = passedKeys === undefined ? commitsAfter(history, options.gateSince) : ordered(history);
  if (epoch === null) {
    return refuse(
      'gate-start-unknown',
      `gateSince ${options.gateSince} is not one commit of this history: give its id, at least 7 digits of it.`,
    );
  }
  if (workload === null) {
    const message =
      'No workload is pinned, so no use is measured and no share is paid: give one (--workload FILE), {command, inputs, timeLimitSeconds}, or use that was recorded (--usage FILE).';
    return ok(unmeasured({ code: 'workload-missing', message }, null));
  }
  const workloadHash = hashWorkload(workload);
  const inputs = await pinnedInputs(repository, history.tree, workload);
  const bench = {
    repository,
    workload,
    nodeModulesDirectory: options.nodeModulesDirectory ?? null,
    sandbox: options.sandbox ?? {},
  };
  const files = withInputs(history.tree, inputs, workload);
  const replayed = await replay({ ...bench, files, onNote: options.onNote ?? (() => undefined) });
  if (!replayed.ok) return ok(unmeasured({ code: replayed.code, message: replayed.message }, workloadHash));
  const { coverage, outputSha256, sandbox } = replayed.value;
  const { nodeModulesDirectory } = bench;
  const { tree } = history;
  const dependencies = await readDependencies({
    repository,
    tree,
    nodeModulesDirectory,
    uses: coverage.packages,
  });
  const problem = dependencies.ok ? null : { code: dependencies.code, message: dependencies.message };
  const treeOf = async (commit: string): Promise<readonly TreeFile[]> =>
    withInputs(await readTree(repository, commit), inputs, workload);
  const cacheDirectory = options.cacheDirectory ?? null;
  const nowMs = options.nowMs ?? (() => performance.now());
  const endMs = nowMs() + (options.gateSeconds ?? GATE_SECONDS_DEFAULT) * 1000;
  const gate: Measured['gate'] = (statements, extensionsByLine) =>
    runGate({
      ...bench,
      commits: epoch,
      epochBegin: passedKeys === undefined ? 0 : placeAfter(history, options.gateSince),
      statements,
      extensionsByLine,
      passedKeys: passedKeys ?? new Set(),
      treeOf,
      cacheDirectory,
      isTimeSpent: () => nowMs() >= endMs,
    });
  return ok({
    usage: coverage.files,
    evidence: { ...NO_EVIDENCE, workloadHash, outputSha256, sandbox, dependencyProblem: problem },
    packages: dependencies.ok ? dependencies.value : null,
    workloadPaths: new Set(workload.inputs),
    ...(options.gateSince === undefined && passedKeys === undefined ? {} : { gate }),
  });
}

function commitsAfter(history: History, since: string | undefined): readonly string[] | null {
  if (since === undefined) return [];
  const begin = placeAfter(history, since);
  return begin === null ? null : ordered(history).slice(begin);
}

function placeAfter(history: History, since: string | undefined): number | null {
  if (since === undefined || !/^[0-9a-f]{7,64}$/.test(since)) return null;
  const places = [...ordered(history).entries()].filter(([, id]) => id.startsWith(since));
  const [[place] = [-1]] = places;
  return places.length === 1 ? place + 1 : null;
}

function ordered(history: History): readonly string[] {
  return history.commits.map((commit) => commit.id);
}

/** No use, and why. */
export function unmeasured(problem: UsageProblem, workloadHash: string | null): Measured {
  return {
    usage: new Map(),
    evidence: { ...NO_EVIDENCE, workloadHash, problem },
    packages: null,
    workloadPaths: new Set(),
  };
}

/** The workload's own files: as curators pinned them, by content or by commit, else as the head holds them. */
async function pinnedInputs(
  repository: Repository,
  tree: readonly TreeFile[],
  workload: Workload,
): Promise<readonly TreeFile[]> {
  const inputs = new Set(workload.inputs);
  if (workload.inputBlobs !== undefined) {
    const known = await readSizes(repository, Object.values(workload.inputBlobs));
    return Object.entries(workload.inputBlobs)
      .filter(([, blob]) => known.has(blob))
      .map(([path, blob]) => ({ path, blob, mode: '100644' }));
  }
  const source =
    workload.inputsFromCommit === undefined ? tree : await treeOrEmpty(repository, workload.inputsFromCommit);
  return source.filter((file) => inputs.has(file.path));
}

function withInputs(
  tree: readonly TreeFile[],
  inputs: readonly TreeFile[],
  workload: Workload,
): readonly TreeFile[] {
  return [...tree.filter((file) => !workload.inputs.includes(file.path)), ...inputs];
}

async function treeOrEmpty(repository: Repository, commit: string): Promise<readonly TreeFile[]> {
  try {
    return await readTree(repository, commit);
  } catch (error) {
    // An unknown commit holds no input: the replay then names the first one that is missing.
    if (error instanceof Failure && error.code === 'git-failed') return [];
    throw error;
  }
}
