import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  attributeWithPicture,
  type PicturedAttribution,
  parseWorkload,
  payeeOfIdentity,
  readIdentities,
  type Workload,
} from '@jamnet/attribution';
import { Failure, present } from '@jamnet/base';
import { findingOf, nameEarners } from '../code/code-finding.ts';
import { CodeFolder } from '../code/code-folder.ts';
import { CODE_METER, filedContributions } from '../code/filed-contributions.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { CodeResult, EveningResults, OpenResult } from './results.ts';

/** Where this repository proposes a workload; the policy pins it by its hash. */
const WORKLOAD_FILE = 'packages/attribution/workloads/jamnet.json';

/** What the evening's policy says of code: a tenth of its merit is for the packages that the workload runs. */
export const EVENING_CODE = { meter: CODE_METER, dependencies: { budgetPpm: 100_000 } };

/** A git history earns: this repository's own when it is a clone, else the bundle that the samples ship. */
export function codeStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'code',
    title: 'A git history earns by what runs',
    run: (done, progress) => code(context, present(done.open, 'result of the open step'), progress),
  };
}

/** The workload as the checkout proposes it, for the policy to pin. */
export function proposedWorkload(checkout: string): Workload {
  const document: unknown = JSON.parse(readFileSync(join(checkout, WORKLOAD_FILE), 'utf8'));
  const workload = parseWorkload(document);
  if (!workload.ok) throw new Failure(workload.code, workload.message);
  return workload.value;
}

async function code(
  context: EveningContext,
  opened: OpenResult,
  progress: StepProgress,
): Promise<CodeResult> {
  progress.report(0.05, 'reading the history and replaying the workload');
  const found = await attributeHistory(context, opened);
  if (!found.ok) throw new Failure(found.code, found.message);
  const { report, picture } = found.value;
  if (report.evidence.problem)
    throw new Failure(report.evidence.problem.code, report.evidence.problem.message);
  const contributions = contributionsOf(context, found.value);
  await context.parts.addContributions(contributions);
  new CodeFolder(context.parts.config.dataDirectory).write(picture);
  progress.report(1, `${report.statements} statements in ${report.commits} commits`);
  const { head, commits, statements } = report;
  return { head, commits, statements, codeContributions: contributions.length };
}

/** Why a checkout has no history of its own to read: a source archive, a shallow clone, a repository without commits. */
const NO_HISTORY: ReadonlySet<string> = new Set(['not-a-repository', 'shallow-clone', 'no-history']);

async function attributeHistory(context: EveningContext, { workload, codeRevision }: OpenResult) {
  const { checkout, config } = context.parts;
  const attributed = (repoDirectory: string, by: Workload, revision?: string) =>
    attributeWithPicture({
      repoDirectory,
      ...(revision === undefined ? {} : { revision }),
      workload: by,
      nodeModulesDirectory: join(checkout, 'node_modules'),
      cacheDirectory: join(config.dataDirectory, 'cache', 'attribution'),
      // The workload is this very repository's, which the studio runs anyway; the evidence says what sandbox there was.
      sandbox: { allowUnsandboxed: true },
    });
  const own = await attributed(checkout, workload, codeRevision ?? undefined);
  if (own.ok || !NO_HISTORY.has(own.code)) return own;
  // The samples' history is older than what the checkout proposes: the workload is as that history has it.
  const { inputBlobs: _, ...unfixed } = workload;
  return attributed(join(context.samplesDirectory, 'history.bundle'), unfixed);
}

/** Authors and packages by the policy; what nobody has claimed waits in escrow. */
function contributionsOf(context: EveningContext, found: PicturedAttribution) {
  const { config, secrets, nowUs, nameMember } = context.parts;
  const identities = readIdentities(config.dataDirectory);
  if (!identities.ok) throw new Failure(identities.code, identities.message);
  const { budgetPpm } = EVENING_CODE.dependencies;
  const finding = findingOf(found, {
    judged: null,
    dependencyBudgetPpm: budgetPpm,
    identities: identities.value,
  });
  nameEarners(finding, nameMember);
  return filedContributions({
    epochId: context.epochId,
    policy: { code: EVENING_CODE },
    finding,
    granted: [],
    payeeOf: payeeOfIdentity,
    evidenceSecret: secrets.evidence,
    acceptedAtUs: nowUs(),
  }).contributions;
}
