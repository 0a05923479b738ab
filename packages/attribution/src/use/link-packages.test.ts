import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkPackages, PACKAGES_MAX } from './link-packages.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-link-packages-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('so many packages are linked for a replay and not one more', { timeout: 300_000 }, async () => {
  const [tree, nodeModules] = [join(directory, 'tree'), join(directory, 'node_modules')];
  mkdirSync(tree);
  for (let n = 0; n <= PACKAGES_MAX; n++)
    mkdirSync(join(nodeModules, `p${String(n).padStart(5, '0')}`), { recursive: true });
  expect(await linkPackages({ tree, nodeModules, nodeModulesInView: '/m' })).toMatchObject({ ok: true });
  const linked = readdirSync(join(tree, 'node_modules'));
  expect([linked.length, linked.includes(`p${PACKAGES_MAX}`)]).toEqual([PACKAGES_MAX, false]);
});
