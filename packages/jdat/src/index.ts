export { decodeFlac, type FlacCode, type FlacFormat } from './flac/flac-decode.ts';
export { FlacEncoder } from './flac/flac-encode.ts';
export { fromIntegers, integerBytes, integersOfBytes, type SampleBits, toIntegers } from './integer-pcm.ts';
export { LineSplitter } from './multitrack/line-splitter.ts';
export { lossTrace } from './multitrack/loss-map.ts';
export {
  type BeatRecord,
  type EndRecord,
  type JmidRecord,
  type LossRecord,
  MULTITRACK_LIMITS,
  type MultitrackCode,
  type MultitrackHeader,
  type MultitrackRecord,
  type PacketFate,
  type SoundRecord,
  type TrackRecord,
  type TrackRole,
} from './multitrack/multitrack.ts';
export { MultitrackReader } from './multitrack/multitrack-reader.ts';
export { MultitrackState, type SoundPlace } from './multitrack/multitrack-state.ts';
export { MultitrackWriter } from './multitrack/multitrack-writer.ts';
export { recordLine } from './multitrack/record-encode.ts';
export type { TrackState } from './multitrack/track-state.ts';
export { bytesToInt16, fromInt16, int16ToBytes, toInt16 } from './pcm.ts';
export { EAR, type Ear, PacketStore, type SettledPackets } from './recording/packet-store.ts';
export { RoomTape, type RoomTapeOptions, TAPE_WAITING_MAX, type TapePort } from './recording/room-tape.ts';
export { StreamsToTracks } from './recording/streams-to-tracks.ts';
export { DONE_CELL, type TapeAnswer, type TapedStream, type TapeMessage } from './recording/tape-message.ts';
export {
  type AudioRecord,
  type MidiRecord,
  type SpanFate,
  type SpanRecord,
  TAKE_LIMITS,
  type Take,
  type TakeConsent,
  type TakeHeader,
  type TakeRecord,
} from './take.ts';
export { decodeTake, type TakeCode } from './take-decode.ts';
export { encodeTake, takeText } from './take-encode.ts';
export { contentHash, takeHash } from './take-hash.ts';
export { joinSpans, type Span, takePcm } from './take-pcm.ts';
export { decodeWav, type Pcm, WAV_CHANNELS_MAX, WAV_RATE_RANGE_HZ, type WavCode } from './wav-decode.ts';
export { encodeWav, wavHeader } from './wav-encode.ts';
