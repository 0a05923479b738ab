import { present } from '@jamnet/base';
import { logWeight } from './log-weight.ts';
import { type Statement, TOKENS_MAX } from './statement.ts';
import { type FileUsage, usesAt } from './usage.ts';

export interface HeadFile {
  readonly path: string;
  readonly statements: readonly Statement[];
  /** `null`: the workload never loaded this file. */
  readonly usage: FileUsage | null;
  /** Part of the workload itself: never earns by its own replay. */
  readonly isWorkload: boolean;
}

export interface Place {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** One canonical statement at the head with everything its pay depends on. */
export interface WeighedStatement {
  readonly key: string;
  readonly tokens: number;
  readonly uses: number;
  readonly weight: bigint;
  readonly commit: string;
  readonly people: readonly string[];
  readonly places: readonly Place[];
  readonly isGated: boolean;
  /** Paid in this epoch already, so it weighs nothing now. */
  readonly isPaid: boolean;
}

export interface WeighInput {
  readonly files: readonly HeadFile[];
  readonly ownerOf: (key: string) => string | undefined;
  /** People who share a commit, author first; empty when only bots wrote it. */
  readonly peopleOf: (commit: string) => readonly string[];
  readonly gatedKeys: ReadonlySet<string>;
  readonly paidKeys: ReadonlySet<string>;
}

interface Gathered {
  tokens: number;
  uses: number;
  places: Place[];
}

/**
 * min(tokens, 60) × ⌊2¹⁶·log₂(1 + uses)⌋ for each distinct statement, once per repository: of several copies the
 * busiest counts, not their sum. Gated statements and those paid already weigh
 * nothing.
 */
export function weighStatements(input: WeighInput): WeighedStatement[] {
  const gathered = new Map<string, Gathered>();
  for (const file of input.files) for (const statement of file.statements) gather(gathered, file, statement);
  return [...gathered].map(([key, found]) => {
    const commit = present(input.ownerOf(key), `owner of statement ${key}`);
    const isGated = input.gatedKeys.has(key);
    const tokens = BigInt(Math.min(found.tokens, TOKENS_MAX));
    const isPaid = input.paidKeys.has(key);
    const weight = isGated || isPaid ? 0n : tokens * logWeight(found.uses);
    return { key, ...found, weight, commit, people: input.peopleOf(commit), isGated, isPaid };
  });
}

function gather(into: Map<string, Gathered>, file: HeadFile, statement: Statement): void {
  const found = into.get(statement.key) ?? { tokens: statement.tokens, uses: 0, places: [] };
  found.uses = Math.max(found.uses, usesOf(file, statement));
  found.places.push({ path: file.path, startLine: statement.startLine, endLine: statement.endLine });
  into.set(statement.key, found);
}

function usesOf(file: HeadFile, statement: Statement): number {
  const { usage } = file;
  if (usage === null || file.isWorkload) return 0;
  return statement.probes.reduce((most, probe) => Math.max(most, usesAt(usage, probe)), 0);
}

export interface PersonTally {
  weight: bigint;
  statements: number;
}

/** Weight and statement count by person. Co-authors split evenly; odd units go to those named first. */
export function tallyPeople(statements: readonly WeighedStatement[]): Map<string, PersonTally> {
  const tally = new Map<string, PersonTally>();
  for (const { weight, people } of statements) {
    const count = BigInt(people.length);
    people.forEach((person, index) => {
      const row = tally.get(person) ?? { weight: 0n, statements: 0 };
      row.weight += weight / count + (BigInt(index) < weight % count ? 1n : 0n);
      row.statements += 1;
      tally.set(person, row);
    });
  }
  return tally;
}
