import { ok, type Result, refuse } from '@jamnet/base';
import { BlobCache } from './blob-cache.ts';
import { type Mailmap, parseMailmap } from './core/mailmap.ts';
import { PeopleRegister } from './core/people.ts';
import { extensionOf } from './core/statement.ts';
import { type WeighedStatement, weighStatements } from './core/weigh.ts';
import { divideBudget } from './dependencies/divide-budget.ts';
import { readBlobs, readSizes } from './git/blobs.ts';
import type { TreeFile } from './git/history.ts';
import { type OpenCode, openRepository, type Repository } from './git/open-repository.ts';
import { giveTexts } from './head-texts.ts';
import {
  type MeasureCode,
  type Measured,
  type MeasureOptions,
  measureUse,
  NO_EVIDENCE,
  unmeasured,
} from './measure-use.ts';
import { type CodePicture, drawPicture } from './picture/code-picture.ts';
import { usesByPrincipal } from './profiles/principal-usage.ts';
import { type ProfileCode, parseProfiles } from './profiles/read-profile.ts';
import { type History, readHistory } from './read-history.ts';
import { readLines } from './read-lines.ts';
import { type AttributionReport, buildReport, hashOf, TOOL_VERSION } from './report.ts';
import type { UnfinishedCause } from './run-gate.ts';
import type { UsageByPath } from './use/coverage.ts';
import { placeLines, readRecordedUse } from './use/recorded-use.ts';
import type { UsageCode } from './use/usage-file.ts';
import { parseWorkload, type Workload, type WorkloadCode } from './use/workload.ts';

export type AttributeCode =
  | ProfileCode
  | 'earlier-head-unknown'
  | OpenCode
  | WorkloadCode
  | UsageCode
  | MeasureCode;

export interface HistoryOptions {
  /** Top folder of a working tree, a bare repository, or a git bundle file. */
  readonly repoDirectory: string;
  /** Name for the report; default `git:` and the oldest commit's id. */
  readonly repositoryName?: string;
  /** Default `HEAD`. */
  readonly revision?: string;
  /** Parsed blobs are kept here between runs. */
  readonly cacheDirectory?: string;
  /** Heads that force-pushes took away, in the order in which they went (full ids): what they held arrived before. */
  readonly earlierHeads?: readonly string[];
  /** Statements that this epoch paid already, by key: they earn nothing again. */
  readonly paidKeys?: ReadonlySet<string>;
  /** Statements that the gate held back in earlier epochs, by key: a hunk is judged once, when it arrives. */
  readonly gatedKeys?: ReadonlySet<string>;
  /** Names or addresses that earn nothing. Marks ending in `[bot]` need no entry. */
  readonly botList?: readonly string[];
  /** Ids ({@link personId}) of addresses that somebody has claimed: `.mailmap` does not lead them elsewhere. */
  readonly claimedPersons?: ReadonlySet<string>;
  /** Given the text of each source file at the head that holds statements. */
  readonly onSource?: (path: string, text: string) => void;
  /** Told what is no part of the report: a failing workload's words. */
  readonly onNote?: (line: string) => void;
}

export interface AttributeOptions extends HistoryOptions, MeasureOptions {
  /** Pinned by policy. `null`: ownership only, no share is paid. */
  readonly workload: Workload | null;
}

export interface UsageOptions extends HistoryOptions {
  /** Contents of usage files (`jamnet/usage/v1`), or texts of LCOV tracefiles; counts of several add up. */
  readonly usage: readonly unknown[];
}

export interface ProfileOptions extends HistoryOptions {
  /** `jamnet/profile/v1` documents, one or more for each paying principal who opted in. */
  readonly profiles: readonly unknown[];
}

/** An attribution and what pages show of it. */
export interface PicturedAttribution extends Attribution {
  readonly picture: CodePicture;
}

/** A report with the statements behind it. */
export interface Attribution {
  readonly report: AttributionReport;
  readonly statements: readonly WeighedStatement[];
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
    measureUse(repository, history, workload?.value ?? null, options),
  );
}

/** The report and what pages show of it. */
export async function attributeWithPicture(
  options: AttributeOptions,
): Promise<Result<PicturedAttribution, AttributeCode>> {
  const texts = new Map<string, string>();
  const found = await attributeInDetail({
    ...options,
    onSource: (path, text) => {
      texts.set(path, text);
      options.onSource?.(path, text);
    },
  });
  if (!found.ok) return found;
  const { report, statements } = found.value;
  return ok({ report, statements, picture: drawPicture(report, statements, texts) });
}

/** Shares by recorded use instead of a replay. */
export async function attributeWithUsage(
  options: UsageOptions,
): Promise<Result<AttributionReport, AttributeCode>> {
  const recorded = readRecordedUse(options.usage);
  if (!recorded.ok) return recorded;
  const found = await inspect(options, async (repository, history) =>
    ok(onlyUsed(await recorded.value.placeIn(repository, history.tree))),
  );
  return found.ok ? ok(found.value.report) : found;
}

/** Shares by what paying principals' sessions ran, instead of a replay. */
export async function attributeWithProfiles(
  options: ProfileOptions,
): Promise<Result<AttributionReport, AttributeCode>> {
  const profiles = parseProfiles(options.profiles);
  if (!profiles.ok) return profiles;
  const lineUses = usesByPrincipal(profiles.value);
  const found = await inspect(options, async (repository, history) =>
    ok(onlyUsed(await placeLines(repository, history.tree, lineUses))),
  );
  return found.ok ? ok(found.value.report) : found;
}

function onlyUsed(usage: UsageByPath): Measured {
  return { usage, evidence: NO_EVIDENCE, packages: null, workloadPaths: new Set() };
}

async function inspect(
  options: HistoryOptions,
  take: (repository: Repository, history: History) => Promise<Result<Measured, MeasureCode>>,
): Promise<Result<Attribution, AttributeCode>> {
  const opened = await openRepository(options.repoDirectory, options.revision);
  if (!opened.ok) return opened;
  const repository = opened.value;
  try {
    const earlierHeads = await knownCommits(repository, options.earlierHeads ?? []);
    if (!earlierHeads.ok) return earlierHeads;
    const cache = await BlobCache.open(options.cacheDirectory ?? null);
    const history = await readHistory(repository, cache, earlierHeads.value);
    await cache.save();
    if (options.onSource !== undefined) {
      const shown = new Set(history.files.map((file) => file.path));
      const files = history.tree.filter((file) => shown.has(file.path));
      await giveTexts(repository, files, options.onSource);
    }
    const measured = await take(repository, history);
    if (!measured.ok) return measured;
    return ok(
      await conclude(
        options,
        repository,
        history,
        measured.value,
        await readMailmap(repository, history.tree),
      ),
    );
  } finally {
    await repository.close();
  }
}

async function conclude(
  options: HistoryOptions,
  repository: Repository,
  history: History,
  measured: Measured,
  mailmap: Mailmap,
): Promise<Attribution> {
  const people = new PeopleRegister(
    mailmap,
    options.botList ?? [],
    (person) => options.claimedPersons?.has(person) === true,
  );
  const authors = new Map(history.commits.map((commit) => [commit.id, people.authorsOf(commit)]));
  const lines = await readLines(repository, history, measured.usage);
  const weigh = (gatedKeys: ReadonlySet<string>): WeighedStatement[] =>
    weighStatements({
      files: [...history.files, ...lines.files].map((file) => ({
        ...file,
        usage: measured.usage.get(file.path) ?? null,
        isWorkload: measured.workloadPaths.has(file.path),
      })),
      ownerOf: (key) => history.book.ownerOf(key) ?? lines.owners.get(key),
      peopleOf: (commit) => authors.get(commit) ?? [],
      gatedKeys,
      paidKeys: options.paidKeys ?? new Set(),
    });
  const before = options.gatedKeys ?? new Set();
  const ungated = weigh(before);
  const extensionsByLine = new Set(lines.files.map((file) => extensionOf(file.path)));
  const gate = (await measured.gate?.(ungated, extensionsByLine)) ?? null;
  if (gate?.kind === 'unfinished') {
    const problem = { code: 'gate-unfinished', message: unfinishedBy(gate.cause, gate.commit) } as const;
    const nothing = unmeasured(problem, measured.evidence.workloadHash);
    return conclude(options, repository, history, nothing, mailmap);
  }
  const gatedKeys = new Set([...before, ...(gate?.gatedKeys ?? [])]);
  const statements = gate === null ? ungated : weigh(gatedKeys);
  const evidence = {
    ...measured.evidence,
    usageHash: measured.evidence.problem === null ? hashUses(statements) : null,
    gateUnchecked: gate?.unchecked ?? [],
    byLine: lines.files.map((file) => file.path),
  };
  const inputHash = hashOf({
    head: repository.head,
    toolVersion: TOOL_VERSION,
    earlierHeads: [...(options.earlierHeads ?? [])],
    paidKeys: options.paidKeys === undefined ? null : hashOf([...options.paidKeys].sort()),
    botList: [...(options.botList ?? [])].sort(),
    claimed: [...(options.claimedPersons ?? [])].sort(),
    workloadHash: measured.evidence.workloadHash,
    outputSha256: measured.evidence.outputSha256,
    usageHash: evidence.usageHash,
    packages: measured.packages?.map((one) => [one.name, one.version, one.uses]) ?? null,
    gated: gate === null && before.size === 0 ? null : [...gatedKeys].sort(),
  });
  const report = buildReport({
    repository: options.repositoryName ?? `git:${history.commits[0]?.id}`,
    head: repository.head,
    commits: history.commits.length,
    weighed: statements,
    people,
    gated: gate?.gated ?? null,
    dependencies: measured.packages === null ? null : divideBudget(measured.packages, inputHash),
    skipped: history.skipped,
    inputHash,
    evidence,
  });
  return { report, statements };
}

function unfinishedBy(cause: UnfinishedCause, commit: string): string {
  const why = {
    'machine-busy':
      'the machine was too busy for the time limit of the workload, or had no room for it, though it ran before',
    'head-unsteady':
      'the workload ran there a moment ago and now does not, or prints something else each time; only one that prints the same on every run can be judged by',
    'time-spent': 'all the time that it may take was spent',
  }[cause];
  return `The gate stopped at commit ${commit.slice(0, 12)}: ${why}. Nobody earns by half a verdict: run it again with the same cache, where it goes on.`;
}

/** Each must be a commit that lies in the repository: a mirror keeps them under `refs/jamnet/seen`. */
async function knownCommits(
  repository: Repository,
  heads: readonly string[],
): Promise<Result<readonly string[], 'earlier-head-unknown'>> {
  const isFull = heads.every((head) => /^[0-9a-f]{40,64}$/.test(head));
  const sizes = isFull ? await readSizes(repository, heads) : new Map();
  const missing = heads.find((head) => !sizes.has(head));
  if (missing === undefined) return ok(heads);
  return refuse(
    'earlier-head-unknown',
    `Earlier head ${missing} is no commit of this repository: give full ids.`,
  );
}

/** Hash of what was counted, by statement: how V8 cuts its ranges where no statement stands does not matter. */
function hashUses(statements: readonly WeighedStatement[]): string {
  const uses = statements.filter((one) => one.uses > 0).map((one) => [one.key, one.uses] as const);
  return hashOf({ schema: 'jamnet/uses/v1', uses: Object.fromEntries(uses) });
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
