import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '@jamnet/base';

/** Much longer than it takes: a driver in software on a busy machine is slow, one that hangs is ended. */
const TIMEOUT_MS = 600_000;

/**
 * The last line of JSON that a program of this folder writes. Graphics drivers crash and write where they like, so what uses
 * them runs beside; one that dies is told as `gpu-check-died`.
 */
export async function askChild<T>(
  program: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Result<T>> {
  const flags = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, program), ...args];
  const options = { timeout: TIMEOUT_MS, env: { ...process.env, ...environment } };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, flags, options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? ''); // Our own program's last line.
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed';
    return { ok: false, code: 'gpu-check-died', message: `The check ended before it was done: ${why}` };
  }
}
