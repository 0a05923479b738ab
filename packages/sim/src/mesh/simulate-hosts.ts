import { encodeUtf8, seededChance } from '@jamnet/base';
import { checkDraw, pureSha256, TRUST_POLICY, type TrustPolicy } from '@jamnet/mesh';
import { type Account, addAccount, emptyAccount } from './account.ts';
import { HostLife, type HostWorld } from './host-life.ts';
import { STRATEGIES, type Strategy } from './host-strategies.ts';
import { TaskQueue } from './task-queue.ts';

export interface HostSimulationOptions {
  readonly seed: string;
  readonly tasksPerHost: number;
  readonly honestHosts: number;
  /** Hosts of each other strategy. */
  readonly hostsPerStrategy: number;
  /** So many of these populations, each with a queue of its own; default 1. */
  readonly populations?: number;
  readonly policy?: TrustPolicy;
  readonly strategies?: readonly Strategy[];
  readonly onPopulation?: (done: number) => void;
}

export interface StrategyRow {
  readonly strategy: string;
  readonly cheats: boolean;
  readonly hosts: number;
  readonly account: Account;
}

export interface HostSimulation {
  readonly hosts: number;
  readonly rows: readonly StrategyRow[];
  /** FNV-1a over all rows, for comparing two runs. */
  readonly checksum: string;
}

/** Hosts of all strategies work off one queue under the real trust policy, one task a turn; when it is empty, all is settled. */
export function simulateHosts(options: HostSimulationOptions): HostSimulation {
  const { populations = 1, honestHosts, hostsPerStrategy, strategies = STRATEGIES } = options;
  const rows = strategies.map((strategy): StrategyRow => {
    const hosts = populations * (strategy.name === 'honest' ? honestHosts : hostsPerStrategy);
    return { strategy: strategy.name, cheats: strategy.cheats, hosts, account: emptyAccount() };
  });
  for (let population = 0; population < populations; population++) {
    for (const { index, host } of livePopulation(options, strategies, `${options.seed}/${population}`)) {
      const row = rows[index];
      if (row) addAccount(row.account, host.account);
    }
    options.onPopulation?.(population + 1);
  }
  return { hosts: rows.reduce((sum, row) => sum + row.hosts, 0), rows, checksum: checksumOf(rows) };
}

interface Inhabitant {
  /** Of its strategy. */
  readonly index: number;
  readonly host: HostLife;
}

function livePopulation(
  options: HostSimulationOptions,
  strategies: readonly Strategy[],
  name: string,
): readonly Inhabitant[] {
  const { honestHosts, hostsPerStrategy, tasksPerHost, policy = TRUST_POLICY } = options;
  const counts = strategies.map((strategy) => (strategy.name === 'honest' ? honestHosts : hostsPerStrategy));
  const tasks = tasksPerHost * counts.reduce((sum, count) => sum + count, 0);
  const secret = pureSha256(encodeUtf8(name));
  const queue = new TaskQueue(name, seededChance(name).fork('tasks'), tasks);
  const world: HostWorld = { policy, queue, drawFor: (task) => checkDraw(pureSha256, secret, task) };
  const inhabitants = strategies.flatMap((strategy, index) =>
    Array.from({ length: counts[index] ?? 0 }, (_, number): Inhabitant => {
      const chance = seededChance(`${name}/${strategy.name}/${number}`);
      return { index, host: new HostLife(strategy, chance, world) };
    }),
  );
  for (let turn = 0; turn < tasksPerHost; turn++) for (const { host } of inhabitants) host.work();
  for (const { host } of inhabitants) host.settle();
  return inhabitants;
}

function checksumOf(rows: readonly StrategyRow[]): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(rows)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
