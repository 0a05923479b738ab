import type { SampleBits } from '../integer-pcm.ts';
import type { TakeConsent } from '../take.ts';

/** First line of a multitrack take: one room session as one recorder kept it. All places count samples of the room timeline. */
export interface MultitrackHeader {
  readonly jdat: 2;
  readonly room: string;
  /** Who wrote the file. */
  readonly recorder: string;
  readonly sampleRateHz: number;
  /** UTC µs of the room's sample 0. */
  readonly startedAtUs: bigint;
}

export type TrackRole = 'sent' | 'heard' | 'repaired' | 'imported';
export const TRACK_ROLES: readonly TrackRole[] = ['sent', 'heard', 'repaired', 'imported'];

/** Sound of one player as one person had it. A player who comes back goes on in the same track. */
export interface TrackRecord {
  readonly type: 'track';
  /** Counts up from 0 in the order of the lines. */
  readonly track: number;
  /** Who holds it: the player for `sent`, the listener for `heard`. */
  readonly player: string;
  readonly role: TrackRole;
  /** Whose sound it is. */
  readonly from: string;
  readonly bits: SampleBits;
  /** Samples of a packet; 1 where the sound did not come in packets. */
  readonly packetFrames: number;
  /** Sample at which packet 0 of the loss map begins. */
  readonly firstSample: number;
  readonly consent: TakeConsent;
}

/**
 * `audio`: as sent, lossless; in a heard track every packet of which a copy came. `fill`: what sounded in its place where none
 * came in time. Each kind comes in order and without overlap in its track.
 */
export interface SoundRecord {
  readonly type: 'audio' | 'fill';
  readonly track: number;
  readonly atSample: number;
  readonly frames: number;
  /** Signed integers of the track's bits; `null` where the reader was asked to leave sound undecoded. */
  readonly samples: Int32Array | null;
}

/**
 * What became of packets that did not simply arrive. `recovered`: played from a copy. `late`: a copy came after its turn.
 * `concealed`: none came. In order and without overlap in each track.
 */
export type PacketFate = 'recovered' | 'concealed' | 'late';
export const PACKET_FATES: readonly PacketFate[] = ['recovered', 'concealed', 'late'];

export interface LossRecord {
  readonly type: 'span';
  readonly track: number;
  readonly fromPacket: number;
  readonly packets: number;
  readonly fate: PacketFate;
}

/** One MIDI 1.0 message of 1 to 3 bytes (a JMID event), in order of places in each track. */
export interface JmidRecord {
  readonly type: 'midi';
  readonly track: number;
  readonly atSample: number;
  readonly message: Uint8Array;
}

/** The room's beat from a sample on, as TOAST's timeline has it (packages/toast/SPEC.md). */
export interface BeatRecord {
  readonly type: 'beat';
  readonly id: number;
  readonly atSample: number;
  readonly bar: number;
  readonly tempoMilliBpm: number;
  readonly beatsPerBar: number;
  readonly isRunning: boolean;
}

/** Last line. A file without it was cut off: what is there counts, and can be closed. */
export interface EndRecord {
  readonly type: 'end';
  /** SHA-256 of all bytes before this line, hex. */
  readonly sha256: string;
  /** Content hash of each track's `audio` in order of numbers, hex. */
  readonly contents: readonly string[];
}

export type MultitrackRecord = TrackRecord | SoundRecord | LossRecord | JmidRecord | BeatRecord | EndRecord;

/** Limits of the format; a decoder refuses what goes past them. */
export const MULTITRACK_LIMITS = {
  /** Names, in UTF-16 code units. */
  nameLength: 128,
  /** Bytes of one line, its line feed not counted: a record of 24-bit noise in base64 needs 66,000. */
  lineBytes: 131_072,
  /** Samples of one `audio` or `fill` record. */
  recordFrames: 16_384,
  /** A room has 16 players; each may leave and come back under other settings. */
  tracks: 64,
  /** From the first sound of a take to its last: 4 hours. */
  seconds: 14_400,
  packetFrames: 8_192,
  /** Stretches of the loss map of one track. */
  spansPerTrack: 1 << 17,
  midiPerTrack: 1 << 16,
  beats: 4_096,
  /** Places on the room timeline: 36 bits, 16 days at 48 kHz. */
  atSample: 2 ** 36 - 1,
} as const;

export type MultitrackCode =
  | 'take-empty'
  | 'take-version-unknown'
  | 'take-header-malformed'
  | 'take-line-malformed'
  | 'take-line-too-long'
  | 'take-track-unknown'
  | 'take-tracks-too-many'
  | 'take-spans-too-many'
  | 'take-midi-too-many'
  | 'take-beats-too-many'
  | 'take-too-long'
  | 'take-order'
  | 'take-sound-damaged'
  | 'take-hash-differs'
  | 'take-after-end';
