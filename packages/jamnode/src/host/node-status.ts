import type { PauseReason } from '../rules/judge-rules.ts';

/** What a node tells its owner about itself, in one value. Times are seconds, pay is work units as decimal text. */
export interface NodeStatus {
  readonly state: 'starting' | 'working' | 'idle' | 'paused' | 'offline' | 'draining';
  /** Why it does not work; empty while it does. */
  readonly why: readonly string[];
  readonly reasons: readonly PauseReason[];
  /** Id under which the studio knows it; `null` before the first registration. */
  readonly node: string | null;
  readonly url: string | null;
  readonly device: string | null;
  readonly upSeconds: number;
  readonly slots: number;
  readonly running: readonly { readonly slot: number; readonly kind: string; readonly seconds: number }[];
  /** Busy time of all slots in the last minute, 0 … 100. */
  readonly utilisationPercent: number;
  readonly tasks: {
    readonly sent: number;
    readonly dropped: number;
    readonly accepted: number;
    readonly refused: number;
  };
  readonly workUnits: { readonly accepted: string; readonly released: string };
  /** What the studio said last, be it good or bad. */
  readonly lastVerdict: string | null;
  readonly energy: {
    readonly source: 'stated' | 'gpu' | null;
    readonly watts: number | null;
    readonly kilowattHours: number | null;
  };
}
