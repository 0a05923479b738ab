import { Failure, ok, type Result } from '@jamnet/base';
import { BlobCache } from './blob-cache.ts';
import { type Mailmap, parseMailmap } from './core/mailmap.ts';
import { PeopleRegister } from './core/people.ts';
import { type WeighedStatement, weighStatements } from './core/weigh.ts';
import { readBlobs, readSizes } from './git/blobs.ts';
import { readTree, type TreeFile } from './git/history.ts';
import { type OpenCode, openRepository, type Repository } from './git/open-repository.ts';
import { type History, readHistory } from './read-history.ts';
import {
  type AttributionReport,
  buildReport,
  type Evidence,
  hashOf,
  TOOL_VERSION,
  type UsageProblem,
} from './report.ts';
import type { UsageByPath } from './use/coverage.ts';
import { replay } from './use/replay.ts';
import type { SandboxOptions } from './use/sandbox.ts';
import { parseUsageFiles, type UsageCode } from './use/usage-file.ts';
import { hashWorkload, parseWorkload, type Workload, type WorkloadCode } from './use/workload.ts';

export type AttributeCode = OpenCode | WorkloadCode | UsageCode;

export interface HistoryOptions {
  /** Top folder of a working tree, a bare repository, or a git bundle file. */
  readonly repoDirectory: string;
  /** Name for the report; default `git:` and the oldest commit's id. */
  readonly repositoryName?: string;
  /** Default `HEAD`. */
  readonly revision?: string;
  /** Parsed blobs are kept here between runs. */
  readonly cacheDirectory?: string;
  /** Names or addresses that earn nothing. Marks ending in `[bot]` need no entry. */
  readonly botList?: readonly string[];
  /** Told what is no part of the report: a failing workload's words. */
  readonly onNote?: (line: string) => void;
}

export interface AttributeOptions extends HistoryOptions {
  /** Pinned by policy. `null`: ownership only, no share is paid. */
  readonly workload: Workload | null;
  /** Third-party packages for the replay: a folder named `node_modules`. */
  readonly nodeModulesDirectory?: string;
  readonly sandbox?: SandboxOptions;
}

export interface UsageOptions extends HistoryOptions {
  /** Contents of usage files (`jamnet/usage/v1`), e.g. sampled from production; counts of several add up. */
  readonly usage: readonly unknown[];
}

/** A report with the statements behind it. */
export interface Attribution {
  readonly report: AttributionReport;
  readonly statements: readonly WeighedStatement[];
}

interface Measured {
  readonly usage: UsageByPath;
  readonly evidence: Evidence;
  readonly workloadPaths: ReadonlySet<string>;
}

/** Shares of a repository's code by what a pinned workload really runs. See README for the rule. */
export async function attribute(
  options: AttributeOptions,
): Promise<Result<AttributionReport, AttributeCode>> {
  const found = await attributeInDetail(options);
  return found.ok ? ok(found.value.report) : found;
}

export async function attributeInDetail(
  options: AttributeOptions,
): Promise<Result<Attribution, AttributeCode>> {
  const workload = options.workload === null ? null : parseWorkload(options.workload);
  if (workload !== null && !workload.ok) return workload;
  return inspect(options, (repository, history) =>
    measure(repository, history, workload?.value ?? null, options),
  );
}

/** Shares by recorded use instead of a replay. */
export async function attributeWithUsage(
  options: UsageOptions,
): Promise<Result<AttributionReport, AttributeCode>> {
  const usage = parseUsageFiles(options.usage);
  if (!usage.ok) return usage;
  const measured: Measured = { usage: usage.value, evidence: NO_EVIDENCE, workloadPaths: new Set() };
  const found = await inspect(options, () => Promise.resolve(measured));
  return found.ok ? ok(found.value.report) : found;
}

async function inspect(
  options: HistoryOptions,
  take: (repository: Repository, history: History) => Promise<Measured>,
): Promise<Result<Attribution, AttributeCode>> {
  const opened = await openRepository(options.repoDirectory, options.revision);
  if (!opened.ok) return opened;
  const repository = opened.value;
  try {
    const cache = await BlobCache.open(options.cacheDirectory ?? null);
    const history = await readHistory(repository, cache);
    await cache.save();
    const measured = await take(repository, history);
    return ok(conclude(options, repository, history, measured, await readMailmap(repository, history.tree)));
  } finally {
    await repository.close();
  }
}

function conclude(
  options: HistoryOptions,
  repository: Repository,
  history: History,
  measured: Measured,
  mailmap: Mailmap,
): Attribution {
  const people = new PeopleRegister(mailmap, options.botList ?? []);
  const authors = new Map(history.commits.map((commit) => [commit.id, people.authorsOf(commit)]));
  const statements = weighStatements({
    files: history.files.map((file) => ({
      ...file,
      usage: measured.usage.get(file.path) ?? null,
      isWorkload: measured.workloadPaths.has(file.path),
    })),
    ownerOf: (key) => history.book.ownerOf(key),
    peopleOf: (commit) => authors.get(commit) ?? [],
    gatedKeys: new Set(),
  });
  const evidence = {
    ...measured.evidence,
    usageHash: measured.evidence.problem === null ? hashUses(statements) : null,
  };
  const inputHash = hashOf({
    head: repository.head,
    toolVersion: TOOL_VERSION,
    botList: [...(options.botList ?? [])].sort(),
    workloadHash: measured.evidence.workloadHash,
    outputSha256: measured.evidence.outputSha256,
    usageHash: evidence.usageHash,
  });
  const report = buildReport({
    repository: options.repositoryName ?? `git:${history.commits[0]?.id}`,
    head: repository.head,
    commits: history.commits.length,
    weighed: statements,
    people,
    gated: 'not run',
    skipped: history.skipped,
    inputHash,
    evidence,
  });
  return { report, statements };
}

/** Hash of what was counted, by statement: how V8 cuts its ranges where no statement stands does not matter. */
function hashUses(statements: readonly WeighedStatement[]): string {
  const uses = statements.filter((one) => one.uses > 0).map((one) => [one.key, one.uses] as const);
  return hashOf({ schema: 'jamnet/uses/v1', uses: Object.fromEntries(uses) });
}

const NO_EVIDENCE: Evidence = {
  workloadHash: null,
  outputSha256: null,
  usageHash: null,
  sandbox: null,
  problem: null,
};

async function measure(
  repository: Repository,
  history: History,
  workload: Workload | null,
  options: AttributeOptions,
): Promise<Measured> {
  const failed = (problem: UsageProblem, workloadHash: string | null): Measured => ({
    usage: new Map(),
    evidence: { ...NO_EVIDENCE, workloadHash, problem },
    workloadPaths: new Set(),
  });
  if (workload === null) {
    return failed(
      {
        code: 'workload-missing',
        message: 'No workload is pinned, so no use is measured and no share is paid.',
      },
      null,
    );
  }
  const workloadHash = hashWorkload(workload);
  const replayed = await replay({
    repository,
    files: await withPinnedInputs(repository, history.tree, workload),
    workload,
    nodeModulesDirectory: options.nodeModulesDirectory ?? null,
    sandbox: options.sandbox ?? {},
    onNote: options.onNote ?? (() => undefined),
  });
  if (!replayed.ok) return failed({ code: replayed.code, message: replayed.message }, workloadHash);
  const { usage, outputSha256, sandbox } = replayed.value;
  const workloadPaths = new Set(workload.inputs);
  return {
    usage,
    evidence: { workloadHash, outputSha256, usageHash: null, sandbox, problem: null },
    workloadPaths,
  };
}

/** The head's tree, the workload's own files as they were at the commit the curators pinned. */
async function withPinnedInputs(
  repository: Repository,
  tree: readonly TreeFile[],
  workload: Workload,
): Promise<readonly TreeFile[]> {
  if (workload.inputsFromCommit === undefined) return tree;
  const inputs = new Set(workload.inputs);
  const pinned = await treeOrEmpty(repository, workload.inputsFromCommit);
  return [
    ...tree.filter((file) => !inputs.has(file.path)),
    ...pinned.filter((file) => inputs.has(file.path)),
  ];
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

async function readMailmap(repository: Repository, tree: readonly TreeFile[]): Promise<Mailmap> {
  const entry = tree.find((file) => file.path === '.mailmap');
  let text = '';
  if (entry !== undefined) {
    await readBlobs(repository, await readSizes(repository, [entry.blob]), (_blob, bytes) => {
      text = bytes.toString('utf8');
    });
  }
  return parseMailmap(text);
}
