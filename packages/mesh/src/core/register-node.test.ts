import { toHex } from '@jamnet/base';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { HostAtHand, partsFor, register } from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';

describeOnEveryEngine('registering a node', (openFresh) => {
  test.each([
    ['claim-malformed', { payee: 'somebody' }],
    ['claim-malformed', { ownerGroup: '' }],
    ['claim-malformed', { name: 'x'.repeat(65) }],
    ['claim-malformed', { publicKey: 'ff' }],
    ['signature-invalid', { publicKey: toHex(new Uint8Array(32).fill(7)) }],
  ])('refuses to register with %s', async (code, change) => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = new HostAtHand('ada', {});
    expect(await host.tryRegister(coordinator, change)).toMatchObject({ ok: false, code });
    expect(await coordinator.nodes()).toEqual([]);
  });

  test('refuses a new key while too many never sent a result, takes known ones, and forgets who left with nothing', async () => {
    const { dispatch, ...parts } = partsFor({ seed: 'test' });
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator({ ...parts, dispatch: { ...dispatch, newcomersMax: 3 } }, store);
    const worker = await register(coordinator, 'ada');
    await createTasks(coordinator, 1);
    await worker.workOff(coordinator, 1n);
    const flood = ['eve', 'eva', 'evi'];
    for (const name of flood) await register(coordinator, name);
    const late = new HostAtHand('ben', {});
    expect(await late.tryRegister(coordinator)).toMatchObject({ ok: false, code: 'newcomers-full' });
    expect(await new HostAtHand('eve', {}).tryRegister(coordinator)).toMatchObject({ ok: true });
    const names = async () => (await coordinator.nodes()).map((node) => node.name).sort();
    await coordinator.apply(40_000_000n, { type: 'tick' });
    await coordinator.apply(600_000_000n, { type: 'tick' });
    expect(await names()).toEqual(['ada', ...flood].sort());
    await coordinator.apply(600_000_001n, { type: 'tick' });
    expect(await names()).toEqual(['ada']);
    expect(await late.tryRegister(coordinator)).toMatchObject({ ok: true });
  });
});
