import { afterEach, expect, test } from 'vitest';
import { encodeRingerInput } from '../kernels/ringer.ts';
import { Slot } from './slot.ts';

const SMALL = {
  kind: 'bench.ringer',
  version: 1,
  input: encodeRingerInput({ seed: 1, size: 16, rounds: 1 }),
};
const LONG = {
  kind: 'bench.ringer',
  version: 1,
  input: encodeRingerInput({ seed: 1, size: 512, rounds: 256 }),
};

const slots: Slot[] = [];
afterEach(() => {
  for (const slot of slots.splice(0)) slot.close();
});

function openSlot(): Slot {
  const slot = new Slot();
  slots.push(slot);
  return slot;
}

test('keeps one process alive between jobs, within 75 MB', async () => {
  const slot = openSlot();
  expect((await slot.run(SMALL, 10_000)).outcome.ok).toBe(true);
  const { pid } = slot;
  const chunk = await slot.run({ ...SMALL, chunk: 2 }, 10_000);
  expect(chunk.outcome.ok && chunk.outcome.value.length).toBe((4 * 16 * 16) / 8);
  expect(slot.pid).toBe(pid);
  expect(slot.residentBytes).toBeLessThan(75e6);
});

test('kills a job at its deadline and runs the next in a fresh process', async () => {
  const slot = openSlot();
  await slot.run(SMALL, 10_000);
  const { pid } = slot;
  expect((await slot.run(LONG, 100)).outcome).toMatchObject({ ok: false, code: 'slot-timeout' });
  expect((await slot.run(SMALL, 10_000)).outcome.ok).toBe(true);
  expect(slot.pid).not.toBe(pid);
});

test('answers when its process is killed from outside', async () => {
  const slot = openSlot();
  await slot.run(SMALL, 10_000);
  const running = slot.run(LONG, 10_000);
  if (slot.pid) process.kill(slot.pid, 'SIGKILL');
  expect((await running).outcome).toMatchObject({ ok: false, code: 'slot-died' });
});

test.each([
  ['kernel-unknown', { ...SMALL, kind: 'miner.sha256' }],
  ['kernel-unknown', { ...SMALL, version: 2 }],
  ['input-malformed', { ...SMALL, input: new Uint8Array(3) }],
])('refuses with %s and lives on', async (code, job) => {
  const slot = openSlot();
  expect((await slot.run(job, 10_000)).outcome).toMatchObject({ ok: false, code });
  expect((await slot.run(SMALL, 10_000)).outcome.ok).toBe(true);
});

test('takes one job at a time and none when closed', async () => {
  const slot = openSlot();
  const first = slot.run(SMALL, 10_000);
  expect((await slot.run(SMALL, 10_000)).outcome).toMatchObject({ ok: false, code: 'kernel-failed' });
  expect((await first).outcome.ok).toBe(true);
  slot.close();
  expect((await slot.run(SMALL, 10_000)).outcome).toMatchObject({ ok: false, code: 'slot-closed' });
});
