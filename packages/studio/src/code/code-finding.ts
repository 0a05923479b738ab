import {
  divideEarnings,
  type GatedWork,
  gatedWork,
  type IdentityJournal,
  type PicturedAttribution,
  payeeOfIdentity,
} from '@jamnet/attribution';
import type { ProfiledUse } from './profiles/profile-uses.ts';

/** What a reading of a repository found that is worth money; written by the reader, read by the filer. */
export interface CodeFinding {
  readonly repository: string;
  readonly head: string;
  /** Head of the filing before; `null`: this is the first. */
  readonly since: string | null;
  readonly inputHash: string;
  readonly toolVersion: string;
  readonly workloadSha256: string | null;
  readonly outputSha256: string | null;
  /** Why no use was measured. */
  readonly problem: string | null;
  readonly earnings: readonly {
    readonly payees: readonly string[];
    /** Decimal text, out of 10⁹. */
    readonly merit: string;
    readonly persons: readonly string[];
    readonly packages: string | null;
  }[];
  /** Names of people by id, as their commits give them. */
  readonly names: Readonly<Record<string, string>>;
  /** Whose statements the sessions of principals ran who had opted in to profiles. */
  readonly uses: readonly ProfiledUse[];
  /** Statements that earn now, by key. */
  readonly earningKeys: readonly string[];
  readonly judged: JudgedStatements;
  /** Commits whose hunks the gate held back now. */
  readonly gatedWork: readonly GatedWork[];
}

/** Statements held back that are remembered; of more only those that stand at the head. */
export const GATED_KEYS_MAX = 200_000;

/** What the gate has decided in all epochs so far of the statements that stand at the head, by key. */
export interface JudgedStatements {
  readonly head: string;
  readonly passedKeys: readonly string[];
  readonly gatedKeys: readonly string[];
}

/** What an attribution is worth to an epoch. `judged`: by earlier filings; `null`: the repository is filed for the first time. */
export function findingOf(
  { report, statements }: Pick<PicturedAttribution, 'report' | 'statements'>,
  given: {
    readonly judged: JudgedStatements | null;
    readonly dependencyBudgetPpm: number;
    readonly identities: IdentityJournal;
  },
): CodeFinding {
  const { judged, dependencyBudgetPpm, identities } = given;
  const earnings = divideEarnings({
    report,
    statements,
    dependencyBudgetPpm,
    payeeOf: (person) => identities.payeeOf(person) ?? payeeOfIdentity(person),
  });
  const earning = statements.filter(({ weight }) => weight > 0n).map(({ key }) => key);
  const gated = statements.filter(({ isGated }) => isGated).map(({ key }) => key);
  const standing = new Set(statements.map(({ key }) => key));
  // What stood there when a repository was first filed is the ground on which its gate begins.
  const passed = judged === null ? standing : new Set([...judged.passedKeys, ...earning]);
  const heldBack = new Set([...(judged?.gatedKeys ?? []), ...gated]);
  return {
    repository: report.repository,
    head: report.head,
    since: judged?.head ?? null,
    inputHash: report.inputHash,
    toolVersion: report.toolVersion,
    workloadSha256: report.evidence.workloadHash,
    outputSha256: report.evidence.outputSha256,
    problem: report.evidence.problem?.message ?? null,
    earnings: earnings.map((one) => ({ ...one, merit: one.merit.toString() })),
    names: Object.fromEntries(report.people.map(({ id, name }) => [id, name])),
    uses: [],
    earningKeys: earning,
    judged: {
      head: report.head,
      // What stands no more is judged anew if it comes back, at the commit that first brought it: neither list grows for ever.
      passedKeys: [...passed].filter((key) => standing.has(key)).sort(),
      // A session may still run an older revision with it.
      gatedKeys: [...(heldBack.size <= GATED_KEYS_MAX ? heldBack : gated)].sort(),
    },
    gatedWork: gatedWork(statements, report.gated),
  };
}

/** What pages call those who earn. */
export function nameEarners(
  { earnings, names }: CodeFinding,
  nameMember: (payee: string, label: string) => void,
): void {
  for (const { payees, persons, packages } of earnings) {
    const [payee = ''] = payees;
    if (packages !== null) nameMember(payee, packages);
    for (const person of persons) nameMember(payee, names[person] ?? '');
  }
}
