import type { PauseReason } from '../rules/judge-rules.ts';

/** What a node tells its owner, in order; `main.ts` writes one JSON line each. */
export type NodeEvent =
  | {
      readonly type: 'benchmarked';
      readonly operationsPerSecond: string;
      readonly device: string;
      /** What confines the slots, as `Confinement` of the sandbox says it. */
      readonly network: 'namespace' | 'none';
      readonly files: 'bubblewrap' | 'permission-model';
      readonly memory: 'data-limit' | 'heap';
    }
  | { readonly type: 'connected'; readonly url: string }
  | {
      readonly type: 'registered';
      readonly node: string;
      readonly kinds: readonly string[];
      readonly skipped: readonly string[];
    }
  | { readonly type: 'leased'; readonly tasks: number }
  | {
      readonly type: 'task-started';
      readonly task: string;
      readonly kind: string;
      readonly slot: number;
    }
  | {
      readonly type: 'task-sent';
      readonly task: string;
      readonly kind: string;
      readonly workUnits: string;
      readonly cpuMs: number;
    }
  | {
      readonly type: 'task-dropped';
      readonly task: string;
      readonly kind: string;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly type: 'verdict';
      readonly task: string | null;
      readonly code: string;
      readonly sentence: string;
      /** Of the task, where the verdict is about pay. */
      readonly workUnits?: string | undefined;
    }
  /** Nothing is taken until `resumed`: the rules or the owner say so. */
  | { readonly type: 'paused'; readonly reasons: readonly PauseReason[] }
  | { readonly type: 'resumed' }
  | {
      readonly type: 'groove';
      readonly session: string;
      readonly step: 'opened' | 'committed' | 'revealed' | 'closed';
      readonly bar: number | null;
    }
  | { readonly type: 'refused'; readonly code: string; readonly message: string }
  | { readonly type: 'disconnected'; readonly reason: string; readonly retryMs: number }
  | { readonly type: 'drained'; readonly sent: number; readonly residentBytesPerSlot: readonly number[] };

export type OnEvent = (event: NodeEvent) => void;
