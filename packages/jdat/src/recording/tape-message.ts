import type { BeatRecord } from '../multitrack/multitrack.ts';
import type { TakeConsent } from '../take.ts';
import type { SettledPackets } from './packet-store.ts';

/** Whose sound a block of packets is, and where its stream lies on the room's packet grid. */
export interface TapedStream {
  readonly role: 'sent' | 'heard';
  readonly from: string;
  readonly consent: TakeConsent;
  readonly baseIndex: number;
  readonly packetFrames: number;
}

/** What the engine's thread gives to the one that writes. */
export type TapeMessage =
  | {
      readonly type: 'begin';
      readonly file: string;
      readonly room: string;
      readonly player: string;
      readonly startedAtUs: number;
    }
  | { readonly type: 'packets'; readonly stream: TapedStream; readonly packets: SettledPackets }
  /** All packets of a stream that had an announced end, those that never came included, were given. */
  | { readonly type: 'over'; readonly stream: TapedStream; readonly packets: number }
  /** What the ear got, period by period, into a WAV file of its own. */
  | { readonly type: 'ear'; readonly file: string; readonly samples: Int16Array }
  /** A note at a sample of the room's timeline. */
  | {
      readonly type: 'note';
      readonly stream: TapedStream;
      readonly atSample: number;
      readonly message: Uint8Array;
    }
  | { readonly type: 'beats'; readonly entries: readonly Omit<BeatRecord, 'type'>[] }
  | { readonly type: 'end' };

export type TapeAnswer =
  | { readonly type: 'ended'; readonly file: string }
  | { readonly type: 'failed'; readonly message: string };

/** Cell of the shared memory in which the writer counts the messages it has done. */
export const DONE_CELL = 0;
