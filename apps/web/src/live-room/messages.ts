import type { BandPlace, ClickMode } from '@jamnet/jambox/music';
import type { Advice } from '@jamnet/toast';
import type { StageDelays } from './engine/stages.ts';
import type { RecordingReport } from './recording/room-recorder.ts';

export const PATH_KINDS = ['webtransport', 'data-channel', 'websocket'] as const;
export type PathKind = (typeof PATH_KINDS)[number];

/** What the studio answers to whoever enters a room. */
export interface EnterAnswer {
  readonly room: string;
  readonly player: string;
  readonly joinToken: string;
  readonly roomKeyHex: string;
  readonly packetFrames: number;
  readonly returnKey: string;
  readonly paths: {
    readonly webtransport: {
      readonly port: number;
      readonly path: string;
      readonly sha256Base64: string;
    } | null;
    readonly websocket: string;
  };
}

/** The shared beat as somebody wants it. */
export interface BeatWish {
  /** 20 to 400. */
  readonly tempoBpm: number;
  /** 1 to 32. */
  readonly beatsPerBar: number;
  readonly isRunning: boolean;
}

/** The shared beat as it is now. */
export interface BeatReport extends BeatWish {
  /** From 0. */
  readonly bar: number;
  readonly beat: number;
  /** Where the click is that follows the band; null while none sounds. */
  readonly band: BandPlace | null;
}

/** From the page to its room worker. */
export type ToWorker =
  | {
      readonly type: 'join';
      readonly answer: EnterAnswer;
      readonly capture: SharedArrayBuffer;
      readonly playout: SharedArrayBuffer;
      readonly hostname: string;
      /** Origin of the WebSocket: ws://… */
      readonly socketOrigin: string;
      /** Take out the drift between sound cards by resampling. */
      readonly followDrift: boolean;
      /** False for who sends no sound: a keyboard alone, or a listener. */
      readonly hasSource: boolean;
      /** Takes a listener's seat, and may play no notes either. */
      readonly listens: boolean;
      /** A sum of TOAST's `CONSENT`: what listeners may do with this player's sound. */
      readonly consent: number;
    }
  /** What the page's own card takes on the way in and out, ms. */
  | { readonly type: 'card'; readonly inputMs: number; readonly outputMs: number }
  | { readonly type: 'beat'; readonly wish: BeatWish }
  | { readonly type: 'click'; readonly mode: ClickMode }
  /** One MIDI 1.0 message of 1 to 3 bytes. */
  | { readonly type: 'midi'; readonly message: Uint8Array }
  | { readonly type: 'gain'; readonly player: string; readonly gain: number }
  | { readonly type: 'mute'; readonly isMuted: boolean }
  /** The channel itself, where the browser can hand it over; else a port through which the page passes packets. */
  | { readonly type: 'channel'; readonly channel: RTCDataChannel | MessagePort }
  | { readonly type: 'channel-failed'; readonly reason: string }
  /** Record into `port`, whose other end counts in `done` what it has done. */
  | { readonly type: 'record'; readonly port: MessagePort; readonly done: SharedArrayBuffer }
  | { readonly type: 'record-end' }
  | { readonly type: 'leave' };

export interface PlayerReport {
  readonly player: string;
  readonly isPresent: boolean;
  /** What this player allows: a sum of TOAST's `CONSENT`. */
  readonly consent: number;
  readonly stages: StageDelays;
  readonly packets: number;
  readonly lostPercent: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
  /** Drum hits that sounded at their forecast time because they had not come. */
  readonly foretold: number;
  readonly driftPpm: number;
  /** Peak since the last report, 0 to 1. */
  readonly level: number;
  /** Signs its stream: what it did not send is found out. */
  readonly isSigned: boolean;
  /** Datagrams that its owner signed, and such as it did not send. */
  readonly verified: number;
  readonly forged: number;
}

export interface RoomReport {
  readonly phase: 'joining' | 'waiting' | 'playing';
  readonly path: PathKind;
  readonly roundTripMs: number;
  readonly sentPackets: number;
  /** Peak of what the card captured since the last report, 0 to 1; null for who sends no sound. */
  readonly inputLevel: number | null;
  readonly starved: number;
  readonly refusedPackets: number;
  /** Null until somebody has set a beat. */
  readonly beat: BeatReport | null;
  /** What to change, the most useful first. */
  readonly advice: readonly Advice[];
  /** Null while this page does not record. */
  readonly recording: RecordingReport | null;
  readonly players: readonly PlayerReport[];
  /** Who is here and only listens, by name. */
  readonly listeners: readonly string[];
}

/** From the worker to its page. */
export type FromWorker =
  | { readonly type: 'path-trying'; readonly kind: PathKind }
  | { readonly type: 'path-failed'; readonly kind: PathKind; readonly reason: string }
  | { readonly type: 'path-open'; readonly kind: PathKind }
  | { readonly type: 'want-channel'; readonly ticket: string }
  | { readonly type: 'report'; readonly report: RoomReport }
  /** What another player's keys do. */
  | { readonly type: 'midi'; readonly message: Uint8Array }
  /** `code` of the relay or of the session. */
  | { readonly type: 'over'; readonly code: string };
