import { decodeUtf8, encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import type { TimelineEntry } from '../timeline/beat-timeline.ts';
import { readMessage } from './control-read.ts';
import type { WireCode } from './header.ts';

/** One seat of a room as every member sees it. */
export interface RoomMember {
  readonly seat: number;
  readonly player: string;
  /** 32 hex digits that the player drew for this join: names the stream and salts its keys. */
  readonly joinId: string;
  readonly epoch: number;
  /** True when the member was seated before the start: its stream then begins at sample 0. */
  readonly founder: boolean;
  /** Packets of the finished stream, or `null` while it plays. */
  readonly packets: number | null;
  /** What listeners may do with the stream: a sum of {@link CONSENT}. */
  readonly consent: number;
  /** Base64 of the member's public keys and their proof (SPEC.md §3), or empty. */
  readonly keys: string;
}

/** Bits of a player's consent: keep takes, train on them, show excerpts to strangers. */
export const CONSENT = { record: 1, train: 2, strangers: 4 } as const;

/** Why a relay takes a peer not, or no more. A bad token gets no answer (SPEC.md §7.1), so there is no code for it. */
export const REFUSAL_CODES = [
  'room-full',
  'rooms-full',
  'epoch-taken',
  'packet-frames-differ',
  'name-taken',
  'replaced',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type ControlMessage =
  | {
      readonly t: 'join';
      readonly token: string;
      readonly joinId: string;
      readonly epoch: number;
      readonly packetFrames: number;
      /** The room starts once it has this many players; who only listens is none. */
      readonly startWhen: number;
      readonly listens: boolean;
      /** The relay's challenge sent back; empty at first. */
      readonly cookie: string;
      /** When the room started, for a peer that returns after the relay forgot; 0 before. */
      readonly startedAtUs: number;
      readonly consent: number;
      readonly keys: string;
      /** Base64 of the signature by which the peer shows that `keys` are its own (SPEC.md §7.6), or empty. */
      readonly proof: string;
    }
  | { readonly t: 'challenge'; readonly cookie: string }
  | { readonly t: 'welcome'; readonly seat: number }
  | { readonly t: 'refused'; readonly code: RefusalCode }
  | {
      readonly t: 'room';
      readonly version: number;
      readonly page: number;
      readonly pages: number;
      /** Room time at which sample 0 sounds, or 0 while nothing is scheduled. */
      readonly startAtUs: number;
      readonly members: readonly RoomMember[];
      /** What holds of the shared beat, and what comes next. */
      readonly timeline: readonly TimelineEntry[];
    }
  /**
   * A peer asks for a change of the shared beat, or tells a relay that has forgotten what the room had agreed on
   * (`recalled`): that is taken as it is, in the past too.
   */
  | { readonly t: 'timeline'; readonly entry: TimelineEntry; readonly recalled: boolean }
  /** A sender's new secret for one member, sealed: `seat` is the receiver's on the way up, the sender's on the way down. */
  | { readonly t: 'key'; readonly seat: number; readonly generation: number; readonly sealed: string }
  | { readonly t: 'key-taken'; readonly seat: number; readonly generation: number }
  /** A peer wants direct paths: its own addresses, sealed for the members; a higher version takes an older one's place. */
  | { readonly t: 'direct'; readonly version: number; readonly sealed: string }
  /** Where the relay sees a member that wants direct paths, and that member's offer; of the asker itself as well. */
  | {
      readonly t: 'address';
      readonly joinId: string;
      readonly address: string;
      readonly version: number;
      readonly sealed: string;
    }
  | { readonly t: 'finished'; readonly packets: number }
  | { readonly t: 'leave' }
  | { readonly t: 'goodbye' };

export function encodeControl(message: ControlMessage): Uint8Array {
  return encodeUtf8(JSON.stringify(message));
}

/** Reads a control body; members it does not know are skipped, a member it needs must have its type and range. */
export function decodeControl(body: Uint8Array): Result<ControlMessage, WireCode> {
  const message = readMessage(parse(body));
  return message === null
    ? refuse('body-malformed', 'A control body is one JSON object of SPEC.md §6.')
    : ok(message);
}

type Fields = Record<string, unknown>;

function parse(body: Uint8Array): Fields {
  const text = decodeUtf8(body);
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
