import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Slot, type SlotOptions } from './slot.ts';

const PROGRAM = fileURLToPath(new URL('../testing/hostile-slot-main.ts', import.meta.url));
const PATIENCE_MS = 60_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function hostileSlot(options: SlotOptions = {}): Slot {
  const slot = new Slot({ program: PROGRAM, ...options });
  cleanups.push(() => slot.close());
  return slot;
}

const job = (kind: string, input = new Uint8Array()) => ({ kind, version: 1, input });
const echo = job('good.echo');

/** Runs a deed, then sees that the slot still works. */
async function afterwards(slot: Slot, kind: string, timeoutMs = PATIENCE_MS) {
  const { outcome } = await slot.run(job(kind), timeoutMs);
  const next = (await slot.run(echo, PATIENCE_MS)).outcome;
  expect(next).toEqual({ ok: true, value: new Uint8Array([1, 2, 3]) });
  return outcome;
}

test.each([
  ['an endless loop', 'evil.loop', 'slot-timeout'],
  ['an endless complaint on stderr', 'evil.flood', 'slot-timeout'],
])('%s ends at its deadline, and the slot works on', async (_, kind, code) => {
  const slot = hostileSlot();
  await slot.run(echo, PATIENCE_MS);
  expect(await afterwards(slot, kind, 300)).toMatchObject({ ok: false, code });
});

test('a heap without end dies at its cap and says of what', async () => {
  const outcome = await afterwards(hostileSlot(), 'evil.heap');
  expect(outcome).toMatchObject({ ok: false, code: 'slot-died' });
  expect(outcome.ok ? '' : outcome.message).toContain('out of memory');
});

test('buffers outside the heap end at the limit of the kernel, where it has one', async () => {
  const slot = hostileSlot();
  if (slot.sandbox.memory !== 'data-limit') return; // The sandbox says so, and the event to the owner too.
  const { code } = (await afterwards(slot, 'evil.buffers')) as { code?: string };
  expect(['kernel-failed', 'slot-died']).toContain(code);
});

test.each([
  ['a result of a gigabyte is not even waited for', 'evil.announce', 'result-too-large'],
  ['a frame that is none ends the process', 'evil.garbage', 'result-too-large'],
  ['an answer to another job ends the process', 'evil.other-job', 'slot-confused'],
  ['an exit is told', 'evil.exit', 'slot-died'],
  ['files of the owner cannot be read', 'evil.read', 'kernel-failed'],
  ['nothing can be written', 'evil.write', 'kernel-failed'],
])('%s', async (_, kind, code) => {
  expect(await afterwards(hostileSlot(), kind)).toMatchObject({ ok: false, code });
});

test.each(['evil.read', 'evil.write'])(
  '%s is refused by Node alone too, where there is no bubblewrap',
  async (kind) => {
    const confinement = { network: 'none', files: 'permission-model', memory: 'heap' } as const;
    const outcome = await afterwards(hostileSlot({ confinement }), kind);
    expect(outcome).toMatchObject({ ok: false, code: 'kernel-failed' });
    expect(outcome.ok ? '' : outcome.message).toContain('Access to this API has been restricted');
  },
);

test('a result of more than the catalogue allows is refused by its announcement', async () => {
  const slot = hostileSlot();
  expect((await slot.run(echo, PATIENCE_MS, 2)).outcome).toMatchObject({
    ok: false,
    code: 'result-too-large',
  });
  expect((await slot.run(echo, PATIENCE_MS, 3)).outcome.ok).toBe(true);
});

test("nothing of the owner's environment is seen", async () => {
  const { outcome } = await hostileSlot().run(job('evil.environment'), PATIENCE_MS);
  const names = outcome.ok ? new TextDecoder().decode(outcome.value).split(',') : [];
  // bubblewrap sets PWD itself.
  expect(names.filter((name) => !['PATH', 'PWD'].includes(name))).toEqual([]);
});

test('a slot reaches no server of its own machine, where the network is a namespace', async () => {
  const slot = hostileSlot();
  if (slot.sandbox.network !== 'namespace') return;
  let reached = 0;
  const server = createServer(() => reached++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as { port: number };
  const input = new Uint8Array(2);
  new DataView(input.buffer).setUint16(0, port);
  await slot.run(job('evil.connect', input), PATIENCE_MS);
  let told = 'none';
  while (told === 'none') {
    const { outcome } = await slot.run(job('evil.connected'), PATIENCE_MS);
    told = outcome.ok ? new TextDecoder().decode(outcome.value) : outcome.message;
  }
  expect(told).toMatch(/^refused: /);
  expect(reached).toBe(0);
});

test('a job that is stopped for its owner says so, and the next runs in a fresh process', async () => {
  const slot = hostileSlot({ niceness: 10 });
  await slot.run(echo, PATIENCE_MS);
  const { pid } = slot;
  const running = slot.run(job('evil.loop'), PATIENCE_MS);
  slot.stop();
  expect((await running).outcome).toMatchObject({ ok: false, code: 'slot-stopped' });
  expect((await slot.run(echo, PATIENCE_MS)).outcome.ok).toBe(true);
  expect(slot.pid).not.toBe(pid);
});
