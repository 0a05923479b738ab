import type { SealCrypto } from '../crypto/toast-crypto.ts';
import { copiesPlan, type PacketShape, type RedundancyPlan } from '../jellie/redundancy-plan.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';

export interface PeerOptions {
  readonly crypto: SealCrypto;
  /** As the studio handed it out: `claim.mac.secret`. */
  readonly joinToken: string;
  /** 32 bytes that the room's members share and the relay does not have. */
  readonly roomKey: Uint8Array;
  readonly packetFrames: number;
  /** Which earlier packets each datagram repeats, ascending. */
  readonly redundancyOffsets: readonly number[];
  /** Takes the place of `redundancyOffsets`: coded redundancy. */
  readonly redundancy?: RedundancyPlan;
  /** Width of the samples given to `sendAudio`; 16 when absent. */
  readonly sampleBits?: 16 | 24;
  /** Pack payloads losslessly where that makes them smaller. */
  readonly packing?: boolean;
  /** Bytes of a datagram by bytes of the samples it is for: copies beyond it are left out, the farthest first. */
  readonly bandwidthMax?: number;
  /** Let what the listeners report choose the redundancy, within this many times the payload's bandwidth. */
  readonly adaptWithin?: number;
  /** Key pairs of this join: with them streams are signed and keys change when a member leaves. */
  readonly identity?: PeerIdentity;
  /** Signatures of streams are left to the shell as `PeerSession.proofs`, for platforms where they are made and checked later. */
  readonly defersProofs?: boolean;
  /** The room starts when it has this many players whose clocks agree. */
  readonly startWhenPlayers: number;
  /** This peer plays nothing: it takes a listener's seat, and nobody who waits for players counts it. Default false. */
  readonly listens?: boolean;
  /** 16 random bytes and 32 random bits, fresh for every join of every process. */
  readonly joinIdBytes: Uint8Array;
  readonly epoch: number;
  /** A sum of `CONSENT`: what listeners may do with this player's stream. */
  readonly consent: number;
  /** Fixed playout delay, ms; absent: follow the network. */
  readonly fixedDelayMs?: number;
}

/** Local µs between attempts and until we doubt the relay. */
export const JOIN_EVERY_US = 150_000;
export const SYNC_FAST_US = 15_000;
export const SYNC_SLOW_US = 150_000;
export const SYNC_FAST_COUNT = 24;
/** Requests that may still be answered: those of two seconds, and who hears nothing for half a second joins anew. */
export const SYNCS_OPEN_MAX = 128;
export const SILENCE_US_MAX = 500_000;
export const LEAVE_EVERY_US = 60_000;
export const LEAVE_ATTEMPTS = 5;
export const UNREACHABLE_AFTER_US = 10_000_000;
/** Between two reports on a stream. */
export const STATS_EVERY_US = 500_000;

export function shapeOf(options: PeerOptions): PacketShape {
  return { frames: options.packetFrames, sampleBytes: options.sampleBits === 24 ? 3 : 2 };
}

export function planOf(options: PeerOptions): RedundancyPlan {
  return options.redundancy ?? copiesPlan(options.redundancyOffsets);
}
