import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicFiles } from './public-files.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-public-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(path: string, bytes: number): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), 'x'.repeat(bytes));
}

test('tiles and performances are one line each, everything else has its own, half-written files have none', async () => {
  put('log.vkey', 3);
  put('log/checkpoint', 10);
  put('log/tile/0/000', 20);
  put('epochs/2026-01.json', 7);
  put('epochs/2026-02.json.new', 7);
  put('groove/one.jsonl', 5);
  expect(await publicFiles(directory)).toEqual({
    isCutShort: false,
    files: [
      { path: 'epochs/2026-01.json', files: 1, bytes: 7 },
      { path: 'groove/', files: 1, bytes: 5 },
      { path: 'log.vkey', files: 1, bytes: 3 },
      { path: 'log/', files: 2, bytes: 30 },
    ],
  });
});

test('beyond the limit the list says that it is cut short', async () => {
  for (let file = 0; file < 4; file++) put(`epochs/${file}.json`, 1);
  expect((await publicFiles(directory, 4)).isCutShort).toBe(false);
  const { files, isCutShort } = await publicFiles(directory, 3);
  expect([files.length, isCutShort]).toEqual([3, true]);
});

test('a studio that has published nothing has nothing to take away', async () => {
  expect(await publicFiles(join(directory, 'absent'))).toEqual({ files: [], isCutShort: false });
});
