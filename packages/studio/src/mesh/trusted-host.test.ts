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

function hostThatFails(error: Error) {
  const open = [CHECK];
  const told: unknown[] = [];
  const reported: string[] = [];
  const store = { error: error as Error | null };
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
    slots: 2,
    report: async (check) => {
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
