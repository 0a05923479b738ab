import type { PathKind } from '../messages.ts';

/** One way to an echo, and how long to use it. */
export interface EchoWish {
  readonly kind: PathKind;
  /** The travelling part of a join token. */
  readonly ticket: string;
  /** Addresses without their query. */
  readonly webTransportUrl: string;
  readonly sha256Base64: string;
  readonly socketUrl: string;
  readonly seconds: number;
  readonly packetBytes: number;
}

export interface EchoResult {
  readonly sent: number;
  /** Packets that the carrier had no room for. */
  readonly refused: number;
  /** In the order in which they came back. */
  readonly roundTripsMs: readonly number[];
  /** Frames of a render quantum: one packet each. */
  readonly quantumFrames: number;
}

export type ToEchoWorker =
  | { readonly type: 'begin'; readonly wish: EchoWish; readonly capture: SharedArrayBuffer }
  | { readonly type: 'channel'; readonly channel: RTCDataChannel | MessagePort };

export type FromEchoWorker =
  | { readonly type: 'want-channel' }
  | { readonly type: 'done'; readonly result: Omit<EchoResult, 'quantumFrames'> }
  | { readonly type: 'failed'; readonly reason: string };
