import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, isTest, ROOT } from './structure.ts';

const SOURCES = ['packages', 'apps', 'tests', 'scripts'].flatMap((folder) =>
  filesBelow(folder, ['.ts', '.tsx', '.mjs']),
);
const DOCUMENTS = ['.', 'packages', 'apps', 'docs'].flatMap((folder) => {
  try {
    return filesBelow(folder, ['.md']);
  } catch {
    return [];
  }
});

test('no file is longer than 600 lines', () => {
  const long = SOURCES.filter((file) => file.text.split('\n').length > 600).map((file) => file.path);
  expect(long, 'look for the second idea in it').toEqual([]);
});

test('unfinished work is not left in the code', () => {
  const marks = /\b(TODO|FIXME|XXX|HACK)\b|\.only\(|@ts-(ignore|expect-error|nocheck)/;
  const self = 'tests/house/source-rules.test.ts';
  const marked = SOURCES.filter((file) => file.path !== self && marks.test(file.text)).map(
    (file) => file.path,
  );
  expect(marked, 'finish it, or say in the package README what is not there').toEqual([]);
});

test('no folder or file is called utils, misc, helpers or common', () => {
  const vague = SOURCES.filter((file) => /\/(utils?|misc|helpers?|common)(\.|\/)/.test(file.path)).map(
    (file) => file.path,
  );
  expect(vague, 'name it after what it does').toEqual([]);
});

test('realtime files allocate nothing obvious', () => {
  const forbidden = /\bnew (Map|Set|Array)\b.*\/\/ in process|\.map\(|\.filter\(|\.forEach\(|\.\.\.[a-z]/;
  const wrong = SOURCES.filter(
    (file) => file.text.startsWith('// realtime') && !isTest(file.path) && forbidden.test(file.text),
  ).map((file) => file.path);
  expect(wrong, 'plain loops over typed arrays only').toEqual([]);
});

test('nothing names a path of one machine or the host of a registry', () => {
  const machine = /\/work\/|\/root\/|registry\.npmjs|deb\.debian\.org/;
  const self = 'tests/house/source-rules.test.ts';
  const wrong = [...SOURCES, ...DOCUMENTS]
    .filter((file) => file.path !== self && machine.test(file.text))
    .map((file) => file.path);
  expect(wrong).toEqual([]);
  expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});
