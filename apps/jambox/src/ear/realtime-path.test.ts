import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { EarCost } from './ear-cost.ts';

const ENTRY = fileURLToPath(new URL('./cost/main.ts', import.meta.url));
const PACKETS = 100_000;

test('100,000 packets from the datagram to the ear, concealed and resampled, allocate no object', () => {
  // A young generation of 64 MB that no collection empties meanwhile: what is allocated stays to be seen.
  const args = ['--max-semi-space-size=64', '--min-semi-space-size=64', ENTRY, `64x${PACKETS}`];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const cost = JSON.parse(run.stdout) as EarCost; // of our own program
  expect(cost.recovered).toBeGreaterThan(PACKETS / 10);
  expect(cost.concealed).toBeGreaterThan(PACKETS / 100);
  expect(Number.isFinite(cost.checksum)).toBe(true);
  // The engine boxes doubles that cross a call, ten or so of 16 bytes a packet, two of them the stopwatch's. A view is 100 more.
  expect(cost.grownBytes).toBeLessThan(200);
});
