import { AssertionError } from '@jamnet/base';
import { afterEach, expect, test, vi } from 'vitest';
import { type OpenedMesh, openMesh } from './testing/open-mesh.ts';

let opened: OpenedMesh | null = null;
afterEach(async () => {
  opened?.breakStore(null);
  await opened?.close();
  vi.restoreAllMocks();
});

/** What would have ended the process while `provoke` ran. */
async function fatal(provoke: () => void): Promise<unknown> {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  try {
    return await new Promise((resolve) => {
      process.on('unhandledRejection', resolve);
      provoke();
    });
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
}

test('a store that is away is told once, survived, and told again after it was back', async () => {
  const told: unknown[] = [];
  const mesh = await openMesh({ onFailure: (error) => told.push(error) });
  opened = mesh;
  const away = new Error('the store is away');
  const ticks = vi.spyOn(mesh.mesh, 'apply');
  const afterTicks = async (count: number) => {
    const from = ticks.mock.calls.length;
    await expect.poll(() => ticks.mock.calls.length, { interval: 20 }).toBeGreaterThanOrEqual(from + count);
  };
  mesh.breakStore(away);
  await afterTicks(3);
  expect(told).toEqual([away]);
  mesh.breakStore(null);
  await afterTicks(2);
  mesh.breakStore(away);
  await afterTicks(2);
  expect(told).toEqual([away, away]);
});

test('without a listener a failure is one line on stderr', async () => {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  opened = await openMesh();
  opened.breakStore(new Error('the store\nis away'));
  await expect.poll(() => written.length, { interval: 20 }).toBe(1);
  expect(written).toEqual(['JAMMesh: Error: the store is away\n']);
});

test('a broken invariant in the clock of the mesh is not survived', async () => {
  const told: unknown[] = [];
  const mesh = await openMesh({ onFailure: (error) => told.push(error) });
  opened = mesh;
  const broken = new AssertionError('an invariant');
  expect(await fatal(() => mesh.breakStore(broken))).toBe(broken);
  expect(told).toEqual([]);
});
