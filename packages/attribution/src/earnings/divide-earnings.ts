import { assert } from '@jamnet/base';
import { logWeight } from '../core/log-weight.ts';
import { divideByWeight, SHARE_PARTS } from '../core/shares.ts';
import { TOKENS_MAX } from '../core/statement.ts';
import type { WeighedStatement } from '../core/weigh.ts';
import type { DependencyShare } from '../dependencies/divide-budget.ts';
import type { AttributionReport } from '../report.ts';
import { payeeOfPackages } from './pseudonyms.ts';

/** What one payee, or the payees of one package repository together, earn of a repository in an epoch. */
export interface Earning {
  /** In even parts. */
  readonly payees: readonly string[];
  /** Out of {@link SHARE_PARTS}, above 0. */
  readonly merit: bigint;
  /** Git identities whose statements it pays; none for packages. */
  readonly persons: readonly string[];
  /** Repository of packages, or `null`. */
  readonly packages: string | null;
}

export interface EarningsInput {
  readonly report: Pick<AttributionReport, 'people' | 'dependencies' | 'inputHash'>;
  readonly statements: readonly WeighedStatement[];
  /** Part of the whole that is set aside for packages, 0 to 1,000,000. */
  readonly dependencyBudgetPpm: number;
  /** Whom a git identity is paid through. */
  readonly payeeOf: (person: string) => string;
}

const PPM = 1_000_000n;

/**
 * Divides what a repository earns in an epoch. The whole is {@link SHARE_PARTS}, less the part of what the epoch paid before:
 * filing twice pays nothing twice and makes nobody's statement worth more. Packages get their shares of the budget, the
 * authors all the rest; identities of one payee are one. The merits sum exactly to the whole, or to 0 when nothing is left.
 */
export function divideEarnings(input: EarningsInput): Earning[] {
  const { report, statements } = input;
  const whole = unpaidParts(statements);
  if (whole === 0n) return [];
  const budget = (whole * BigInt(input.dependencyBudgetPpm)) / PPM;
  const packages = report.dependencies
    .map((one) => packageEarning(one, budget))
    .filter(({ merit }) => merit > 0n);
  const rest = packages.reduce((left, { merit }) => left - merit, whole);
  const persons = new Map<string, string[]>();
  const weights = new Map<string, bigint>();
  for (const { id, share } of report.people) {
    if (share === 0) continue;
    const payee = input.payeeOf(id);
    weights.set(payee, (weights.get(payee) ?? 0n) + BigInt(share));
    persons.set(payee, [...(persons.get(payee) ?? []), id]);
  }
  const parts = divideByWeight(rest, weights, report.inputHash);
  const authors = [...parts]
    .filter(([, merit]) => merit > 0n)
    .map(([payee, merit]) => ({
      payees: [payee],
      merit,
      persons: (persons.get(payee) ?? []).sort(),
      packages: null,
    }));
  const earnings = [...authors, ...packages];
  assert(earnings.reduce((sum, { merit }) => sum + merit, 0n) === whole, 'earnings sum to the whole');
  return earnings;
}

/** Out of {@link SHARE_PARTS} what of the weight has not been paid in this epoch; 0 when nothing weighs anything. */
function unpaidParts(statements: readonly WeighedStatement[]): bigint {
  let [unpaid, all] = [0n, 0n];
  for (const { weight, isPaid, isGated, tokens, uses, people } of statements) {
    // What only bots wrote is nobody's.
    if (people.length === 0) continue;
    unpaid += weight;
    all += isPaid && !isGated ? BigInt(Math.min(tokens, TOKENS_MAX)) * logWeight(uses) : weight;
  }
  return all === 0n ? 0n : (SHARE_PARTS * unpaid) / all;
}

/** By repository, not by funding address: anybody may write another's address into a manifest, nobody another's repository. */
function packageEarning({ repository, share }: DependencyShare, budget: bigint): Earning {
  const merit = (budget * BigInt(share)) / SHARE_PARTS;
  return { payees: [payeeOfPackages(repository)], merit, persons: [], packages: repository };
}
