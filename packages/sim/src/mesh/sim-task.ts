import type { Tolerance } from '@jamnet/mesh';

/** A task of the simulation. */
export interface SimTask {
  readonly id: string;
  /** Its place in the order of creation; replicas of one task share it. */
  readonly number: number;
  readonly workUnits: bigint;
  readonly tolerance: Tolerance;
}

export const SIM_CHUNKS = 8;

/** Chunks of a result in which a host lies, as bits; 0: an honest one. */
export type Lie = number;

export const EVERY_CHUNK: Lie = 2 ** SIM_CHUNKS - 1;

export function chunksIn(lie: Lie): number {
  let count = 0;
  for (let chunk = 0; chunk < SIM_CHUNKS; chunk++) count += (lie >> chunk) & 1;
  return count;
}
