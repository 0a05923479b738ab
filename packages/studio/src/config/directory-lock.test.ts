import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-lock-'));
afterEach(() => rmSync(join(directory, 'studio.lock'), { force: true }));

test('a directory that a living process owns is refused', () => {
  writeFileSync(join(directory, 'studio.lock'), String(process.ppid));
  expect(lockDirectory(directory)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
});

test.each(['999999999', '', 'not a number'])('a lock left behind with %j in it is taken over', (left) => {
  writeFileSync(join(directory, 'studio.lock'), left);
  expect(lockDirectory(directory).ok).toBe(true);
  expect(readFileSync(join(directory, 'studio.lock'), 'utf8')).toBe(String(process.pid));
});

test('a released directory can be locked again', () => {
  const first = lockDirectory(directory);
  if (first.ok) first.value.release();
  expect(lockDirectory(directory).ok).toBe(true);
});
