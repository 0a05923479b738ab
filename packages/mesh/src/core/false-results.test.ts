import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { alternate, coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { CHUNKS, honestResult, inputOf, register, runChecks } from '../testing/hosts.ts';
import type { Effect } from './requests.ts';

describeOnEveryEngine('results that are false', (openFresh) => {
  test('catches one int8-rounded chunk among eight, forfeits, bans at the second, and the honest host is paid for all', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const liar = await register(coordinator, 'eve', { tamper: 'int8' });
    const honest = await register(coordinator, 'ada');
    await createTasks(coordinator, 24, { assignment: 'rendezvous' });
    const effects = await alternate(coordinator, [liar, honest]);
    expect(effects.filter((effect) => effect.type === 'banned')).toHaveLength(1);
    await coordinator.apply(9n, { type: 'settle' });
    const work = await coordinator.work({});
    expect(work.every((row) => row.node === honest.id && row.state === 'released')).toBe(true);
    expect(work).toHaveLength(24);
    const sentences = (await coordinator.evidenceOf(liar.id, 50)).map((row) => row.sentence);
    expect(sentences.join('\n')).toMatch(/refused because chunk \d agreed to \d\d dB, needs 110\./);
    const again = await coordinator.apply(10n, {
      type: 'lease',
      node: liar.id,
      limit: 5,
      kinds: [{ kind: 'test.scale', version: 1 }],
    });
    expect(again.answer).toMatchObject({ ok: false, code: 'node-banned' });
  });

  test('proves both of two hosts that return the same lie on both replicas of a task: no vote is counted', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const lie = (input: Uint8Array) => honestResult(input).fill(0);
    const pair = [
      await register(coordinator, 'eve', { compute: lie }),
      await register(coordinator, 'mallory', { compute: lie }),
    ];
    const task = {
      kind: 'test.scale',
      version: 1,
      operations: 1n,
      audience: 'strangers',
      replicas: 2,
    } as const;
    const tasks = [0, 1].map((n) => ({ ...task, input: inputOf(n), subject: `s${n}` }));
    await coordinator.apply(0n, { type: 'create', tasks });
    for (const host of pair) await host.workOff(coordinator, 1n);
    await runChecks(coordinator, 2n);
    expect((await coordinator.nodes()).map((node) => node.state)).toEqual(['banned', 'banned']);
    expect(await coordinator.work({ state: 'held' })).toEqual([]);
  });

  test('backtracks over unchecked held results when a sleeper is proven false', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const sleeper = await register(coordinator, 'eve', { tamperFrom: 105 });
    await createTasks(coordinator, 400);
    const effects = [];
    for (let round = 0; round < 40; round++) {
      effects.push(
        ...(await sleeper.workOff(coordinator, BigInt(round), 10)),
        ...(await runChecks(coordinator, BigInt(round))),
      );
    }
    const types = effects.map((effect) => effect.type);
    expect(types).toContain('banned');
    expect(types).toContain('forfeited');
    expect(effects.some((effect) => effect.type === 'retracted')).toBe(true);
    const [node] = await coordinator.nodes();
    expect(node?.heldUnits).toBe(0n);
    const heldLies = (await coordinator.work({ state: 'held' })).filter((row) =>
      sleeper.tampered.has(row.task),
    );
    expect(heldLies).toEqual([]);
    const sinceProof = effects.slice(types.indexOf('forfeited'));
    const paidLies = sinceProof.filter(
      (effect) => effect.type === 'released' && sleeper.tampered.has(effect.work.task),
    );
    expect(paidLies).toEqual([]);
    expect(CHUNKS).toBe(8);
  });

  test('computes again elsewhere what a proven liar had delivered without a whole re-run', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const sleeper = await register(coordinator, 'eve', { tamperFrom: 80 });
    await createTasks(coordinator, 120);
    const effects: Effect[] = [];
    for (let round = 0; round < 24 && !effects.some((effect) => effect.type === 'forfeited'); round++) {
      effects.push(
        ...(await sleeper.workOff(coordinator, BigInt(round), 5)),
        ...(await runChecks(coordinator, BigInt(round))),
      );
    }
    const retracted = effects.flatMap((effect) => (effect.type === 'retracted' ? effect.task : []));
    expect(retracted.length).toBeGreaterThan(10);
    const sentences = (await coordinator.evidenceOf(sleeper.id, 500)).map((row) => row.sentence);
    expect(sentences.join('\n')).toMatch(
      /is forfeited because task [0-9a-f]{12} was proven false\. \d+ of them had not been re-run whole: others compute them again\./,
    );
    const honest = await register(coordinator, 'ada');
    for (let round = 30; round < 60; round++) {
      await honest.workOff(coordinator, BigInt(round), 50);
      await runChecks(coordinator, BigInt(round));
    }
    await coordinator.apply(70n, { type: 'settle' });
    await runChecks(coordinator, 71n);
    await coordinator.apply(72n, { type: 'settle' });
    const paid = (await coordinator.work({ state: 'released' })).filter((row) =>
      retracted.includes(row.task),
    );
    expect(paid.map((row) => row.task).sort()).toEqual([...retracted].sort());
    expect(new Set(paid.map((row) => row.node))).toEqual(new Set([honest.id]));
  });
});
