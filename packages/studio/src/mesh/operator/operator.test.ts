import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effect } from '@jamnet/mesh';
import { afterEach, expect, test } from 'vitest';
import { openMesh } from '../testing/open-mesh.ts';
import { logEffect, meshLogger, nodeWatcher } from './mesh-log.ts';
import { MeshMeter } from './mesh-meter.ts';
import { MeshDesk } from './mesh-status.ts';
import { metricsText } from './metrics-text.ts';
import { idleReasonOf } from './node-desk.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const ACCEPTED = { type: 'accepted', task: { id: 't', kind: 'take.repair' }, node: 'n' } as unknown as Effect; // As much of it as is looked at.
const REFUSED: Effect = {
  ...{ type: 'refused', task: 't', node: 'n', code: 'refused-fake', proven: true },
  sentence: 'Task t refused because chunk 5 agreed to 41 dB, needs 110.',
} as const;

/** A line of the format: name, labels with escapes, a number. */
const SAMPLE =
  /^[a-z_:][a-z0-9_:]*(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? -?[0-9.e+-]+$/;

test('every line of the metrics is one of the format, whatever a label holds', () => {
  const text = metricsText([
    { name: 'a_total', help: 'Back\\slash and\nnewline.', type: 'counter', samples: [{ value: 3n }] },
    { name: 'b', help: 'h', type: 'gauge', samples: [{ labels: { kind: 'x"y\\z\n' }, value: 0.5 }] },
  ]);
  expect(text).toBe(
    '# HELP a_total Back\\\\slash and\\nnewline.\n# TYPE a_total counter\na_total 3\n' +
      '# HELP b h\n# TYPE b gauge\nb{kind="x\\"y\\\\z\\n"} 0.5\n',
  );
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#')))
    expect(line).toMatch(SAMPLE);
});

test('throughput is what the last whole minute brought', () => {
  const world = { nowMs: 0 };
  const meter = new MeshMeter(() => world.nowMs);
  for (let second = 0; second < 90; second++) {
    world.nowMs = second * 1000 + 500;
    for (let n = 0; n < 3; n++) meter.add(ACCEPTED);
  }
  world.nowMs = 90_000;
  expect(meter.read().acceptedPerSecond).toBe(3);
  world.nowMs = 120_000;
  expect(meter.read().acceptedPerSecond).toBe(1.5);
  world.nowMs = 200_000;
  expect(meter.read().acceptedPerSecond).toBe(0);
  expect(meter.read().acceptedByKind.get('take.repair')).toBe(270);
});

test('a studio without nodes and tasks has metrics of zero, and each line is well formed', async () => {
  const mesh = await openMesh();
  cleanups.push(() => mesh.close());
  const meter = new MeshMeter(() => 0);
  const { coordinator } = mesh.mesh.options;
  const desk = new MeshDesk({
    ...{ coordinator, meter },
    connected: () => mesh.mesh.connected(),
    apply: (request) => mesh.mesh.apply(request),
  });
  expect(await desk.status()).toMatchObject({ nodes: { connected: 0 }, queue: { queued: 0 }, badHosts: [] });
  meter.add(REFUSED);
  const text = await desk.metrics();
  expect(text).toContain('jamnet_mesh_results_refused_total{code="refused-fake"} 1\n');
  expect(text).toContain('jamnet_mesh_tasks{state="queued"} 0\n');
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#')))
    expect(line).toMatch(SAMPLE);
});

test.each([
  ['works', { running: 1, isHungry: false }, 7, null],
  ['has nothing to do', { running: 0, isHungry: true }, 0, 'nothing-waits'],
  ['was told of work and is silent', { running: 0, isHungry: false }, 7, 'does-not-ask'],
  ['asked, and what waits is not for it', { running: 0, isHungry: true }, 7, 'not-for-it'],
])('a node that %s is told so', (_what, node, queued, reason) => {
  expect(idleReasonOf(node, queued)).toBe(reason);
});

function logFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-log-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return join(directory, 'mesh.log');
}

function linesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test('the log tells refusals with their sentence and nodes that come and go, not each accepted result', () => {
  const file = logFile();
  const log = meshLogger(file);
  logEffect(log, ACCEPTED);
  logEffect(log, REFUSED);
  const watch = nodeWatcher(log);
  const node = {
    node: 'n',
    name: 'attic',
    ownerGroup: 'o',
    slots: 1,
    running: 0,
    isHungry: true,
    device: 'CPU',
    grooveSessions: 0,
    notice: null,
  };
  watch([{ ...node, operationsPerSecond: 1n }]);
  watch([{ ...node, operationsPerSecond: 1n }]);
  watch([]);
  expect(linesOf(file).map(({ level, msg, node: id }) => [level, msg, id])).toEqual([
    [40, 'Task t refused because chunk 5 agreed to 41 dB, needs 110.', 'n'],
    [30, 'node connected', 'n'],
    [30, 'node left', 'n'],
  ]);
});

test('a log that is full is put aside once, so that it never takes more than twice its size', () => {
  const file = logFile();
  const log = meshLogger(file, 2000);
  for (let n = 0; n < 100; n++) logEffect(log, REFUSED);
  expect(statSync(file).size).toBeLessThanOrEqual(2000);
  expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(2000);
  expect(existsSync(`${file}.2`)).toBe(false);
  expect(linesOf(`${file}.1`).length).toBeGreaterThan(1);
});
