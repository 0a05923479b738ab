import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openStudio, parseStudioConfig } from '@jamnet/studio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const TAKE = 'ab'.repeat(32);
let data = '';
let store = '';
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'jamnet-objects-command-'));
  data = join(root, 'data');
  store = join(root, 'store');
});
afterEach(() => rmSync(join(data, '..'), { recursive: true, force: true }));

const jamnet = (...words: string[]) => runJamnet(data, ['objects', ...words, '--json']);

test('without a store, with a directory that is not there, or with no id the command line is wrong', async () => {
  expect(await refusalOf(jamnet('fetch'))).toEqual({ code: 'objects-unset', exitCode: 2 });
  for (const words of [['fetch'], ['erase', TAKE]])
    expect(await refusalOf(jamnet(...words, '--objects', store))).toEqual({
      code: 'objects-absent',
      exitCode: 2,
    });
  mkdirSync(store);
  expect(await refusalOf(jamnet('erase', 'ab', '--objects', store))).toEqual({
    code: 'object-name-invalid',
    exitCode: 2,
  });
});

test('nothing is fetched while a studio has the data directory: that is a refusal', async () => {
  mkdirSync(store);
  const config = parseStudioConfig({ data, port: '0' });
  if (!config.ok) throw new Error(config.message);
  const studio = await openStudio(config.value, { checkout: CHECKOUT, create: true });
  if (!studio.ok) throw new Error(studio.message);
  const refused = await refusalOf(jamnet('fetch', '--objects', store));
  expect(refused).toEqual({ code: 'data-directory-in-use', exitCode: 3 });
  await studio.value.close();
  expect(JSON.parse((await jamnet('fetch', '--objects', store)).out)).toEqual({ takes: 0, models: 0 });
});

test('who erases is told whether the take was there', async () => {
  mkdirSync(join(store, 'takes'), { recursive: true });
  writeFileSync(join(store, 'takes', TAKE), 'sound');
  const erase = async () => JSON.parse((await jamnet('erase', TAKE, '--objects', store)).out);
  expect(await erase()).toEqual({ erased: TAKE, wasThere: true });
  expect(await erase()).toEqual({ erased: TAKE, wasThere: false });
});
