import { type CanonicalValue, canonicalJson, encodeUtf8, present, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { PeopleRegister } from './core/people.ts';
import { divideByWeight, SHARE_PARTS } from './core/shares.ts';
import { tallyPeople, type WeighedStatement } from './core/weigh.ts';
import type { DependencyShare } from './dependencies/divide-budget.ts';
import type { DependencyCode } from './dependencies/read-dependencies.ts';
import { CANONICAL_VERSION } from './parse/parse-source.ts';
import type { SkippedFile } from './read-history.ts';
import type { CoverageCode } from './use/coverage.ts';
import type { ReplayCode } from './use/replay.ts';
import type { SandboxKind } from './use/sandbox.ts';

/** Everything in the tool that can change an answer. Coverage counts come from V8, so Node's line is part of it. */
export const TOOL_VERSION = `jamnet-attribution/9 ${CANONICAL_VERSION} node/${process.versions.node.split('.')[0]}`;

export interface AttributedPerson {
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
  /** Out of 10⁹. All shares sum to 10⁹, or to 0 when nothing of anybody's was used. */
  readonly share: number;
  /** Distinct statements at the head that this person owns or shares. */
  readonly statements: number;
}

/** Why use could not be measured; ownership is reported all the same and every share is 0. */
export interface UsageProblem {
  readonly code: ReplayCode | CoverageCode | 'workload-missing' | 'gate-unfinished';
  readonly message: string;
}

export interface Evidence {
  readonly workloadHash: string | null;
  readonly outputSha256: string | null;
  readonly usageHash: string | null;
  readonly sandbox: SandboxKind | null;
  readonly problem: UsageProblem | null;
  /** Why no dependency is known although the workload ran. */
  readonly dependencyProblem: { readonly code: DependencyCode; readonly message: string } | null;
  /** Commits at which the workload does not run: the gate judged at the head what they brought. */
  readonly gateUnchecked: readonly string[];
  /** Files in languages without a parser here: their lines go to whom `git blame -w -C -M` names, a weaker rule. */
  readonly byLine: readonly string[];
}

/** Whether a step that not every attribution takes was taken: what it lists is complete, or says nothing. */
export type StepState = 'run' | 'not-run';

export interface AttributionReport {
  /** Name given by the caller, else `git:` and the id of the oldest commit. */
  readonly repository: string;
  readonly head: string;
  readonly commits: number;
  readonly statements: number;
  /** By share, largest first, then by id. */
  readonly people: readonly AttributedPerson[];
  /** Commits with hunks that changed no output, in arrival order; none when the gate did not run. */
  readonly gated: readonly string[];
  readonly gate: StepState;
  /** How a budget for dependencies would be divided; empty when their use was not counted. */
  readonly dependencies: readonly DependencyShare[];
  /** `not-run` without a replay or a readable lock file, see `evidence.dependencyProblem`. */
  readonly dependencyUse: StepState;
  readonly skipped: readonly SkippedFile[];
  readonly toolVersion: string;
  readonly inputHash: string;
  readonly evidence: Evidence;
}

export interface ReportInput {
  readonly repository: string;
  readonly head: string;
  readonly commits: number;
  readonly weighed: readonly WeighedStatement[];
  readonly people: PeopleRegister;
  /** `null`: the gate did not run. */
  readonly gated: readonly string[] | null;
  /** `null`: not counted. */
  readonly dependencies: readonly DependencyShare[] | null;
  readonly skipped: readonly SkippedFile[];
  readonly inputHash: string;
  readonly evidence: Evidence;
}

export function buildReport(input: ReportInput): AttributionReport {
  const tally = tallyPeople(input.weighed);
  const weights = new Map([...tally].map(([id, row]) => [id, row.weight]));
  const shares = divideByWeight(SHARE_PARTS, weights, input.inputHash);
  const people = [...tally].map(([id, row]): AttributedPerson => {
    const person = present(input.people.get(id), `person ${id}`);
    const share = Number(present(shares.get(id), `share of ${id}`));
    return { id, name: person.name, emails: [...person.emails].sort(), share, statements: row.statements };
  });
  people.sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
  return {
    repository: input.repository,
    head: input.head,
    commits: input.commits,
    statements: input.weighed.length,
    people,
    gated: input.gated ?? [],
    gate: input.gated === null ? 'not-run' : 'run',
    dependencies: input.dependencies ?? [],
    dependencyUse: input.dependencies === null ? 'not-run' : 'run',
    skipped: input.skipped,
    toolVersion: TOOL_VERSION,
    inputHash: input.inputHash,
    evidence: input.evidence,
  };
}

/** Hex SHA-256 of a value's canonical JSON. */
export function hashOf(value: CanonicalValue): string {
  return toHex(sha256(encodeUtf8(canonicalJson(value))));
}

/** The report as the bytes that are hashed and compared. */
export function reportJson(report: AttributionReport): string {
  return canonicalJson(JSON.parse(JSON.stringify(report)));
}
