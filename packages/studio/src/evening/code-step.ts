import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributionReport,
  attributeWithPicture,
  hashWorkload,
  parseWorkload,
  readIdentities,
  type Workload,
} from '@jamnet/attribution';
import { Failure, present } from '@jamnet/base';
import { CodeFolder } from '../code/code-folder.ts';
import { newContribution } from '../contributions/new-contribution.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { CodeResult, EveningResults, OpenResult } from './results.ts';

/** Where this repository proposes a workload; the policy pins it by its hash. */
const WORKLOAD_FILE = 'packages/attribution/workloads/jamnet.json';

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
  const { workload } = opened;
  progress.report(0.05, 'reading the history and replaying the workload');
  const found = await attributeHistory(context, opened);
  if (!found.ok) throw new Failure(found.code, found.message);
  const { report, picture } = found.value;
  if (report.evidence.problem)
    throw new Failure(report.evidence.problem.code, report.evidence.problem.message);
  const contributions = contributionsOf(context, report, hashWorkload(workload));
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
  const attributed = (repoDirectory: string, revision?: string) =>
    attributeWithPicture({
      repoDirectory,
      ...(revision === undefined ? {} : { revision }),
      workload,
      nodeModulesDirectory: join(checkout, 'node_modules'),
      cacheDirectory: join(config.dataDirectory, 'cache', 'attribution'),
      // The workload is this very repository's, which the studio runs anyway; the evidence says what sandbox there was.
      sandbox: { allowUnsandboxed: true },
    });
  const own = await attributed(checkout, codeRevision ?? undefined);
  return own.ok || !NO_HISTORY.has(own.code)
    ? own
    : attributed(join(context.samplesDirectory, 'history.bundle'));
}

/** One contribution for each person with a share. What an identity earns that nobody has claimed waits in escrow. */
function contributionsOf(context: EveningContext, report: AttributionReport, workloadSha256: string) {
  const identities = readIdentities(context.parts.config.dataDirectory);
  if (!identities.ok) throw new Failure(identities.code, identities.message);
  return report.people
    .filter((person) => person.share > 0)
    .map((person) => {
      const payee = identities.value.payeeOf(person.id) ?? payeeOfGitIdentity(person.id);
      context.parts.nameMember(payee, person.name);
      return newContribution({
        kind: 'code',
        meter: 'code/usage',
        payees: [{ payee, weight: 1n }],
        merit: BigInt(person.share),
        subject: `git:${report.head}`,
        ownerGroup: `git/${person.id}`.slice(0, 64),
        evidence: { inputHash: report.inputHash, workloadSha256, outputSha256: report.evidence.outputSha256 },
        evidenceSecret: context.parts.secrets.evidence,
        acceptedAtUs: context.parts.nowUs(),
      });
    });
}

/** Until its owner claims it with a key, a git identity is paid under this pseudonym. */
function payeeOfGitIdentity(personId: string): string {
  return `p${createHash('sha256').update('jamnet/payee/git/v1\0').update(personId).digest('hex').slice(0, 32)}`;
}
