import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { inputOf } from '../testing/hosts.ts';

describeOnEveryEngine('creating tasks', (openFresh) => {
  test('creates the same task once, however often it is asked for', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    expect(await createTasks(coordinator, 3)).toEqual(await createTasks(coordinator, 3));
    expect((await coordinator.queueDepth()).queued).toBe(3);
  });

  test.each([
    ['kind-unknown', { kind: 'test.none' }],
    ['kind-real-time', { kind: 'test.live' }],
    ['input-too-large', { input: new Uint8Array(5000) }],
    ['operations-out-of-range', { operations: 0n }],
    ['operations-out-of-range', { operations: 10n ** 12n + 1n }],
    ['replicas-out-of-range', { replicas: 6 }],
    ['audience-forbidden', { kind: 'test.secret', audience: 'strangers' as const }],
  ])('refuses a creation with %s and keeps nothing of it', async (code, change) => {
    const coordinator = await coordinatorOn(await openFresh());
    const good = { kind: 'test.scale', version: 1, input: inputOf(0), operations: 1n, subject: 's' };
    const { answer } = await coordinator.apply(0n, { type: 'create', tasks: [good, { ...good, ...change }] });
    expect(answer).toMatchObject({ ok: false, code });
    expect((await coordinator.queueDepth()).queued).toBe(0);
  });
});
