import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isDirectoryInUse, lockDirectory } from './directory-lock.ts';

const newDirectory = () => mkdtempSync(join(tmpdir(), 'jamnet-lock-'));
const MODULE = fileURLToPath(new URL('./directory-lock.ts', import.meta.url));

/** Another process that locks the directory, keeps no reference to the lock, collects its garbage, and kills itself when told to. */
function lockElsewhere(directory: string) {
  const program = `
    import { lockDirectory } from ${JSON.stringify(MODULE)};
    console.log(lockDirectory(${JSON.stringify(directory)}).ok);
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    console.log('locked');
    process.stdin.on('data', () => process.kill(process.pid, 'SIGKILL'));
  `;
  return execFile(process.execPath, ['--expose-gc', '--input-type=module', '-e', program]);
}

async function untilItSays(other: ChildProcess, word: string): Promise<void> {
  let said = '';
  for await (const chunk of other.stdout ?? []) {
    said += chunk;
    if (said.includes(word)) return;
  }
  throw new Error(`The other process ended and said only: ${said}`);
}

test('a directory that another process owns is refused, and free the moment that process is killed', async () => {
  const directory = newDirectory();
  const other = lockElsewhere(directory);
  await untilItSays(other, 'locked');
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
