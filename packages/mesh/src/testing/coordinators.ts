import type { FreshDatabase } from '@jamnet/sql/testing';
import { Coordinator } from '../core/coordinator.ts';
import { openMeshStore } from '../store/sql-store.ts';
import { type HostAtHand, inputOf, partsFor, runChecks } from './hosts.ts';

/** A coordinator over an empty database, which draws the same for every test. */
export async function coordinatorOn(fresh: FreshDatabase): Promise<Coordinator> {
  return new Coordinator(partsFor({ seed: 'test' }), await openMeshStore(fresh.database));
}

/** Creates `count` tasks `test.scale` of two work units each; resolves to their ids. */
export async function createTasks(
  coordinator: Coordinator,
  count: number,
  more: object = {},
): Promise<readonly string[]> {
  const tasks = Array.from({ length: count }, (_, n) => ({
    kind: 'test.scale',
    version: 1,
    input: inputOf(n),
    operations: 1_500_000_000n,
    subject: `take-${n}`,
    audience: 'strangers' as const,
  }));
  const { answer } = await coordinator.apply(0n, { type: 'create', tasks, ...more });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.tasks;
}

/** Lets hosts take turns until nobody finds work, re-running what is asked for. */
export async function alternate(coordinator: Coordinator, hosts: readonly HostAtHand[]) {
  const effects = [];
  for (let round = 0; round < 12; round++) {
    for (const host of hosts) effects.push(...(await host.workOff(coordinator, BigInt(round), 3)));
    effects.push(...(await runChecks(coordinator, BigInt(round))));
  }
  return effects;
}
