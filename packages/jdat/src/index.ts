export { bytesToInt16, fromInt16, int16ToBytes, toInt16 } from './pcm.ts';
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
export { encodeWav } from './wav-encode.ts';
