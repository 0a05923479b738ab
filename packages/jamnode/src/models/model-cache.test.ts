import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, refuse } from '@jamnet/base';
import { afterEach, expect, test } from 'vitest';
import { writeModel } from '../onnx/write-model.ts';
import { ModelCache } from './model-cache.ts';
import { keepModelFile, MODELS_KEPT_MAX } from './model-files.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A model that adds `number`. */
function modelOf(number: number): Uint8Array {
  return writeModel({
    name: 'add',
    input: { name: 'x', dims: ['n'] },
    output: { name: 'y', dims: ['n'] },
    weights: [{ name: 'w', dims: [1], values: Float32Array.of(number) }],
    nodes: [{ operator: 'Add', inputs: ['x', 'w'], output: 'y' }],
  });
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A cache before a studio that has these files; `asked` grows by one a download, the clock by a second a look. */
function openCache(...files: readonly Uint8Array[]) {
  const parent = mkdtempSync(join(tmpdir(), 'jamnet-cache-'));
  directories.push(parent);
  const directory = join(parent, 'models');
  const published = new Map(files.map((bytes) => [hashOf(bytes), bytes]));
  const asked: string[] = [];
  let clockMs = 1_700_000_000_000;
  const cache = new ModelCache({
    directory,
    nowMs: () => {
      clockMs += 1000;
      return clockMs;
    },
    fetchModel: async (sha256) => {
      asked.push(sha256);
      const bytes = published.get(sha256);
      return bytes ? ok(bytes) : refuse('model-unreachable', 'Not there.');
    },
  });
  return { cache, directory, asked, published };
}

test('a model is fetched once, also by two who wait for it, and comes from the directory after that', async () => {
  const model = modelOf(1);
  const { cache, asked } = openCache(model);
  const both = await Promise.all([cache.get(hashOf(model)), cache.get(hashOf(model))]);
  expect(both).toEqual([ok(model), ok(model)]);
  const again = await cache.get(hashOf(model));
  expect(again.ok && Buffer.from(model).equals(again.value)).toBe(true);
  expect(asked).toHaveLength(1);
});

test('a file that was damaged in the directory is fetched again', async () => {
  const model = modelOf(1);
  const { cache, asked, directory } = openCache(model);
  await cache.get(hashOf(model));
  writeFileSync(join(directory, `${hashOf(model)}.onnx`), modelOf(2));
  expect(await cache.get(hashOf(model))).toEqual(ok(model));
  expect(asked).toHaveLength(2);
});

test.each([
  ['another file than the one asked for', 'model-other', modelOf(1), hashOf(modelOf(2))],
  ['what is no model', 'model-malformed', Uint8Array.of(1, 2, 3), hashOf(Uint8Array.of(1, 2, 3))],
])('%s is refused as %s and not kept', async (_, code, bytes, sha256) => {
  const { cache, directory, published } = openCache();
  published.set(sha256, bytes);
  const got = await cache.get(sha256);
  expect(got).toMatchObject({ ok: false, code: 'model-refused' });
  expect(!got.ok && got.message).toMatch(new RegExp(`^${code}: `));
  expect(existsSync(directory)).toBe(false);
});

test('a studio that cannot be reached is told, and asked again at the next task', async () => {
  const model = modelOf(1);
  const { cache, published } = openCache();
  expect(await cache.get(hashOf(model))).toMatchObject({
    ok: false,
    message: 'model-unreachable: Not there.',
  });
  published.set(hashOf(model), model);
  expect((await cache.get(hashOf(model))).ok).toBe(true);
});

test(`${MODELS_KEPT_MAX} models are kept: the one unused for longest makes room`, async () => {
  const models = Array.from({ length: MODELS_KEPT_MAX + 1 }, (_, number) => modelOf(number));
  const { cache, directory } = openCache(...models);
  const [first = '', second = '', ...others] = models.map(hashOf);
  for (const sha256 of [first, second, ...others.slice(0, -1)]) await cache.get(sha256);
  await cache.get(first);
  await cache.get(others.at(-1) ?? '');
  expect(readdirSync(directory).sort()).toEqual([first, ...others].map((sha256) => `${sha256}.onnx`).sort());
});

test('forecasters and models of tasks make room for each other: one bound holds for all', async () => {
  const models = Array.from({ length: MODELS_KEPT_MAX }, (_, number) => modelOf(number));
  const { cache, directory } = openCache(...models);
  for (let number = 0; number < MODELS_KEPT_MAX; number++)
    keepModelFile(directory, `${number}.model`, Uint8Array.of(number), 1_600_000_000_000 + 1000 * number);
  const [first = ''] = models.map(hashOf);
  await cache.get(first);
  expect(readdirSync(directory)).toHaveLength(MODELS_KEPT_MAX);
  expect(existsSync(join(directory, '0.model'))).toBe(false);
  for (const sha256 of models.map(hashOf)) await cache.get(sha256);
  expect(readdirSync(directory).filter((name) => name.endsWith('.model'))).toEqual([]);
  expect(keepModelFile(directory, 'new.model', Uint8Array.of(1), 1_800_000_000_000)).toBe(true);
  expect(readdirSync(directory)).toHaveLength(MODELS_KEPT_MAX);
});

test('a model is used though the disk keeps nothing', async () => {
  const model = modelOf(1);
  const { cache, directory, asked } = openCache(model);
  // Where the directory should be is a file: nothing can be written below it.
  writeFileSync(directory, '');
  expect(await cache.get(hashOf(model))).toEqual(ok(model));
  expect(await cache.get(hashOf(model))).toEqual(ok(model));
  expect(asked).toHaveLength(2);
});
