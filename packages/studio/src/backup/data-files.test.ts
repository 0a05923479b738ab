import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesAfter, filesBefore } from './data-files.ts';

let data = '';

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'jamnet-data-files-'));
});

afterEach(() => rmSync(data, { recursive: true, force: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), path);
  }
}

const pathsOf = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

test('the log comes before the database, its checkpoint first, all else after it', () => {
  write(
    'public/log/tile/0/000',
    'public/log/checkpoint',
    'public/epochs.json',
    'public/groove/a.json',
    'keys/root.secret',
  );
  expect(pathsOf(filesBefore(data))).toEqual([
    'public/log/checkpoint',
    'public/epochs.json',
    'public/log/tile/0/000',
  ]);
  expect(pathsOf(filesAfter(data))).toEqual(['keys/root.secret', 'public/groove/a.json']);
});

test('what is being written, made anew or of this machine alone is left out; folders may be called as files may not', () => {
  write(
    'jamnet.sqlite',
    'jamnet.sqlite-wal',
    'mesh.log',
    'labels.json.new',
    'public/log/checkpoint.tmp',
    'cache/a',
    'code/mirrors/b',
  );
  write('code/pictures/git-1.new/page.json', 'restoring-abc/keys/root.secret');
  write(
    'code/filings/forge.example-ada-change.log/2026-11.json',
    'code/filings/forge.example-ada-new.new/judged.json',
  );
  expect(pathsOf([...filesBefore(data), ...filesAfter(data)])).toEqual([
    'code/filings/forge.example-ada-change.log/2026-11.json',
    'code/filings/forge.example-ada-new.new/judged.json',
  ]);
});

test('more files than a backup can list, folders without end and names that could not be restored are refused', () => {
  write('a', 'b/c', 'd');
  expect(filesAfter(data, { files: 3, depth: 1 })).toHaveLength(3);
  expect(() => filesAfter(data, { files: 2, depth: 1 })).toThrow(
    expect.objectContaining({ code: 'too-many-files' }),
  );
  expect(() => filesAfter(data, { files: 3, depth: 0 })).toThrow(
    expect.objectContaining({ code: 'folders-too-deep' }),
  );
  write('takes/Ümlaut (1)');
  expect(pathsOf(filesAfter(data))).toContain('takes/Ümlaut (1)');
  write('takes/two\nlines');
  expect(() => filesAfter(data)).toThrow(expect.objectContaining({ code: 'file-name-unfit' }));
  rmSync(join(data, 'takes'), { recursive: true });
  symlinkSync(data, join(data, 'around'));
  expect(() => filesAfter(data)).toThrow(expect.objectContaining({ code: 'folders-too-deep' }));
});
