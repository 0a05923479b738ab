import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-lock-'));
});

test('a directory that a living process owns is refused', () => {
  writeFileSync(join(directory, 'studio.lock'), String(process.ppid));
  expect(lockDirectory(directory)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
});

test.each(['999999999', '', 'not a number', String(process.pid)])(
  'a lock left behind with %j in it is taken over',
  (left) => {
    writeFileSync(join(directory, 'studio.lock'), left);
    expect(lockDirectory(directory).ok).toBe(true);
    expect(readFileSync(join(directory, 'studio.lock'), 'utf8')).toBe(String(process.pid));
  },
);

test('a released directory can be locked again', () => {
  const first = lockDirectory(directory);
  if (first.ok) first.value.release();
  expect(lockDirectory(directory).ok).toBe(true);
});

test('a directory that this process has open is refused', () => {
  expect(lockDirectory(directory).ok).toBe(true);
  expect(lockDirectory(directory)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
});
