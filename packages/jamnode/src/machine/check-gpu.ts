import type { Result } from '@jamnet/base';
import { askChild } from './ask-child.ts';
import type { BackendsCompared } from './compare-backends.ts';
import { listDevices } from './list-devices.ts';

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
  return judgeGpu(adapters, await askChild('check-gpu-main.ts'));
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
