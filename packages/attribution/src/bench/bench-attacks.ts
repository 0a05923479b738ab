import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { attribute } from '../attribute.ts';
import { personId } from '../core/people.ts';
import { SHARE_PARTS } from '../core/shares.ts';
import { git } from '../git/git.ts';
import type { AttributionReport } from '../report.ts';
import { FOUNDERS, foundersFiles, foundersHistory, WORKLOAD } from '../testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository } from '../testing/make-repository.ts';
import { ATTACKS, type Attack } from './attack-plans.ts';

/** Modules of the founders: nearly three thousand statements, and few where the gate replays hundreds of times. */
const MODULES = { unjudged: 40, judged: 2 } as const;

/** What an attack came to; shares out of 10⁹. */
export interface MeasuredAttack {
  readonly name: string;
  readonly isJudged: boolean;
  /** Statements at the head, the attack's included. */
  readonly statements: number;
  /** Share of everybody who is no founder. */
  readonly takenParts: number;
  /** The same for what an honest author commits instead; 0 where there is nothing honest to compare with. */
  readonly honestParts: number;
  /** Taken beyond honest. */
  readonly gainParts: number;
  readonly gainPartsMax: number;
  /** Commits of which the gate held something back. */
  readonly gatedCommits: number;
  readonly isHeld: boolean;
}

export interface AttackBench {
  readonly attacks: readonly MeasuredAttack[];
  /** Every attack gained no more than its limit. */
  readonly isHeld: boolean;
}

/** Tries each attack on a generated repository of three founders, in a temporary folder, and tells of each as it ends. */
export async function benchAttacks(onAttack: (attack: MeasuredAttack) => void): Promise<AttackBench> {
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-bench-attacks-'));
  try {
    const attacks: MeasuredAttack[] = [];
    for (const attack of ATTACKS) {
      const measured = await measureAttack(attack, directory);
      attacks.push(measured);
      onAttack(measured);
    }
    return { attacks, isHeld: attacks.every(({ isHeld }) => isHeld) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Makes the repositories of an attack in a folder, with a cache beside them, and attributes them by real replays. */
export async function measureAttack(attack: Attack, directory: string): Promise<MeasuredAttack> {
  const { name, isJudged, gainPartsMax } = attack;
  const modules = isJudged ? MODULES.judged : MODULES.unjudged;
  const files = foundersFiles(modules);
  const reportAfter = (commits: readonly CommitPlan[]): Promise<AttributionReport> =>
    attributed({ before: foundersHistory(modules), commits, isJudged, directory });
  const report = await reportAfter(attack.commits(files));
  const honest = attack.honest === undefined ? null : await reportAfter(attack.honest(files));
  const takenParts = takenFromFounders(report);
  const honestParts = honest === null ? 0 : takenFromFounders(honest);
  const gainParts = takenParts - honestParts;
  const isKept = attack.isHarmless === undefined || isSameForFounders(report, await reportAfter([]));
  return {
    ...{ name, isJudged, statements: report.statements, takenParts, honestParts, gainParts, gainPartsMax },
    gatedCommits: report.gated.length,
    isHeld: gainParts <= gainPartsMax && isKept,
  };
}

interface Ground {
  readonly before: readonly CommitPlan[];
  readonly commits: readonly CommitPlan[];
  readonly isJudged: boolean;
  readonly directory: string;
}

async function attributed({ before, commits, isJudged, directory }: Ground): Promise<AttributionReport> {
  const repoDirectory = await makeRepository([...before, ...commits], directory);
  const options = { repoDirectory, workload: WORKLOAD, cacheDirectory: join(directory, 'cache') };
  const last = `main~${commits.length}`;
  const gateSince = isJudged
    ? (await git([`--git-dir=${repoDirectory}`, 'rev-parse', last])).toString().trim()
    : null;
  const found = await attribute({ ...options, ...(gateSince === null ? {} : { gateSince }) });
  if (!found.ok) throw new Failure(found.code, found.message);
  const { problem, gateUnchecked } = found.value.evidence;
  if (problem === null && gateUnchecked.length === 0) return found.value;
  throw new Failure('attack-not-measured', `The founders' program could not be replayed here: ${problem}.`);
}

function shareOf(report: AttributionReport, author: string): number {
  const id = personId(emailOf(author));
  return report.people.find((person) => person.id === id)?.share ?? 0;
}

function takenFromFounders(report: AttributionReport): number {
  return FOUNDERS.reduce((rest, founder) => rest - shareOf(report, founder), Number(SHARE_PARTS));
}

function isSameForFounders(a: AttributionReport, b: AttributionReport): boolean {
  return FOUNDERS.every((founder) => shareOf(a, founder) === shareOf(b, founder));
}
