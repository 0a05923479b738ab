import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '@jamnet/base';
import { openNodeKey } from '@jamnet/jamnode';
import { encodeBlend, SHIPPED_BLEND_MODEL } from '@jamnet/pnbtr';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelLists, modelPlaces } from '../training/model-folders.ts';
import { ModelReleases } from '../training/model-releases.ts';
import { directoryStore } from './directory-store.ts';
import { fetchModels } from './fetch-models.ts';
import type { ObjectStore } from './object-store.ts';

let root = '';
let store: ObjectStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jamnet-fetch-models-'));
  store = directoryStore(join(root, 'store'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A released model of any bytes, in the data directory and in the store; its hash and file. */
async function release(folder: string, bytes: Uint8Array) {
  const key = openNodeKey({ keyFile: modelPlaces(root).keyFile });
  const list = new ModelReleases(folder, key.publicKey, () => ok({ id: 'any' }));
  const { modelSha256 } = list.release(key, bytes, null, 1n);
  const source = {
    bytes: bytes.length,
    async *read(from: number) {
      yield bytes.subarray(from);
    },
  };
  expect(await store.put(modelSha256, source)).toMatchObject({ ok: true });
  return { modelSha256, file: join(folder, `${modelSha256}.model`) };
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

test('models of both lists that are lost or damaged come back as they were released, and others are left', async () => {
  const { groove, blend } = modelPlaces(root);
  const lost = await release(groove, text('weights'));
  const damaged = await release(blend, encodeBlend(SHIPPED_BLEND_MODEL));
  const sound = await release(groove, text('more weights'));
  rmSync(lost.file);
  writeFileSync(damaged.file, 'nothing');
  const told: string[] = [];
  expect(await fetchModels(modelLists(root), store, (sha256) => told.push(sha256))).toBe(2);
  expect(told).toEqual([lost.modelSha256, damaged.modelSha256]);
  expect(told).not.toContain(sound.modelSha256);
  for (const list of modelLists(root)) for (const each of list.releases) list.read(each);
  expect(await fetchModels(modelLists(root), store)).toBe(0);
});

test('a model that the store has not is told after all others came', async () => {
  const { groove } = modelPlaces(root);
  const absent = await release(groove, text('weights'));
  const other = await release(groove, text('more weights'));
  await store.erase(absent.modelSha256);
  for (const { file } of [absent, other]) rmSync(file);
  await expect(fetchModels(modelLists(root), store)).rejects.toMatchObject({
    code: 'object-missing',
    message: expect.stringContaining(absent.modelSha256),
  });
  const [list] = modelLists(root);
  expect(list?.missing().map(({ modelSha256 }) => modelSha256)).toEqual([absent.modelSha256]);
});

test('bytes that are longer than what was released are not read to their end', async () => {
  const { groove } = modelPlaces(root);
  const { file } = await release(groove, text('weights'));
  rmSync(file);
  let given = 0;
  const endless: ObjectStore = {
    ...store,
    get: async () =>
      (async function* () {
        for (;;) yield text(`${given++}`);
      })(),
  };
  await expect(fetchModels(modelLists(root), endless)).rejects.toMatchObject({ code: 'object-missing' });
  expect(given).toBeLessThan(10);
});

test('a data directory that never released a model has none to fetch', async () => {
  expect(modelLists(root)).toEqual([]);
});
