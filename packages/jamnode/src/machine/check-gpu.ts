import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '@jamnet/base';
import type { BackendsCompared } from './compare-backends.ts';
import { listDevices } from './list-devices.ts';

const MAIN = join(import.meta.dirname, 'check-gpu-main.ts');
const TIMEOUT_MS = 120_000;

/** What the graphics cards of this machine are worth to the mesh. */
export interface GpuCheck {
  /** Cards that the system names. */
  readonly adapters: readonly string[];
  /**
   * `gpu`: a card computed `kinds`. `software`: something computed them, but the system names no card, so that it is taken for
   * the CPU. `none`: WebGPU found nothing to compute on, `message` has its words.
   */
  readonly found: 'gpu' | 'software' | 'none';
  readonly message: string | null;
  readonly kinds: readonly BackendsCompared[];
}

/** Computes every kind that is a model by WebGPU and on the CPU. Never rejects: a driver that crashes is told. */
export async function checkGpu(): Promise<GpuCheck> {
  const adapters = (await listDevices()).gpus.map(({ name }) => name);
  return judgeGpu(adapters, await compareInChild());
}

/** What it comes to: an answer of WebGPU is a card's only where the system names one. */
export function judgeGpu(
  adapters: readonly string[],
  compared: Result<readonly BackendsCompared[]>,
): GpuCheck {
  if (!compared.ok) return { adapters, found: 'none', message: compared.message.trim(), kinds: [] };
  const found = adapters.length > 0 ? 'gpu' : 'software';
  return { adapters, found, message: null, kinds: compared.value };
}

async function compareInChild(): Promise<Result<readonly BackendsCompared[]>> {
  const flags = ['--disable-warning=ExperimentalWarning', MAIN];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: TIMEOUT_MS });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? ''); // Our own program's last line.
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed';
    return { ok: false, code: 'gpu-check-died', message: `The check ended before it was done: ${why}` };
  }
}
