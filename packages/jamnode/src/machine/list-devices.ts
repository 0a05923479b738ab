import { cpus } from 'node:os';
import type { GpuReading, IdleReading } from '../rules/judge-rules.ts';
import { readMachine } from './read-machine.ts';

export interface Devices {
  readonly cpu: { readonly name: string; readonly threads: number };
  readonly gpus: readonly GpuReading[];
  readonly idle: IdleReading;
}

/** What this machine has and what it tells of itself. */
export async function listDevices(): Promise<Devices> {
  const { gpus, idle } = await readMachine();
  return { cpu: { name: cpus()[0]?.model ?? 'CPU', threads: cpus().length }, gpus, idle };
}
