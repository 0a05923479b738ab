import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { register, runChecks } from '../testing/hosts.ts';
import { BAN_REASON_LENGTH_MAX } from './operator-ban.ts';

const KINDS = [{ kind: 'test.scale', version: 1 }];

describeOnEveryEngine('bans by the operator', (openFresh) => {
  test('shut a node out with the reason as evidence, give its tasks to others and leave its pay alone', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'eve');
    await createTasks(coordinator, 4);
    await host.workOff(coordinator, 1n);
    await runChecks(coordinator, 2n);
    const held = (await coordinator.nodes())[0]?.heldUnits ?? 0n;
    expect(held).toBeGreaterThan(0n);
    await createTasks(coordinator, 8);
    await coordinator.apply(3n, { type: 'lease', node: host.id, limit: 2, kinds: KINDS });

    const reason = 'Its owner asked for it.';
    const { answer, effects } = await coordinator.apply(4n, { type: 'ban', node: host.id, reason });
    expect(answer).toEqual({ ok: true, value: { changed: true } });
    expect(effects).toContainEqual({
      ...{ type: 'banned', node: host.id },
      sentence: `Banned by the studio's operator: ${reason}`,
    });
    expect(await coordinator.nodes()).toMatchObject([{ state: 'banned', heldUnits: held, provenFakes: 0 }]);
    expect((await coordinator.queueDepth()).running).toBe(0);
    expect((await coordinator.evidenceOf(host.id, 1))[0]).toMatchObject({
      code: 'banned',
      sentence: expect.stringContaining(reason),
    });
    const lease = await coordinator.apply(5n, { type: 'lease', node: host.id, limit: 5, kinds: KINDS });
    expect(lease.answer).toMatchObject({ ok: false, code: 'node-banned' });
    const again = await coordinator.apply(6n, { type: 'ban', node: host.id, reason: 'Twice.' });
    expect(again).toEqual({ answer: { ok: true, value: { changed: false } }, effects: [] });
  });

  test('are lifted with a reason: the node registers anew, without trust, with what was proven against it', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'eve');
    await coordinator.apply(1n, { type: 'ban', node: host.id, reason: 'A mistake.' });
    const lifted = await coordinator.apply(2n, { type: 'unban', node: host.id, reason: 'It was a mistake.' });
    expect(lifted.answer).toEqual({ ok: true, value: { changed: true } });
    expect(await coordinator.nodes()).toMatchObject([{ state: 'gone', consecutiveValid: 0 }]);
    expect((await coordinator.evidenceOf(host.id, 1))[0]).toMatchObject({
      code: 'unbanned',
      sentence: "Let in again by the studio's operator: It was a mistake.",
    });
    expect((await register(coordinator, 'eve')).id).toBe(host.id);
    const again = await coordinator.apply(3n, { type: 'unban', node: host.id, reason: 'Twice.' });
    expect(again.answer).toEqual({ ok: true, value: { changed: false } });
  });

  test('need a reason and a node that is known', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const { id: node } = await register(coordinator, 'eve');
    for (const type of ['ban', 'unban'] as const) {
      for (const reason of ['', '  ', 'x'.repeat(BAN_REASON_LENGTH_MAX + 1)])
        expect((await coordinator.apply(1n, { type, node, reason })).answer).toMatchObject({
          code: 'reason-malformed',
        });
      const stranger = await coordinator.apply(1n, { type, node: '0'.repeat(64), reason: 'Why not.' });
      expect(stranger.answer).toMatchObject({ code: 'node-unknown' });
    }
    expect(await coordinator.nodes()).toMatchObject([{ state: 'active' }]);
  });
});
