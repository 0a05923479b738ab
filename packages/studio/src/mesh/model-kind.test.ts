import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { drawnImage, encodeTensor, halved, type NodeEvent, runNode, shippedModels } from '@jamnet/jamnode';
import { afterEach, expect, test } from 'vitest';
import { publishModels } from './publish-models.ts';
import { type OpenedMesh, openMesh } from './testing/open-mesh.ts';

const [MODEL] = shippedModels();
if (!MODEL) throw new Error('a model is shipped');

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'jamnet-model-node-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A mesh beside a web server that answers so. */
async function openTestMesh(page: RequestListener): Promise<OpenedMesh> {
  const mesh = await openMesh({ page });
  cleanups.push(() => mesh.close());
  return mesh;
}

async function createImages(mesh: OpenedMesh, count: number): Promise<readonly string[]> {
  const tasks = Array.from({ length: count }, (_, number) => {
    const { rows, columns, pixels } = halved(drawnImage(`image ${number}`, 32));
    const input = encodeTensor({ dims: [1, 1, rows, columns], values: pixels });
    return { kind: 'image.upscale', version: 1, input, operations: 1_000_000n, subject: `image-${number}` };
  });
  const answer = await mesh.mesh.apply({ type: 'create', tasks });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.tasks;
}

/** A node that runs nothing but images; `until` resolves with the first event of a type. */
function startNode(mesh: OpenedMesh, modelDirectory: string) {
  const stop = new AbortController();
  const waiting = new Map<string, (event: NodeEvent) => void>();
  const until = (type: NodeEvent['type']) =>
    new Promise<NodeEvent>((resolve) => {
      waiting.set(type, resolve);
    });
  const done = runNode({
    url: `ws://127.0.0.1:${mesh.port}/mesh`,
    seedHex: '5'.repeat(64),
    name: 'ada',
    ownerGroup: 'ada',
    kinds: ['image.upscale'],
    modelDirectory,
    signal: stop.signal,
    onEvent: (event) => waiting.get(event.type)?.(event),
  });
  cleanups.push(async () => {
    stop.abort();
    await done;
  });
  return { until };
}

test('a node fetches a model by its hash, keeps it, and is believed when the studio’s own slot computes the same', async () => {
  const published = temporaryDirectory();
  publishModels(published);
  const asked: string[] = [];
  const mesh = await openTestMesh((request, response) => {
    asked.push(request.url ?? '');
    readFile(join(published, 'models', basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  const kept = join(temporaryDirectory(), 'models');
  startNode(mesh, kept);
  const tasks = await createImages(mesh, 4);
  expect((await mesh.mesh.untilDone(tasks)).accepted).toHaveLength(4);
  const work = await mesh.mesh.options.coordinator.work({});
  expect(work.map(({ kind }) => kind)).toEqual(Array(4).fill('image.upscale'));
  expect(asked).toEqual([`/public/models/${MODEL.sha256}.onnx`]);
  expect(readdirSync(kept)).toEqual([`${MODEL.sha256}.onnx`]);
}, 120_000);

test('a node that is given another file drops the task, says why, and gives it back', async () => {
  const mesh = await openTestMesh((_, response) => response.end('another file'));
  const kept = join(temporaryDirectory(), 'models');
  const dropped = startNode(mesh, kept).until('task-dropped');
  const [task] = await createImages(mesh, 1);
  expect(await dropped).toMatchObject({
    type: 'task-dropped',
    task,
    code: 'model-refused',
    message: expect.stringMatching(/^model-other: /),
  });
  expect(existsSync(kept)).toBe(false);
}, 120_000);
