import { present } from '@jamnet/base';
import { groupBy } from '../core/group-by.ts';
import { logWeight, USES_MAX } from '../core/log-weight.ts';
import { divideByWeight, SHARE_PARTS } from '../core/shares.ts';

/** Of ten units that a direct dependency weighs, one that only other packages ask for weighs this many. */
const DIRECT_UNITS = 10n;
const TRANSITIVE_UNITS = 1n;

/** No repository takes more of the budget than this, out of 10⁹: a fifth. What the cap leaves over stays with the authors. */
export const DEPENDENCY_CAP = 200_000_000n;

/** A third-party package that the workload ran. */
export interface UsedPackage {
  readonly name: string;
  readonly version: string;
  /** Calls of its functions in the replay. */
  readonly uses: number;
  readonly isDirect: boolean;
  /** `host/owner/name`, or `null` when the package does not say. */
  readonly repository: string | null;
  readonly funding: readonly string[];
}

/** What one repository of packages gets of the budget for dependencies. */
export interface DependencyShare {
  /** `host/owner/name`, or `npm:NAME` for a package that names no repository. */
  readonly repository: string;
  /** `name@version` of those that ran. */
  readonly packages: readonly string[];
  readonly isDirect: boolean;
  readonly uses: number;
  /** Out of 10⁹ of the budget. All sum to 10⁹, or to less when the cap holds everybody. */
  readonly share: number;
  /** Where the packages ask to be paid, the busiest package that says so first; empty: the share waits in escrow. */
  readonly funding: readonly string[];
}

/**
 * Divides the budget among the repositories behind the packages that ran: ⌊2¹⁶·log₂(1 + calls)⌋, times 10 for a direct
 * dependency and 1 for a transitive one. Calls are added up by repository before the logarithm is taken, so that one project
 * in fifty packages weighs what it weighs in one.
 */
export function divideBudget(packages: readonly UsedPackage[], salt: string): DependencyShare[] {
  const groups = groupBy(
    packages.filter((one) => one.uses > 0),
    (one) => one.repository ?? `npm:${one.name}`,
  );
  const weights = new Map([...groups].map(([repository, group]) => [repository, weightOf(group)]));
  const shares = divideCapped(weights, salt);
  return [...groups]
    .map(
      ([repository, group]): DependencyShare => ({
        repository,
        packages: group.map((one) => `${one.name}@${one.version}`).sort(),
        isDirect: group.some((one) => one.isDirect),
        uses: usesOf(group),
        share: Number(present(shares.get(repository), `share of ${repository}`)),
        funding: fundingOf(group),
      }),
    )
    .sort((a, b) => b.share - a.share || (a.repository < b.repository ? -1 : 1));
}

function weightOf(group: readonly UsedPackage[]): bigint {
  return logWeight(usesOf(group)) * (group.some((one) => one.isDirect) ? DIRECT_UNITS : TRANSITIVE_UNITS);
}

function usesOf(group: readonly UsedPackage[]): number {
  return Math.min(
    USES_MAX,
    group.reduce((sum, one) => sum + one.uses, 0),
  );
}

/** The busiest package speaks for the repository: naming somebody else's repository brings no say over its money. */
function fundingOf(group: readonly UsedPackage[]): readonly string[] {
  const busiest = [...group].sort((a, b) => b.uses - a.uses || (a.name < b.name ? -1 : 1));
  return busiest.find((one) => one.funding.length > 0)?.funding ?? [];
}

/** Who would get more than the cap gets the cap; what they leave goes to the others by weight, until nobody is above it. */
function divideCapped(weights: ReadonlyMap<string, bigint>, salt: string): Map<string, bigint> {
  const capped = new Map<string, bigint>();
  let rest = new Map(weights);
  for (;;) {
    const left = SHARE_PARTS - DEPENDENCY_CAP * BigInt(capped.size);
    const shares = divideByWeight(left, rest, salt);
    const over = [...shares].filter(([, share]) => share > DEPENDENCY_CAP);
    if (over.length === 0) return new Map([...capped, ...shares]);
    for (const [repository] of over) capped.set(repository, DEPENDENCY_CAP);
    rest = new Map([...rest].filter(([repository]) => !capped.has(repository)));
  }
}
