import type { PlanCode } from '../jellie/redundancy-plan.ts';
import type { RefusalCode } from '../wire/control-message.ts';

export type PeerPhase = 'joining' | 'seated' | 'leaving' | 'left' | 'refused';

export type PeerEvent =
  | { readonly kind: 'seated'; readonly seat: number }
  | { readonly kind: 'start'; readonly startAtUs: number }
  | { readonly kind: 'stream'; readonly player: string }
  | { readonly kind: 'refused'; readonly code: RefusalCode | 'relay-unreachable' }
  /** The shared beat changed, or will at a sample of the timeline. */
  | { readonly kind: 'timeline' }
  /** Somebody sealed a datagram in this player's name. */
  | { readonly kind: 'forged-stream'; readonly player: string }
  /** The relay has not answered for half a second: the shell may look for where the room lives now, and say so by `moved`. */
  | { readonly kind: 'silent' }
  /** The room began at another time than this peer was told: its own timeline is void, and it has left. Join anew. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'left' };

export interface PeerCounters {
  malformed: number;
  forged: number;
  replayed: number;
  unknownStream: number;
  /** Sealed with a key that this peer has not, or no longer. */
  unknownKey: number;
  rejoined: number;
  /** Datagrams from addresses that proved nothing, or without the bytes that their path's datagrams carry. */
  strangers: number;
  probesForged: number;
  probesReplayed: number;
  /** Probes beyond what is looked at. */
  probesFlooded: number;
  /** Signatures that were not made or checked, because too many waited. */
  proofsDropped: number;
  /** Times that the redundancy was changed by what listeners report. */
  adapted: number;
}

export type PeerCode =
  | 'token-malformed'
  | 'room-key-malformed'
  | PlanCode
  | 'midi-malformed'
  | 'not-playing'
  | 'tempo-malformed'
  | 'players-malformed'
  | 'packet-frames-malformed';
