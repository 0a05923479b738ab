import { toHex } from '@jamnet/base';
import { describeOnEveryEngine, type FreshDatabase } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import {
  CHUNKS,
  claimOf,
  HostAtHand,
  honestResult,
  inputOf,
  partsFor,
  register,
  runChecks,
} from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';
import type { Effect } from './requests.ts';
import { TRUST_POLICY } from './trust.ts';

async function coordinatorOn(fresh: FreshDatabase): Promise<Coordinator> {
  return new Coordinator(partsFor({ seed: 'test' }), await openMeshStore(fresh.database));
}

async function create(
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

describeOnEveryEngine('the coordinator', (openFresh) => {
  test('pays an honest host for every task, once settled', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await create(coordinator, 30);
    await host.workOff(coordinator, 1n);
    await runChecks(coordinator, 2n);
    await coordinator.apply(3n, { type: 'settle' });
    const work = await coordinator.work({ state: 'released' });
    expect(work).toHaveLength(30);
    expect(work.every((row) => row.workUnits === 2n && row.payee === claimOf('ada').payee)).toBe(true);
  });

  test('creates the same task once, however often it is asked for', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    expect(await create(coordinator, 3)).toEqual(await create(coordinator, 3));
    expect((await coordinator.queueDepth()).queued).toBe(3);
  });

  test('never leases one task to two hosts', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hosts = await Promise.all(['ada', 'ben', 'cyd'].map((name) => register(coordinator, name)));
    await create(coordinator, 60);
    const leased = await Promise.all(hosts.map((host) => host.lease(coordinator, 1n, 50)));
    const ids = leased.flat().map((task) => task.task);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  test('catches one int8-rounded chunk among eight, forfeits, bans at the second, and the honest host is paid for all', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const liar = await register(coordinator, 'eve', { tamper: 'int8' });
    const honest = await register(coordinator, 'ada');
    await create(coordinator, 24, { assignment: 'rendezvous' });
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

  test('gives rendezvous tasks to the same hosts whoever asks first', async () => {
    const names = ['ada', 'ben', 'cyd'];
    const assignments: string[][] = [];
    for (const order of [names, [...names].reverse()]) {
      const coordinator = await coordinatorOn(await openFresh());
      const hosts = new Map<string, HostAtHand>();
      for (const name of names) hosts.set(name, await register(coordinator, name));
      await create(coordinator, 30, { assignment: 'rendezvous' });
      await alternate(
        coordinator,
        order.flatMap((name) => hosts.get(name) ?? []),
      );
      assignments.push((await coordinator.work({})).map((row) => `${row.task} ${row.node}`).sort());
    }
    expect(assignments[0]).toEqual(assignments[1]);
    expect(assignments[0]).toHaveLength(30);
  });

  test('gives no host a turn at a kind it cannot run', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hosts = await Promise.all(['ada', 'ben'].map((name) => register(coordinator, name)));
    await create(coordinator, 12, { assignment: 'rendezvous' });
    const [unable, able] = hosts;
    if (!unable || !able) throw new Error('no hosts');
    await coordinator.apply(1n, {
      type: 'offer',
      node: unable.id,
      kinds: [{ kind: 'test.other', version: 1 }],
    });
    expect(await able.lease(coordinator, 1n, 50)).toHaveLength(12);
  });

  test('hands a task on when its host lets the deadline pass, and refuses the late result', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const slow = await register(coordinator, 'ada');
    const quick = await register(coordinator, 'ben');
    await create(coordinator, 1);
    const [first] = await slow.lease(coordinator, 1n, 1);
    const after = 61_000_000n;
    await coordinator.apply(after, { type: 'heartbeats', nodes: [slow.id, quick.id] });
    const { effects } = await coordinator.apply(after, { type: 'tick' });
    expect(effects.map((effect) => effect.type)).toContain('expired');
    await quick.workOff(coordinator, after);
    expect(first && (await slow.commit(coordinator, after, [first]))).toMatchObject([
      { ok: false, code: 'lease-stale' },
    ]);
  });

  test('gives the tasks of a host that fell silent to another, which is not blamed', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const gone = await register(coordinator, 'ada');
    await create(coordinator, 5, { assignment: 'rendezvous' });
    await gone.lease(coordinator, 1n, 5);
    const other = await register(coordinator, 'ben');
    const later = 40_000_000n;
    await coordinator.apply(later, { type: 'heartbeats', nodes: [other.id] });
    await coordinator.apply(later, { type: 'tick' });
    expect(await other.lease(coordinator, later, 50)).toHaveLength(5);
  });

  test('lets no node hoard the queue: it holds 128 tasks at most', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hoarder = await register(coordinator, 'eve');
    await create(coordinator, 150);
    const batches = [];
    for (let call = 0; call < 4; call++) batches.push((await hoarder.lease(coordinator, 1n, 50)).length);
    expect(batches).toEqual([50, 50, 28, 0]);
    expect(await (await register(coordinator, 'ada')).lease(coordinator, 1n, 50)).toHaveLength(22);
  });

  test.each<[string, (coordinator: Coordinator, host: HostAtHand, task: string) => Promise<unknown>]>([
    [
      'gives it back',
      (coordinator, { id }, task) => coordinator.apply(1n, { type: 'give-back', node: id, tasks: [task] }),
    ],
    [
      'leaves with it',
      async (coordinator, host) => {
        await coordinator.apply(1n, { type: 'leave', node: host.id });
        await host.tryRegister(coordinator);
      },
    ],
    [
      'lets its deadline pass',
      async (coordinator, { id }) => {
        await coordinator.apply(61_000_000n, { type: 'heartbeats', nodes: [id] });
        await coordinator.apply(61_000_000n, { type: 'tick' });
      },
    ],
  ])('a node that %s three times is offered the task no more, and others still are', async (_, waste) => {
    const coordinator = await coordinatorOn(await openFresh());
    const spoiler = await register(coordinator, 'eve');
    await create(coordinator, 1, { assignment: 'rendezvous' });
    for (let time = 0; time < 3; time++) {
      const [task] = await spoiler.lease(coordinator, 1n, 1);
      await waste(coordinator, spoiler, task?.task ?? 'none leased');
    }
    expect(await spoiler.lease(coordinator, 1n, 1)).toEqual([]);
    expect((await coordinator.evidenceOf(spoiler.id, 1))[0]?.sentence).toMatch(
      /^Task [0-9a-f]{12} is for others now: this node had it 3 times and returned no result\.$/,
    );
    const honest = await register(coordinator, 'ada');
    await honest.workOff(coordinator, 2n);
    await runChecks(coordinator, 3n);
    expect((await coordinator.queueDepth()).accepted).toBe(1);
  });

  test('refuses a result that is not the one committed to, and does not accept it later', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await create(coordinator, 1);
    const [task] = await host.lease(coordinator, 1n, 1);
    if (!task) throw new Error('no lease');
    await host.commit(coordinator, 1n, [task]);
    const swapped = honestResult(inputOf(99));
    const items = [{ task: task.task, lease: task.lease, result: swapped }];
    const { answer } = await coordinator.apply(1n, { type: 'reveal', node: host.id, items });
    expect(answer).toMatchObject({ ok: true, value: { items: [{ ok: false, code: 'reveal-differs' }] } });
    expect(await host.lease(coordinator, 2n, 1)).toEqual([]);
  });

  test('refuses results without a commitment, forged signatures and replayed leases', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await create(coordinator, 2);
    const [first, second] = await host.lease(coordinator, 1n, 2);
    if (!first || !second) throw new Error('no lease');
    const result = honestResult(first.input);
    const early = await coordinator.apply(1n, {
      type: 'reveal',
      node: host.id,
      items: [{ task: first.task, lease: 1, result }],
    });
    expect(early.answer).toMatchObject({ value: { items: [{ code: 'commitment-missing' }] } });
    const items = [host.commitItem(first)];
    const forged = await coordinator.apply(1n, {
      type: 'commit',
      node: host.id,
      items,
      signature: '00'.repeat(64),
    });
    expect(forged.answer).toMatchObject({ ok: false, code: 'signature-invalid' });
    expect(await host.commit(coordinator, 1n, [{ ...second, lease: 7 }])).toMatchObject([
      { code: 'lease-stale' },
    ]);
  });

  test('keeps replicas of a task apart by owner group', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const one = await register(coordinator, 'ada', { ownerGroup: 'house-a' });
    const twin = await register(coordinator, 'ann', { ownerGroup: 'house-a' });
    const other = await register(coordinator, 'ben', { ownerGroup: 'house-b' });
    const input = inputOf(0);
    const task = {
      kind: 'test.scale',
      version: 1,
      input,
      operations: 1n,
      subject: 's',
      audience: 'strangers',
      replicas: 2,
    } as const;
    await coordinator.apply(0n, { type: 'create', tasks: [task] });
    expect(await one.lease(coordinator, 1n, 5)).toHaveLength(1);
    expect(await twin.lease(coordinator, 1n, 5)).toHaveLength(0);
    expect(await other.lease(coordinator, 1n, 5)).toHaveLength(1);
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

  test('shows inputs without consent to trusted hosts only, and none to an excluded owner group', async () => {
    const fresh = await openFresh();
    const parts = partsFor({ seed: 'test', trusted: ['ben'] });
    const coordinator = new Coordinator(parts, await openMeshStore(fresh.database));
    const stranger = await register(coordinator, 'ada');
    const trusted = await register(coordinator, 'ben');
    const task = { kind: 'test.scale', version: 1, operations: 1n, subject: 's' } as const;
    const excludedOwnerGroups = [claimOf('ada').ownerGroup];
    const tasks = [
      { ...task, input: inputOf(1) },
      { ...task, input: inputOf(2), audience: 'strangers' as const, excludedOwnerGroups },
    ];
    await coordinator.apply(0n, { type: 'create', tasks });
    expect(await stranger.lease(coordinator, 1n, 5)).toHaveLength(0);
    expect(await trusted.lease(coordinator, 1n, 5)).toHaveLength(2);
  });

  test('goes on after a restart with leases, checks and held pay as they were', async () => {
    const fresh = await openFresh();
    const parts = partsFor({ seed: 'test' });
    const before = new Coordinator(parts, await openMeshStore(fresh.database));
    const host = await register(before, 'ada');
    await create(before, 4);
    const tasks = await host.lease(before, 1n, 2);
    await host.commit(before, 1n, tasks);
    await host.reveal(before, 1n, tasks);
    const after = new Coordinator(parts, await openMeshStore(await fresh.reopen()));
    expect(await after.openChecks(10)).toHaveLength(2);
    await runChecks(after, 2n);
    await host.workOff(after, 3n);
    await runChecks(after, 4n);
    expect((await after.work({ state: 'held' })).length).toBe(4);
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
    await create(coordinator, 1);
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

  test('takes at most 50 commitments in one message and 10,000 tasks in one creation', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const items = Array.from({ length: 51 }, () => ({
      task: 'x',
      lease: 1,
      resultHash: '',
      chunkHashes: [],
    }));
    const commit = await coordinator.apply(0n, { type: 'commit', node: host.id, items, signature: '' });
    expect(commit.answer).toMatchObject({ ok: false, code: 'batch-too-large' });
    const tasks = Array.from({ length: 10_001 }, () => ({
      kind: 'test.scale',
      version: 1,
      input: inputOf(0),
      operations: 1n,
      subject: 's',
    }));
    expect((await coordinator.apply(0n, { type: 'create', tasks })).answer).toMatchObject({
      code: 'batch-too-large',
    });
  });

  test('backtracks over unchecked held results when a sleeper is proven false', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const sleeper = await register(coordinator, 'eve', { tamperFrom: 105 });
    await create(coordinator, 400);
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
    await create(coordinator, 120);
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

  test('settles only after a last look at 32 results that were never re-run whole', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await create(coordinator, 140);
    for (let round = 0; round < 14; round++) {
      await host.workOff(coordinator, BigInt(round), 10);
      await runChecks(coordinator, BigInt(round));
    }
    const asked = await coordinator.apply(20n, { type: 'settle' });
    expect(asked.answer).toMatchObject({ ok: true, value: { released: 0, pending: 32 } });
    expect(asked.effects.every((effect) => effect.type === 'check' && effect.check.chunks.length === 1)).toBe(
      true,
    );
    expect((await coordinator.apply(21n, { type: 'settle' })).effects).toEqual([]);
    await runChecks(coordinator, 22n);
    const settled = await coordinator.apply(23n, { type: 'settle' });
    expect(settled.answer).toMatchObject({ ok: true, value: { released: 140, pending: 0 } });
    expect((await coordinator.nodes())[0]).toMatchObject({ heldUnits: 0n, releasedUnits: 280n });
  });

  test('a lie that only the last look finds costs all pay of the epoch', async () => {
    const trust = { ...TRUST_POLICY, checkFloorPermille: 0, checkYoungPermille: 0 };
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator({ ...partsFor({ seed: 'test' }), trust }, store);
    const late = await register(coordinator, 'eve', { tamperFrom: 80 });
    await create(coordinator, 120);
    for (let round = 0; round < 12; round++) {
      await late.workOff(coordinator, BigInt(round), 10);
      await runChecks(coordinator, BigInt(round));
    }
    expect((await coordinator.nodes())[0]).toMatchObject({ provenFakes: 0, heldUnits: 240n });
    await coordinator.apply(20n, { type: 'settle' });
    await runChecks(coordinator, 21n);
    await coordinator.apply(22n, { type: 'settle' });
    expect((await coordinator.nodes())[0]?.provenFakes).toBeGreaterThan(0);
    expect(await coordinator.work({ state: 'released' })).toEqual([]);
  });

  test('offers a newcomer the cheapest tasks first, dear ones when there are no others', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const task = { kind: 'test.scale', version: 1, subject: 's', audience: 'strangers' } as const;
    const dear = { ...task, input: inputOf(1), operations: 16_000_000_000n, priority: 9 };
    const cheap = { ...task, input: inputOf(2), operations: 1n };
    await coordinator.apply(0n, { type: 'create', tasks: [dear, cheap] });
    const units = async () => (await host.lease(coordinator, 1n, 5)).map((leased) => leased.workUnits);
    expect([await units(), await units(), await units()]).toEqual([[1n], [16n], []]);
  });
});

/** Lets hosts take turns until nobody finds work, re-running what is asked for. */
async function alternate(coordinator: Coordinator, hosts: readonly HostAtHand[]) {
  const effects = [];
  for (let round = 0; round < 12; round++) {
    for (const host of hosts) effects.push(...(await host.workOff(coordinator, BigInt(round), 3)));
    effects.push(...(await runChecks(coordinator, BigInt(round))));
  }
  return effects;
}
