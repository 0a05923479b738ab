import { present } from '@jamnet/base';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { createTasks } from '../testing/coordinators.ts';
import { honestResult, partsFor, register, runChecks } from '../testing/hosts.ts';
import { Catalogue } from './catalogue.ts';
import { Coordinator } from './coordinator.ts';

describeOnEveryEngine('a kind whose entry asks for replicas', (openFresh) => {
  /** `lenient`: looks at a host's first result alone, so that what is found is found by comparing. */
  async function coordinatorFor(replicas: number, lenient = false): Promise<Coordinator> {
    const parts = partsFor({ seed: 'test' });
    const entry = present(parts.catalogue.find('test.scale', 1), 'entry of the test kind');
    const rules = { firstChecked: 0, stakeTasks: 1n, checkFloorPermille: 0, checkYoungPermille: 0 };
    return new Coordinator(
      {
        ...parts,
        catalogue: new Catalogue([{ ...entry, replicas }]),
        trust: lenient ? { ...parts.trust, ...rules } : parts.trust,
      },
      await openMeshStore((await openFresh()).database),
    );
  }

  test('is computed once by each of so many owners, however many machines one of them has', async () => {
    const coordinator = await coordinatorFor(3);
    const house = { ownerGroup: 'house-a' };
    const farm = [await register(coordinator, 'a1', house), await register(coordinator, 'a2', house)];
    const others = [await register(coordinator, 'ben'), await register(coordinator, 'cyd')];
    expect(await createTasks(coordinator, 4)).toHaveLength(12);
    const counts = [];
    for (const host of [...farm, ...others]) counts.push((await host.lease(coordinator, 1n, 50)).length);
    expect(counts).toEqual([4, 0, 4, 4]);
    expect((await coordinator.queueDepth()).queued).toBe(0);
  });

  test('catches a lie that no check would have met: who contradicts whom is re-run whole, and the liar alone loses', async () => {
    const coordinator = await coordinatorFor(2, true);
    const liar = await register(coordinator, 'eve', { tamperFrom: 6 });
    const honest = await register(coordinator, 'ada');
    await createTasks(coordinator, 8);
    for (let task = 0; task < 8; task++) {
      await liar.workOff(coordinator, 1n, 1);
      await runChecks(coordinator, 1n);
    }
    expect(
      (await coordinator.work({ state: 'held' })).filter(({ task }) => liar.tampered.has(task)),
    ).toHaveLength(2);
    const asked = [];
    const told = [];
    for (let task = 0; task < 8; task++) {
      const effects = await honest.workOff(coordinator, 2n, 1);
      const checks = effects.flatMap((effect) => (effect.type === 'check' ? effect.check.purpose : []));
      if (checks.length > 1) asked.push(checks);
      told.push(...(await runChecks(coordinator, 3n)));
    }
    expect(asked.length).toBeGreaterThan(0);
    for (const purposes of asked) expect(purposes).toEqual(['backtrack', 'gate']);
    const proven = told.flatMap((effect) => (effect.type === 'refused' && effect.proven ? effect.node : []));
    expect(new Set(proven)).toEqual(new Set([liar.id]));
    expect(await coordinator.work({ state: 'held' })).toHaveLength(8);
  });

  test('costs honest hosts no check: what agrees is believed', async () => {
    const coordinator = await coordinatorFor(2, true);
    await createTasks(coordinator, 6);
    // Another rounding of the same result, as another device has it.
    const nearly = (input: Uint8Array): Uint8Array => {
      const samples = new Float32Array(honestResult(input).buffer).map((sample) => sample * (1 + 1e-7));
      return new Uint8Array(samples.buffer);
    };
    const purposes: string[] = [];
    for (const [name, compute] of Object.entries({ ada: honestResult, ben: nearly })) {
      const host = await register(coordinator, name, { compute });
      for (let task = 0; task < 6; task++) {
        const effects = await host.workOff(coordinator, 1n, 1);
        purposes.push(...effects.flatMap((effect) => (effect.type === 'check' ? effect.check.purpose : [])));
        await runChecks(coordinator, 1n);
      }
    }
    expect(purposes).not.toContain('backtrack');
    expect(await coordinator.work({ state: 'held' })).toHaveLength(12);
  });
});
