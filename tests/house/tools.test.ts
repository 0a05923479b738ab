import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './structure.ts';

/** Runs an installed tool; answers what it printed when it found something, else an empty string. */
function findings(packageName: string, bin: string, args: readonly string[]): string {
  const directory = join(ROOT, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof manifest.bin === 'string' ? manifest.bin : (manifest.bin[bin] ?? '');
  try {
    execFileSync(process.execPath, [join(directory, file), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? ''}${stderr ?? ''}`.slice(-4000) || String(error);
  }
}

test.each(['tsconfig.pure.json', 'tsconfig.json', 'apps/web/tsconfig.json'])(
  '%s has no type error',
  (project) => {
    expect(findings('typescript', 'tsc', ['-p', project])).toBe('');
  },
);

test('Biome finds nothing to format or mend', () => {
  expect(findings('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])).toBe('');
});

test('knip finds no dead file, export or dependency', () => {
  expect(findings('knip', 'knip', ['--no-progress', '--no-config-hints'])).toBe('');
});
