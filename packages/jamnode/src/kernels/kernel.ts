import type { Result } from '@jamnet/base';

export type KernelCode = 'input-malformed' | 'kernel-unknown';

/**
 * One computation that hosts run and the studio re-runs. Pure and deterministic: same input, same bytes.
 * Results are sequences of 4-byte elements, cut into {@link CHUNK_COUNT} chunks.
 */
export interface Kernel {
  readonly kind: string;
  readonly version: number;
  /** Stated operations of this input: what is paid, whatever the time it takes. */
  operations(input: Uint8Array): Result<bigint, KernelCode>;
  run(input: Uint8Array): Result<Uint8Array, KernelCode>;
  /** One chunk of what {@link run} gives, for re-checks; cheaper where the computation can be cut. */
  runChunk(input: Uint8Array, chunk: number): Result<Uint8Array, KernelCode>;
}

/** Every kind of tonight commits to eight chunks (DESIGN §8). */
export const CHUNK_COUNT = 8;
