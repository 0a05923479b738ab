import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { ProfileFolder } from './profile-folder.ts';

const PROGRAM = fileURLToPath(new URL('../testing/profiled-main.ts', import.meta.url));
const REVISION = 'a'.repeat(40);
const directory = mkdtempSync(join(tmpdir(), 'jamnet-profiles-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const BUSY = `export function work() {
  let sum = 0;
  for (let n = 0; n < 2_000_000; n++) sum += Math.sqrt(n);
  return sum;
}
export function idle() {
  return 1;
}
`;

async function run(): Promise<void> {
  const flags = ['--disable-warning=ExperimentalWarning', PROGRAM];
  await promisify(execFile)(process.execPath, [...flags, directory, directory, REVISION]);
}

test('a running program is seen where it works, and a second run adds to the month', async () => {
  writeFileSync(join(directory, 'busy.mjs'), BUSY);
  await run();
  const folder = new ProfileFolder(directory);
  const [first] = folder.ofMonth('2031-04');
  expect(first).toMatchObject({ principal: 'payer', revision: REVISION });
  // Nothing but our own code leaves the recording: neither Node's nor a package's.
  expect(Object.keys(first?.files ?? {})).toEqual(['busy.mjs']);
  const lines = first?.files['busy.mjs'] ?? [];
  expect(lines.every(([line]) => line >= 1 && line <= 5)).toBe(true);
  const ticksOf = (rows: readonly (readonly [number, number])[]) => rows.reduce((sum, [, n]) => sum + n, 0);
  await run();
  const [second, ...others] = folder.ofMonth('2031-04');
  expect(others).toEqual([]);
  expect(ticksOf(second?.files['busy.mjs'] ?? [])).toBeGreaterThan(ticksOf(lines));
  expect(folder.ofMonth('2031-05')).toEqual([]);
});
