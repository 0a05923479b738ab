import { cpus } from 'node:os';
import { Failure } from '@jamnet/base';
import { benchRinger, encodeRingerInput } from '../kernels/ringer.ts';
import type { Slot } from '../slot/slot.ts';

export interface Benchmark {
  /** Integer operations of `bench.ringer` per second of processor time, measured in a slot. */
  readonly operationsPerSecond: bigint;
  readonly device: string;
}

const TIMEOUT_MS = 20_000;

/** Runs the integer ringer twice, the first time to warm up. Shown to people and used as a speed class; never paid by. */
export async function benchmark(slot: Pick<Slot, 'run'>): Promise<Benchmark> {
  const input = encodeRingerInput({ seed: 1, size: 128, rounds: 16 });
  const job = { kind: benchRinger.kind, version: benchRinger.version, input };
  await slot.run(job, TIMEOUT_MS);
  const { outcome, cpuMs } = await slot.run(job, TIMEOUT_MS);
  const operations = benchRinger.operations(input);
  if (!outcome.ok || !operations.ok)
    throw new Failure('benchmark-failed', outcome.ok ? 'no count' : outcome.message);
  const perSecond = Number(operations.value) / Math.max(0.001, cpuMs / 1000);
  return {
    operationsPerSecond: BigInt(Math.round(perSecond)),
    device: (cpus()[0]?.model ?? 'CPU').slice(0, 128),
  };
}
