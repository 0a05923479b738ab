import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Failure } from '@jamnet/base';
import type { BenchMeshOptions, BenchMeshResult } from './bench-mesh.ts';

/**
 * `benchMesh` in a process of its own: what is measured is the coordinator, not what its caller has loaded besides. Rejects
 * with a Failure when that process ends without a result.
 */
export async function benchMeshApart(options: BenchMeshOptions): Promise<BenchMeshResult> {
  const main = join(import.meta.dirname, 'bench-mesh-main.ts');
  const child = spawn(process.execPath, [...process.execArgv, main, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const said = await text(child.stdout);
  const [code] = await ended;
  if (code !== 0) throw new Failure('bench-ended', `The coordinator's process ended with ${code}.`);
  return JSON.parse(said) as BenchMeshResult; // Our own child wrote it.
}
