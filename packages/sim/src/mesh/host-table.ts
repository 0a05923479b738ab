import type { HostSimulation, StrategyRow } from './simulate-hosts.ts';

/** Honest cost of a work unit, in thousandths of its pay. */
export const COST_PERMILLES = [300, 600, 900] as const;

/** (pay − cost) per leased work unit, in pay of one unit. Honesty gives 1 − cost. */
export function earnedPerUnit({ account }: StrategyRow, costPermille: number): number {
  const cost = (account.computedUnits * costPermille) / 1000;
  return (account.earnedUnits - cost) / Math.max(1, account.leasedUnits);
}

/** False results that were accepted and never found out, as a share of all accepted. */
export function falseShare(rows: readonly StrategyRow[]): number {
  const sum = (pick: (row: StrategyRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  return (
    sum((row) => row.account.acceptedFalse) /
    Math.max(
      1,
      sum((row) => row.account.accepted),
    )
  );
}

/** Work that trusted hosts computed again, as a share of leased work. */
export function rerunShare({ account }: StrategyRow): number {
  return account.rerunUnits / Math.max(1, account.leasedUnits);
}

/** The table as Markdown, for the documentation. */
export function hostTable({ rows }: HostSimulation): string {
  const head = [
    `| strategy | hosts | earned at cost ${COST_PERMILLES.map((cost) => cost / 1000).join(' | ')} | false for good | re-run | taken back | proven | bans |`,
    `|---|${'---|'.repeat(COST_PERMILLES.length + 6)}`,
  ];
  const all = `All: ${(100 * falseShare(rows)).toFixed(3)} % of what was accepted is false for good.`;
  return [...head, ...rows.map(lineOf), '', all].join('\n');
}

function lineOf(row: StrategyRow): string {
  const { takenBack, proven, bans, leasedUnits } = row.account;
  const cells = [
    row.strategy,
    row.hosts,
    ...COST_PERMILLES.map((cost) => (leasedUnits === 0 ? '' : earnedPerUnit(row, cost).toFixed(3))),
    `${(100 * falseShare([row])).toFixed(3)} %`,
    `${(100 * rerunShare(row)).toFixed(2)} %`,
    takenBack,
    proven,
    bans,
  ];
  return `| ${cells.join(' | ')} |`;
}
