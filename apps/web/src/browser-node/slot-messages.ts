import type { SlotCode } from '@jamnet/jamnode/page';

/** What the page asks of its worker. */
export interface WorkerJob {
  readonly kind: string;
  readonly version: number;
  readonly input: Uint8Array<ArrayBuffer>;
}

/** What the worker answers, once for each job. */
export type WorkerReply =
  | { readonly ok: true; readonly result: Uint8Array<ArrayBuffer>; readonly cpuMs: number }
  | { readonly ok: false; readonly code: SlotCode; readonly message: string };
