import type { ThreadPriority, UdpPortKind } from '@jamnet/jambox';
import type { RelayCounters } from '@jamnet/toast';

/** What a relay counts, and how many rooms and players it holds. */
export interface RelayStats extends RelayCounters {
  readonly rooms: number;
  readonly players: number;
  /** Datagrams that the kernel would not take. */
  readonly refusedBySystem: number;
  /** Wake-ups of its thread, dozens a second: one that stands still hangs. */
  readonly turns: number;
}

export interface UdpRelayOptions {
  readonly host: string;
  /** 0 lets the system choose; the answer says which. */
  readonly port: number;
  /** 32 bytes shared with the studio that issues join tokens. */
  readonly tokenKey: Uint8Array;
  /** Between the moment all players are ready and sample 0, µs. */
  readonly startLeadUs?: number;
  /** System calls for UDP; absent: batched where the system has them. */
  readonly udp?: UdpPortKind;
}

/** What the relay's thread is given. */
export interface RelayJob {
  readonly options: UdpRelayOptions;
  /** A 32-bit stop flag, then up to {@link COUNTERS_MAX} counters as doubles from byte {@link COUNTERS_AT} on. */
  readonly shared: SharedArrayBuffer;
}

export const COUNTERS_AT = 8;
export const COUNTERS_MAX = 64;

/** What it says once. */
export type RelayMessage =
  | {
      readonly type: 'listening';
      /** Which counter stands where. */
      readonly names: readonly (keyof RelayStats)[];
      readonly port: number;
      readonly udp: UdpPortKind;
      readonly priority: ThreadPriority;
    }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
