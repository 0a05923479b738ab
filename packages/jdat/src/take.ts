/** Who lets whom do what with a take. Absent consent is refusal: there is no default of `true` anywhere. */
export interface TakeConsent {
  /** Keep the take in the archive. */
  readonly record: boolean;
  /** Train models on it. */
  readonly train: boolean;
  /** Send excerpts of at most 2 s to hosts outside the trusted circle. */
  readonly strangers: boolean;
}

export interface TakeHeader {
  readonly jdat: 1;
  readonly room: string;
  /** Who holds this take: the player for `sent`, the listener for `heard`. */
  readonly player: string;
  readonly role: 'sent' | 'heard' | 'repaired';
  /** Whose sound it is. */
  readonly from: string;
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  /** UTC µs of sample 0. No hash depends on it. */
  readonly startedAtUs: bigint;
  readonly consent: TakeConsent;
}

/** What the network did to a span: `recovered` ones hold the sent samples, the others do not. */
export type SpanFate = 'recovered' | 'concealed' | 'late' | 'lost' | 'repaired';

/** PCM as it was sent or played. Audio records come in order and do not overlap. */
export interface AudioRecord {
  readonly type: 'audio';
  readonly atSample: number;
  readonly samples: Int16Array;
}

export interface SpanRecord {
  readonly type: 'span';
  readonly atSample: number;
  readonly frames: number;
  readonly fate: SpanFate;
}

/** One MIDI 1.0 message of 1 to 3 bytes (a JMID event). */
export interface MidiRecord {
  readonly type: 'midi';
  readonly atSample: number;
  readonly message: Uint8Array;
}

export type TakeRecord = AudioRecord | SpanRecord | MidiRecord;

export interface Take {
  readonly header: TakeHeader;
  readonly records: readonly TakeRecord[];
}

export const SPAN_FATES: readonly SpanFate[] = ['recovered', 'concealed', 'late', 'lost', 'repaired'];
export const TAKE_ROLES: readonly TakeHeader['role'][] = ['sent', 'heard', 'repaired'];

/** Limits of the format; a decoder refuses what goes past them. */
export const TAKE_LIMITS = {
  /** Room, player and sender names, in UTF-16 code units. */
  nameLength: 128,
  /** One line: about 1.3 s of audio at 192 kHz. */
  lineLength: 700_000,
  /** Frames of one audio or span record. */
  recordFrames: 1 << 18,
  /** Records of one take: a 32-frame packet and a span for each up to the last sample. */
  records: 1 << 23,
  /** Last place in a take: 46 minutes at 48 kHz, so that a short hostile text never asks for over 512 MB of signal. */
  atSample: 1 << 27,
  packetFrames: 8_192,
} as const;
