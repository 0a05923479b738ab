import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ENTRY = fileURLToPath(new URL('../testing/processor-main.ts', import.meta.url));
const BLOCKS = 100_000;

test('100,000 blocks through processor, rings and metronome allocate no object and lose no sound', () => {
  // A young generation of 64 MB that no collection empties meanwhile: what is allocated stays to be seen.
  const args = ['--max-semi-space-size=64', '--min-semi-space-size=64', ENTRY, String(BLOCKS)];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  const report = JSON.parse(run.stdout) as { grownBytes: number; checksum: number; starved: number }; // our own program
  // The clock's doubles are boxed, 16 bytes each; a view or an object a block shows.
  expect(report.grownBytes / BLOCKS).toBeLessThan(80);
  expect(report.checksum).toBeGreaterThan(0.25 * BLOCKS);
  expect(report.starved).toBe(0);
});
