import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ENTRY = fileURLToPath(new URL('../testing/realtime-path-main.ts', import.meta.url));
const PACKETS = 100_000;

test('100,000 packets through writer, reader, repair, buffer and player allocate no object', () => {
  // A young generation of 64 MB that no collection empties meanwhile: what is allocated stays to be seen.
  const args = ['--max-semi-space-size=64', '--min-semi-space-size=64', ENTRY, String(PACKETS)];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(run.stderr.replace(/\(node:\d+\).*\n(\(Use .*\n)?/g, '')).toBe('');
  const report = JSON.parse(run.stdout) as { grownBytes: number; played: { recovered: number } };
  expect(report.played.recovered).toBeGreaterThan(PACKETS / 10);
  // The engine boxes the doubles that cross a call: some four of 16 bytes a packet. A view or an object a packet shows.
  expect(report.grownBytes / PACKETS).toBeLessThan(80);
});
