import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlainFile } from './read-plain-file.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jamnet-plain-file-'));
  await writeFile(join(directory, 'plain'), 'seven b');
  await symlink('plain', join(directory, 'link'));
  await mkdir(join(directory, 'folder'));
  execFileSync('mkfifo', [join(directory, 'pipe')]);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a plain file is read up to its limit and not one byte more', async () => {
  expect((await readPlainFile(join(directory, 'plain'), 7))?.toString()).toBe('seven b');
  expect(await readPlainFile(join(directory, 'plain'), 6)).toBe('too-large');
});

test.each(['link', 'folder', 'pipe', 'nothing'])('a %s is not read', async (name) => {
  expect(await readPlainFile(join(directory, name), 7)).toBeNull();
});
