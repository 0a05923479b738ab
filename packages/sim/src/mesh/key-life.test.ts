import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Coordinator, type CoordinatorParts, checkDraw, pureSha256 } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { inputOf, partsFor, register, runChecks } from '@jamnet/mesh/testing';
import { openDatabase } from '@jamnet/sql';
import { expect, test } from 'vitest';
import { emptyAccount } from './account.ts';
import { KeyLife } from './key-life.ts';
import type { SimTask } from './sim-task.ts';

const TASKS = 110;

/** Each task dearer than the last or cheaper: 1 to 3 units. */
const unitsOf = (index: number): bigint => BigInt(1 + (index % 3));

/** The real coordinator on a database of its own. */
async function withCoordinator(
  work: (coordinator: Coordinator, parts: CoordinatorParts) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-key-life-'));
  const database = openDatabase({ directory });
  try {
    const parts = partsFor({ seed: 'both' });
    await work(new Coordinator(parts, await openMeshStore(database)), parts);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
}

test.each([
  ['honest', Number.POSITIVE_INFINITY],
  ['false from the start', 0],
  ['false after trust', 85],
])('a simulated key that is %s stands as the coordinator holds a real one, task for task', (_, tamperFrom) =>
  withCoordinator(async (coordinator, { trust: policy, secret }) => {
    const host = await register(coordinator, 'eve', { tamperFrom });
    const account = emptyAccount();
    const drawFor = (task: string) => checkDraw(pureSha256, secret, task);
    const key = new KeyLife({ policy, account, lieMilliDecibel: 40_000, drawFor, requeue: () => {} });
    for (let index = 0; index < TASKS && !key.banned; index++) {
      const task = await createTask(coordinator, index);
      await host.workOff(coordinator, 1n, 1);
      await runChecks(coordinator, 1n);
      // `HostAtHand` rounds one chunk of eight, in turn.
      key.reveal(task, index >= tamperFrom ? 1 << (index % 8) : 0);
      expect((await coordinator.nodes())[0]).toMatchObject(key.standing);
    }
    for (let look = 0; look < 2; look++) {
      await coordinator.apply(2n, { type: 'settle' });
      await runChecks(coordinator, 2n);
    }
    key.settle();
    const [node] = await coordinator.nodes();
    expect(node).toMatchObject({ releasedUnits: BigInt(account.earnedUnits), heldUnits: 0n });
    expect(node?.state === 'banned').toBe(key.banned);
  }),
);

async function createTask(coordinator: Coordinator, index: number): Promise<SimTask> {
  const workUnits = unitsOf(index);
  const task = { kind: 'test.scale', version: 1, subject: 's', audience: 'strangers' } as const;
  const operations = workUnits * 1_000_000_000n;
  const created = await coordinator.apply(1n, {
    type: 'create',
    tasks: [{ ...task, input: inputOf(index), operations }],
  });
  if (!created.answer.ok) throw new Error(created.answer.message);
  const [id = ''] = created.answer.value.tasks;
  return { id, number: index, workUnits, tolerance: { rule: 'snr', decibelMin: 110 } };
}
