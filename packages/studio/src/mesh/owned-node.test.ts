import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  askControl,
  encodeRingerInput,
  kernelOf,
  NodeDirectory,
  type NodeEvent,
  type NodeStatus,
  runHost,
} from '@jamnet/jamnode';
import type { NewTask } from '@jamnet/mesh';
import { afterEach, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from './testing/open-mesh.ts';

/** As long as the test itself has: what is waited for is told with the next beat. */
const POLL = { timeout: 50_000 } as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function ringer(seed: number): NewTask {
  const input = encodeRingerInput({ seed, size: 32, rounds: 4 });
  const operations = kernelOf('bench.ringer', 1)?.operations(input);
  if (!operations?.ok) throw new Error('bench.ringer counts its own input');
  const task = { kind: 'bench.ringer', version: 1, input, operations: operations.value, subject: 'test' };
  return { ...task, audience: 'strangers' };
}

async function create(mesh: OpenedMesh, seeds: readonly number[]): Promise<readonly string[]> {
  const answer = await mesh.mesh.apply({ type: 'create', tasks: seeds.map(ringer) });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.tasks;
}

/** `port`: of a studio that comes back. */
async function openTestMesh(port?: number, heartbeatMs?: number): Promise<OpenedMesh> {
  const mesh = await openMesh({ port, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) });
  cleanups.push(() => mesh.close());
  return mesh;
}

function temporaryDirectory(): NodeDirectory {
  const path = mkdtempSync(join(tmpdir(), 'jamnet-owned-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return new NodeDirectory(path);
}

/** A node with an owner at hand; `until` resolves with the first event of a type from now on. */
function startNode(mesh: OpenedMesh, directory: NodeDirectory, idleSeconds = 0) {
  const user = { idleSeconds };
  const waiting = new Map<string, ((event: NodeEvent) => void)[]>();
  const statuses: NodeStatus[] = [];
  const stop = new AbortController();
  const done = runHost({
    url: `ws://127.0.0.1:${mesh.port}/mesh`,
    keyFile: directory.keyFile,
    name: 'attic',
    ownerGroup: 'our-house',
    directory,
    statedWatts: 100,
    signal: stop.signal,
    lookMs: 50,
    readMachine: async () => ({
      weekMinute: 0,
      gpus: [],
      idle: { known: true, idleSeconds: user.idleSeconds, source: 'test' },
    }),
    onEvent: (event) => {
      for (const resolve of waiting.get(event.type)?.splice(0) ?? []) resolve(event);
    },
    onStatus: (status) => statuses.push(status),
  });
  const end = async () => {
    stop.abort();
    await done;
  };
  cleanups.push(end);
  const until = (type: NodeEvent['type']) =>
    new Promise<NodeEvent>((resolve) => waiting.set(type, [...(waiting.get(type) ?? []), resolve]));
  return { user, until, statuses, done, stop: end };
}

test('a node whose user is there takes nothing; when the user has gone it earns, and a drain ends it', async () => {
  const mesh = await openTestMesh();
  const directory = temporaryDirectory();
  directory.writeRules('{"idleMinutes": 1}');
  const node = startNode(mesh, directory);
  await node.until('registered');
  const tasks = await create(mesh, [1, 2, 3]);
  const paused = await askControl(directory.controlSocket, 'status');
  expect(paused).toMatchObject({ ok: true, status: { state: 'paused', reasons: [{ code: 'in-use' }] } });
  expect((await mesh.mesh.options.coordinator.queueDepth()).queued).toBe(3);
  node.user.idleSeconds = 60;
  expect((await mesh.mesh.untilDone(tasks)).accepted).toHaveLength(3);
  expect(await askControl(directory.controlSocket, 'drain')).toMatchObject({ status: { state: 'draining' } });
  expect(await node.done).toEqual({ sent: 3 });
  await expect(askControl(directory.controlSocket, 'status')).rejects.toMatchObject({
    code: 'node-not-running',
  });
}, 60_000);

test("an owner's pause holds until resume, and new rules reach the running node", async () => {
  const mesh = await openTestMesh();
  const directory = temporaryDirectory();
  const node = startNode(mesh, directory, 3600);
  await node.until('registered');
  await askControl(directory.controlSocket, 'pause');
  const tasks = await create(mesh, [4]);
  directory.writeRules('{"devicesOff": ["cpu"]}');
  const status = await askControl(directory.controlSocket, 'rules');
  const codes = status.ok ? status.status.reasons.map(({ code }) => code) : [];
  expect(codes).toEqual(['paused-by-owner', 'devices-off']);
  directory.writeRules('{"devices": []}');
  expect(await askControl(directory.controlSocket, 'rules')).toMatchObject({
    ok: false,
    code: 'rules-malformed',
  });
  directory.writeRules('{}');
  await askControl(directory.controlSocket, 'rules');
  expect((await mesh.mesh.options.coordinator.queueDepth()).queued).toBe(1);
  await askControl(directory.controlSocket, 'resume');
  expect((await mesh.mesh.untilDone(tasks)).accepted).toHaveLength(1);
}, 60_000);

test('the studio knows the rules of a node that works for it, and by which of them it rests, for its owner to read', async () => {
  const mesh = await openTestMesh(undefined, 20);
  const directory = temporaryDirectory();
  directory.writeRules('{"idleMinutes": 1, "schedule": [" MON-sun "], "gpuTemperatureCelsiusMax": 70}');
  const node = startNode(mesh, directory);
  const notice = () => mesh.mesh.connected()[0]?.notice;
  await expect.poll(notice, POLL).toEqual({
    paused: ['in-use'],
    rules: {
      schedule: ['mon-sun'],
      idleMinutes: 1,
      gpuTemperatureCelsiusMax: 70,
      gpuPowerWattsMax: null,
      bandwidthMbitPerSecondMax: null,
      devicesOff: 0,
    },
  });
  node.user.idleSeconds = 60;
  await expect.poll(() => notice()?.paused, POLL).toEqual([]);
  await askControl(directory.controlSocket, 'pause');
  directory.writeRules('{"devicesOff": ["cpu", "gpu0"]}');
  await askControl(directory.controlSocket, 'rules');
  await expect.poll(() => notice()?.rules.devicesOff, POLL).toBe(2);
  expect(notice()?.paused).toEqual(['paused-by-owner', 'devices-off']);
}, 60_000);

test('a pause holds after a restart of the node and of the studio, and is over with resume', async () => {
  const directory = temporaryDirectory();
  const codes = async () => {
    const answer = await askControl(directory.controlSocket, 'status');
    return answer.ok ? answer.status.reasons.map(({ code }) => code) : [answer.code];
  };
  const first = await openTestMesh();
  const before = startNode(first, directory);
  await before.until('registered');
  await askControl(directory.controlSocket, 'pause');
  await before.stop();

  const node = startNode(first, directory);
  await node.until('registered');
  await create(first, [8]);
  expect(await codes()).toEqual(['paused-by-owner']);
  const again = node.until('registered');
  await first.close();
  const second = await openTestMesh(first.port);
  const tasks = await create(second, [9]);
  await again;
  // Its answer to the studio's new connection is here, and it asked for no task.
  expect(await codes()).toEqual(['paused-by-owner']);
  expect((await second.mesh.options.coordinator.queueDepth()).queued).toBe(1);
  await askControl(directory.controlSocket, 'resume');
  expect((await second.mesh.untilDone(tasks)).accepted).toHaveLength(1);
  expect(directory.standingWord()).toBeNull();
}, 60_000);

test('a node that was killed while it drained comes back paused; one that drained to its end does not', async () => {
  const mesh = await openTestMesh();
  const directory = temporaryDirectory();
  directory.keepStandingWord('drain'); // As the control word leaves it until the node has ended.
  const node = startNode(mesh, directory);
  expect(await node.until('paused')).toMatchObject({ reasons: [{ code: 'paused-by-owner' }] });
  await node.until('registered');
  await askControl(directory.controlSocket, 'resume');
  expect(await askControl(directory.controlSocket, 'drain')).toMatchObject({ status: { state: 'draining' } });
  await node.done;
  expect(directory.standingWord()).toBeNull();
}, 60_000);

test.each([1, -1])(
  'a host whose clock is off by %i day works as any other',
  async (days) => {
    const mesh = await openTestMesh();
    const shifted = `const now = Date.now; Date.now = () => now() + ${days * 86_400_000};`;
    const argument = JSON.stringify({
      url: `ws://127.0.0.1:${mesh.port}/mesh`,
      name: 'off',
      ownerGroup: 'off',
      seedHex: '7'.repeat(64),
    });
    const main = fileURLToPath(import.meta.resolve('@jamnet/jamnode/main'));
    const child = spawn(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(shifted)}`, main, argument],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    cleanups.push(() => child.kill('SIGKILL'));
    const registered = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (JSON.parse(line).type === 'registered') resolve();
      });
    });
    await registered;
    const tasks = await create(mesh, [5]);
    expect((await mesh.mesh.untilDone(tasks)).accepted).toHaveLength(1);
  },
  60_000,
);
