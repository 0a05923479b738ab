import { spawn } from 'node:child_process';

/**
 * What an export lives on at any moment is a page of leaves; without a limit V8 lets garbage grow with the books before it
 * looks for any. MB of old and of new objects.
 */
const LIMITS = ['--max-old-space-size=128', '--max-semi-space-size=2'];

/** Whether this process already runs under the limits. */
export function hasSmallHeap(): boolean {
  return LIMITS.every((limit) => process.execArgv.includes(limit));
}

/** Runs a command's words (program first) once more in a process with a small heap; answers its exit code. */
export async function rerunWithSmallHeap(words: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...LIMITS, ...words], {
    stdio: 'inherit',
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
