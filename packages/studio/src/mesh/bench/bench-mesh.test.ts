import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { benchMeshApart } from './bench-mesh-apart.ts';
import { readThreadTime } from './thread-time.ts';

test('the bench runs tiny, the coordinator and its hosts in processes of their own: every task verified once, none lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-'));
  try {
    const result = await benchMeshApart({
      directory,
      hosts: 6,
      workers: 2,
      tasks: 90,
      resultBytes: 4096,
      heartbeatSeconds: 0.2,
      heartbeatMs: 200,
    });
    expect(result).toMatchObject({ hosts: 6, lost: 0, doubled: 0 });
    expect(result.rssPeakMb).toBeGreaterThan(50); // A Node process alone has as much.
    expect(result.verifiedTasksPerSecond).toBeGreaterThan(0);
    if (readThreadTime() !== null) expect(result.boundBy).toMatch(/of \d+ µs of processor time a task/);
    // Trusted by now: about one task in twenty has one chunk re-run, not every task all eight.
    expect(result.recheckedChunks).toBeGreaterThan(0);
    expect(result.recheckedChunks).toBeLessThan(90);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
