import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REALTIME_NODE_FLAGS } from '../realtime/node-flags.ts';

const ENTRY = fileURLToPath(new URL('../testing/memory-main.ts', import.meta.url));

interface Figures {
  readonly heapMiB: number;
  readonly arrayBuffersMiB: number;
}

test('what a recording player holds does not grow with the music', () => {
  const run = spawnSync(process.execPath, [...REALTIME_NODE_FLAGS, ENTRY, '60', '2', '20'], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  const [, early, , late, take] = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figures & { takeMiB?: number });
  // The other's sound and what the ear had of it would be 7.3 MiB.
  for (const figure of ['heapMiB', 'arrayBuffersMiB'] as const)
    expect((late?.[figure] ?? Number.NaN) - (early?.[figure] ?? 0), figure).toBeLessThan(2);
  expect(take?.takeMiB).toBeGreaterThan(1);
});
