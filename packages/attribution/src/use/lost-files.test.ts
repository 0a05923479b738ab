import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTemporary } from '../testing/make-repository.ts';
import { LostFiles } from './lost-files.ts';

const BYTES = Buffer.from('put back');
let temporary: Awaited<ReturnType<typeof makeTemporary>>;
let tree: string;
beforeAll(async () => {
  temporary = await makeTemporary();
  tree = join(temporary.path, 'tree');
  mkdirSync(tree);
});
afterAll(() => temporary.remove());

test('a file is put back into folders that are gone as well, and taken away again', async () => {
  const lost = new LostFiles(tree);
  await lost.write('a/b/mill.ts', BYTES);
  expect(readFileSync(join(tree, 'a/b/mill.ts'))).toEqual(BYTES);
  await lost.write('a/b/mill.ts', null);
  expect(existsSync(join(tree, 'a/b/mill.ts'))).toBe(false);
});

test('a link in its place makes room and comes again, and is not written through', async () => {
  const lost = new LostFiles(tree);
  writeFileSync(join(temporary.path, 'mine'), 'mine');
  symlinkSync('../mine', join(tree, 'mill.ts'));
  await lost.write('mill.ts', BYTES);
  expect(readFileSync(join(tree, 'mill.ts'))).toEqual(BYTES);
  await lost.write('mill.ts', null);
  expect(readlinkSync(join(tree, 'mill.ts'))).toBe('../mine');
  expect(readFileSync(join(temporary.path, 'mine'), 'utf8')).toBe('mine');
});

test('nothing is written out of the tree, through a linked folder, below a file, or over a folder', async () => {
  const lost = new LostFiles(tree);
  symlinkSync('..', join(tree, 'out'));
  writeFileSync(join(tree, 'file'), '');
  mkdirSync(join(tree, 'folder'));
  for (const path of ['../escaped.ts', 'out/escaped.ts', 'file/x.ts', 'folder']) {
    await lost.write(path, BYTES);
    await lost.write(path, null);
  }
  expect(existsSync(join(temporary.path, 'escaped.ts'))).toBe(false);
  expect(existsSync(join(tree, 'folder'))).toBe(true);
});
