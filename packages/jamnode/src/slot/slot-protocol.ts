import type { Result } from '@jamnet/base';

/** What the parent asks its slot process. `chunk`: only that chunk of the result. */
export interface SlotJob {
  readonly job: number;
  readonly kind: string;
  readonly version: number;
  readonly input: Uint8Array;
  readonly chunk: number | null;
}

export type SlotCode =
  | 'input-malformed'
  | 'kernel-unknown'
  | 'kernel-failed'
  /** Killed at its deadline. */
  | 'slot-timeout'
  /** The process died: out of memory, or killed from outside. */
  | 'slot-died'
  | 'slot-closed'
  | 'result-too-large';

/** What comes back, with the processor time that the computation took in the child. */
export interface SlotReply {
  readonly job: number;
  readonly outcome: Result<Uint8Array, SlotCode>;
  readonly cpuMs: number;
  readonly residentBytes: number;
}
