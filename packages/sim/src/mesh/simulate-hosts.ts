import { encodeUtf8, seededChance } from '@jamnet/base';
import { checkDraw, pureSha256, type Tolerance, TRUST_POLICY, type TrustPolicy } from '@jamnet/mesh';
import { type Account, HostLife } from './host-life.ts';
import { STRATEGIES, type Strategy } from './host-strategies.ts';

export interface HostSimulationOptions {
  readonly seed: string;
  /** Tasks each host is offered. */
  readonly tasksPerHost: number;
  readonly hostsPerStrategy: number;
  /** Honest cost of a work unit in thousandths of its pay. */
  readonly costPermille: number;
  readonly policy?: TrustPolicy;
  readonly strategies?: readonly Strategy[];
}

export interface StrategyRow {
  readonly strategy: string;
  readonly tasks: number;
  /** (pay − cost) per leased work unit, in pay of one unit. Honesty gives 1 − cost. */
  readonly earnedPerUnit: number;
  /** False results that were accepted and never found out, share of all accepted. */
  readonly acceptedBadShare: number;
  /** Re-run work, share of leased work. */
  readonly overheadShare: number;
  /** Re-run work of the one settlement at the end, share of leased work; a stake carried on saves it. */
  readonly settleShare: number;
  readonly bans: number;
}

export interface HostSimulation {
  readonly rows: readonly StrategyRow[];
  /** FNV-1a over all rows, for comparing two runs. */
  readonly checksum: string;
}

const FLOAT: Tolerance = { rule: 'snr', decibelMin: 110 };
const EXACT: Tolerance = { rule: 'exact' };

/** Hosts of every strategy against the trust policy; dear (16 units) and cheap (1 unit) tasks, four of five in float. */
export function simulateHosts(options: HostSimulationOptions): HostSimulation {
  const strategies = options.strategies ?? STRATEGIES;
  const rows = strategies.map((strategy) => simulateStrategy(strategy, options));
  return { rows, checksum: checksumOf(rows) };
}

function simulateStrategy(strategy: Strategy, options: HostSimulationOptions): StrategyRow {
  const { seed, tasksPerHost, hostsPerStrategy, costPermille, policy = TRUST_POLICY } = options;
  const accounts: Account[] = [];
  for (let host = 0; host < hostsPerStrategy; host++) {
    const name = `${seed}/${strategy.name}/${host}`;
    const own = seededChance(name);
    const secret = pureSha256(encodeUtf8(name));
    const life = new HostLife(policy, strategy, own.fork('lies'));
    const mix = own.fork('tasks');
    for (let index = 0; index < tasksPerHost; index++) {
      const workUnits = mix.below(10) === 0 ? 16n : 1n;
      const tolerance = mix.below(5) === 0 ? EXACT : FLOAT;
      const task = { id: `${host}/${index}`, workUnits, tolerance };
      life.take(task, checkDraw(pureSha256, secret, task.id));
    }
    life.settle();
    accounts.push(life.account);
  }
  return summarise(strategy.name, accounts, costPermille);
}

function summarise(strategy: string, accounts: readonly Account[], costPermille: number): StrategyRow {
  const sum = (pick: (account: Account) => bigint | number) =>
    accounts.reduce((total, account) => total + Number(pick(account)), 0);
  const leased = sum((account) => account.leasedUnits);
  const cost = (sum((account) => account.computedEighths) / 8) * (costPermille / 1000);
  return {
    strategy,
    tasks: sum((account) => account.tasks),
    earnedPerUnit: (sum((account) => account.earnedUnits) - cost) / Math.max(1, leased),
    acceptedBadShare:
      sum((account) => account.acceptedBad) /
      Math.max(
        1,
        sum((account) => account.accepted),
      ),
    overheadShare: sum((account) => account.recheckedEighths) / 8 / Math.max(1, leased),
    settleShare: sum((account) => account.settledEighths) / 8 / Math.max(1, leased),
    bans: sum((account) => account.bans),
  };
}

function checksumOf(rows: readonly StrategyRow[]): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(rows)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The table as Markdown, for the documentation. */
export function hostTable(simulation: HostSimulation): string {
  const lines = simulation.rows.map(
    (row) =>
      `| ${row.strategy} | ${row.earnedPerUnit.toFixed(3)} | ${(100 * row.acceptedBadShare).toFixed(2)} % | ` +
      `${(100 * row.overheadShare).toFixed(2)} % | ${(100 * row.settleShare).toFixed(2)} % | ${row.bans} |`,
  );
  const head = [
    '| strategy | earned per leased unit | false, accepted for good | re-run | re-run to settle | bans |',
    '|---|---|---|---|---|---|',
  ];
  return [...head, ...lines].join('\n');
}
