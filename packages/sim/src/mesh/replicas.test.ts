import { present } from '@jamnet/base';
import { Catalogue, Coordinator } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { honestResult, inputOf, partsFor, register, roundChunk, runChecks } from '@jamnet/mesh/testing';
import { openSqlite } from '@jamnet/sql';
import { expect, test } from 'vitest';

const TASKS = 60;
/**
 * The real rules, but less is re-run: the first four results, then one in n, so that what is found is found by comparing.
 */
const RARELY = { firstChecked: 4, stakeTasks: 4n, checkFloorPermille: 0, checkYoungPermille: 0 };
const AWAKE_AFTER = 6;

/** Honest while all is looked at, then a rounded chunk: the same one whoever lies about this input. */
function sleeper(): (input: Uint8Array) => Uint8Array {
  let results = 0;
  return (input) => {
    const honest = honestResult(input);
    return results++ < AWAKE_AFTER ? honest : roundChunk(honest, (input[0] ?? 0) % 8);
  };
}

interface Fate {
  /** Results that are accepted, held for pay, and false. */
  readonly falseHeld: number;
  readonly proven: number;
  readonly honestProven: number;
  readonly held: number;
}

/** Two honest hosts and sleepers take turns at tasks of a kind with `replicas`; nothing is settled. */
async function play(replicas: number, sleepers: number): Promise<Fate> {
  const database = openSqlite({ file: ':memory:' });
  const parts = partsFor({ seed: 'replicas' });
  const entry = { ...present(parts.catalogue.find('test.scale', 1), 'entry of the test kind'), replicas };
  const coordinator = new Coordinator(
    { ...parts, catalogue: new Catalogue([entry]), trust: { ...parts.trust, ...RARELY } },
    await openMeshStore(database),
  );
  const honest = [await register(coordinator, 'ada'), await register(coordinator, 'ben')];
  const liars = await Promise.all(
    Array.from({ length: sleepers }, (_, n) => register(coordinator, `eve-${n}`, { compute: sleeper() })),
  );
  const task = { kind: 'test.scale', version: 1, operations: 1n, audience: 'strangers' } as const;
  const tasks = Array.from({ length: TASKS }, (_, n) => ({ ...task, input: inputOf(n), subject: `s${n}` }));
  await coordinator.apply(0n, { type: 'create', tasks });
  const proven: string[] = [];
  for (let turn = 1n; (await coordinator.queueDepth()).queued > 0 && turn < 60n; turn++) {
    for (const host of [...liars, ...honest]) await host.workOff(coordinator, turn, 2);
    for (const effect of await runChecks(coordinator, turn))
      if (effect.type === 'refused' && effect.proven) proven.push(effect.node);
  }
  const works = await coordinator.work({ state: 'held' });
  let falseHeld = 0;
  for (const { task: id, resultHash } of works) {
    const [row] = await coordinator.tasks([id]);
    const truth = honestResult((await coordinator.blob(row?.inputHash ?? '')) ?? new Uint8Array());
    const claimed = await coordinator.blob(resultHash);
    if (!claimed || Buffer.compare(truth, claimed) !== 0) falseHeld++;
  }
  await database.close();
  const honestProven = proven.filter((node) => honest.some(({ id }) => id === node)).length;
  return { falseHeld, proven: proven.length, honestProven, held: works.length };
}

test('owners that are held against each other catch a sleeper before its epoch is settled; one alone would stay', async () => {
  const alone = await play(1, 1);
  const apart = await play(2, 1);
  expect(alone.falseHeld).toBeGreaterThan(0);
  expect(apart.falseHeld).toBe(0);
  expect(apart.proven).toBeGreaterThan(0);
  expect([alone.honestProven, apart.honestProven]).toEqual([0, 0]);
  expect(apart.held).toBeGreaterThan(TASKS);
}, 240_000);

test('two owners that agree on the same lie fall by the tasks that one of them shares with an honest owner', async () => {
  const pair = await play(2, 2);
  expect(pair.honestProven).toBe(0);
  expect(pair.proven).toBeGreaterThan(0);
  expect(pair.falseHeld).toBe(0);
}, 240_000);
