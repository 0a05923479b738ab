import type { Result } from '@jamnet/base';

/** What the catalogue says of a kind that is a model. */
export interface ModelUse {
  /** Of the file, hex. */
  readonly sha256: string;
  readonly chunkCount: number;
  /** Decimal text. */
  readonly operationsMax: string;
}

/** A task to be computed. `chunk`: only that chunk of the result. `model`: which file computes it; default: a kernel of this build. */
export interface TaskJob {
  readonly kind: string;
  readonly version: number;
  readonly input: Uint8Array;
  readonly chunk?: number | undefined;
  readonly model?: ModelUse | null | undefined;
}

/** What a slot process is asked. */
export interface SlotJob extends TaskJob {
  /** The file that `model` names. */
  readonly modelFile?: Uint8Array | undefined;
}

export type SlotCode =
  | 'input-malformed'
  | 'kernel-unknown'
  | 'kernel-failed'
  /** The model cannot be had, is another file, or is not run; the message begins with the reason's code. */
  | 'model-refused'
  /** Killed at its deadline. */
  | 'slot-timeout'
  /** The process died: out of memory, or killed from outside. */
  | 'slot-died'
  /** Ended for its owner, who needs the machine. */
  | 'slot-stopped'
  | 'slot-closed'
  /** It said something that our own program does not say; killed. */
  | 'slot-confused'
  | 'result-too-large';

export interface SlotRun {
  readonly outcome: Result<Uint8Array, SlotCode>;
  /** Processor time in the child; 0 when it died. */
  readonly cpuMs: number;
}

/** Head of a frame to the child; the body is the model's file, where there is one, and the input. */
export interface JobHead {
  readonly job: number;
  readonly kind: string;
  readonly version: number;
  readonly chunk: number | null;
  readonly model: (ModelUse & { readonly bytes: number }) | null;
}

/** Head of a frame from the child; the body is the result. `refusal`: why there is none. */
export interface ReplyHead {
  readonly job: number;
  readonly refusal: { readonly code: SlotCode; readonly message: string } | null;
  /** Processor time that the computation took in the child. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Codes that a child may give; the others are the parent's to say. */
const CHILD_CODES: ReadonlySet<unknown> = new Set<SlotCode>([
  'input-malformed',
  'kernel-unknown',
  'kernel-failed',
  'model-refused',
]);
const MESSAGE_LENGTH_MAX = 512;

/** The head of a reply, or `null` when the child is not what it should be. */
export function readReplyHead(text: string): ReplyHead | null {
  const head = objectOf(text);
  const { job, cpuMs, residentBytes } = head;
  if (typeof job !== 'number' || !isAmount(cpuMs) || !isAmount(residentBytes)) return null;
  if (head.refusal === null) return { job, refusal: null, cpuMs, residentBytes };
  const { code, message } = head.refusal as { code?: unknown; message?: unknown };
  if (!CHILD_CODES.has(code) || typeof message !== 'string') return null;
  const refusal = { code: code as SlotCode, message: message.slice(0, MESSAGE_LENGTH_MAX) }; // One of the set.
  return { job, refusal, cpuMs, residentBytes };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
