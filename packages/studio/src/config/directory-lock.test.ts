import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isDirectoryInUse, lockDirectory } from './directory-lock.ts';

const newDirectory = () => mkdtempSync(join(tmpdir(), 'jamnet-lock-'));
const MODULE = fileURLToPath(new URL('./directory-lock.ts', import.meta.url));

/** Another process that locks the directory, says so, and kills itself when told to. */
function lockElsewhere(directory: string) {
  const program = `
    import { lockDirectory } from ${JSON.stringify(MODULE)};
    const lock = lockDirectory(${JSON.stringify(directory)});
    console.log(lock.ok ? 'locked' : lock.code);
    process.stdin.on('data', () => process.kill(process.pid, 'SIGKILL'));
  `;
  return execFile(process.execPath, ['--input-type=module', '-e', program]);
}

test('a directory that another process owns is refused, and free the moment that process is killed', async () => {
  const directory = newDirectory();
  const other = lockElsewhere(directory);
  await new Promise((resolve) => other.stdout?.once('data', resolve));
  expect(lockDirectory(directory)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
  expect(isDirectoryInUse(directory)).toBe(true);
  const ended = new Promise((resolve) => other.once('exit', resolve));
  other.stdin?.write('die\n');
  await ended;
  expect(isDirectoryInUse(directory)).toBe(false);
  expect(lockDirectory(directory).ok).toBe(true);
});

test('a directory that this process has open is refused until it is released', () => {
  const directory = newDirectory();
  const first = lockDirectory(directory);
  expect(lockDirectory(directory)).toMatchObject({ ok: false, code: 'data-directory-in-use' });
  if (first.ok) first.value.release();
  expect(lockDirectory(directory).ok).toBe(true);
});

test('a place that is no directory is refused with a sentence', () => {
  const file = join(newDirectory(), 'file');
  writeFileSync(file, '');
  expect(lockDirectory(file)).toMatchObject({ ok: false, code: 'data-directory-unusable' });
});
