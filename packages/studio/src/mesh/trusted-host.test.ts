import { AssertionError } from '@jamnet/base';
import type { CheckRow } from '@jamnet/mesh';
import { expect, test } from 'vitest';
import { TrustedHost, type TrustedHostOptions } from './trusted-host.ts';

/** A check whose input is gone: answered without running anything. */
const CHECK: CheckRow = {
  id: 'task.1.gate',
  task: 'task',
  node: 'node',
  kind: 'none',
  version: 1,
  inputHash: '',
  resultHash: '',
  chunks: [0],
  purpose: 'gate',
  done: false,
};

type Report = TrustedHostOptions['report'];

function hostThatFails(error: Error | null, checks: readonly CheckRow[] = [CHECK], report?: Report) {
  const open = [...checks];
  const told: unknown[] = [];
  const reported: string[] = [];
  const store = { error };
  const coordinator = {
    parts: { catalogue: { find: () => undefined } },
    blob: async () => null,
    takeChecks: async () => {
      if (store.error) throw store.error;
      return open.splice(0);
    },
  };
  const host = new TrustedHost({
    // As much of a coordinator as the host touches.
    coordinator: coordinator as unknown as TrustedHostOptions['coordinator'],
    nowUs: () => 0n,
    slots: checks.length > 1 ? 1 : 2,
    report: async (check, outcome) => {
      await report?.(check, outcome);
      reported.push(check.id);
    },
    onFailure: (failure) => told.push(failure),
  });
  return { host, told, reported, store };
}

test('a look that fails is told and rejects who awaits it; the next one answers the check', async () => {
  const away = new Error('the store is away');
  const { host, told, reported, store } = hostThatFails(away);
  host.wake();
  await expect(host.idle()).rejects.toBe(away);
  host.wake();
  await expect(host.idle()).rejects.toBe(away);
  expect(told).toEqual([away]);
  store.error = null;
  host.wake();
  await host.idle();
  expect(reported).toEqual([CHECK.id]);
  await host.close();
});

test('a slot does not wait for an outcome to be written; one that could not be is answered by the next look', async () => {
  const checks = ['a', 'b', 'c'].map((id): CheckRow => ({ ...CHECK, id }));
  const full = new Error('disk full');
  const asked: string[] = [];
  let letGo = (): void => {};
  const written = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let fails = true;
  const { host, told, reported } = hostThatFails(null, checks, async ({ id }) => {
    asked.push(id);
    if (asked.length === checks.length) letGo(); // None is written before all were asked for.
    await written;
    if (id === 'b' && fails) throw full;
  });
  host.wake();
  await expect(host.idle()).rejects.toBe(full);
  expect([asked, reported, told]).toEqual([['a', 'b', 'c'], ['a', 'c'], [full]]);
  fails = false;
  host.wake();
  await host.idle();
  expect(reported).toEqual(['a', 'c', 'b']);
  await host.close();
});

test('a broken invariant in a look is not survived', async () => {
  const broken = new AssertionError('an invariant');
  const { host, told } = hostThatFails(broken);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const fatal = new Promise((resolve) => process.on('unhandledRejection', resolve));
  host.wake();
  expect(await fatal).toBe(broken);
  process.removeAllListeners('unhandledRejection');
  for (const other of others) process.on('unhandledRejection', other);
  expect(told).toEqual([]);
  await host.close();
});

test('a check of bytes that were taken back says that they are gone for good, other missing ones do not', async () => {
  const outcomes: unknown[] = [];
  const present: Record<string, Uint8Array | null> = {
    erased: new Uint8Array(0),
    whole: Uint8Array.of(1),
    lost: null,
  };
  const open: CheckRow[] = [
    { ...CHECK, id: '1', inputHash: 'erased', resultHash: 'whole' },
    { ...CHECK, id: '2', inputHash: 'whole', resultHash: 'erased' },
    { ...CHECK, id: '3', inputHash: 'lost', resultHash: 'whole' },
  ];
  const coordinator = {
    parts: { catalogue: { find: () => ({ deadlineMs: 1000, modelSha256: null, chunkCount: 1 }) } },
    blob: async (key: string) => present[key] ?? null,
    takeChecks: async () => open.splice(0),
  };
  const host = new TrustedHost({
    coordinator: coordinator as unknown as TrustedHostOptions['coordinator'],
    nowUs: () => 0n,
    report: async (_, outcome) => void outcomes.push(outcome),
    onFailure: () => {},
  });
  host.wake();
  await host.idle();
  await host.close();
  expect(outcomes).toMatchObject([{ ran: false, gone: true }, { ran: false, gone: true }, { ran: false }]);
  expect(outcomes[2]).not.toHaveProperty('gone');
});
