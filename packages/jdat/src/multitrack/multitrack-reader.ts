import { decodeUtf8, fromBase64, ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { decodeFlacFrame } from '../flac/frame-decode.ts';
import { integersOfBytes } from '../integer-pcm.ts';
import {
  type EndRecord,
  MULTITRACK_LIMITS,
  type MultitrackCode,
  type MultitrackHeader,
  type MultitrackRecord,
  type SoundRecord,
} from './multitrack.ts';
import { MultitrackState, type SoundPlace } from './multitrack-state.ts';
import { type CodedSound, parseMultitrackHeader, parseMultitrackRecord } from './record-decode.ts';
import type { TrackState } from './track-state.ts';

export interface MultitrackReaderOptions {
  /**
   * False leaves sound undecoded and unhashed, many times faster: for who wants names, places and losses. A function has the sound decoded
   * for which it answers true, and none hashed.
   */
  readonly sound: boolean | ((place: SoundPlace) => boolean);
}

/**
 * Reads a multitrack take line by line, in memory that does not grow with its length. Any bytes get an answer. After a refusal
 * the reader is done: what it gave before stands.
 */
export class MultitrackReader {
  readonly #options: MultitrackReaderOptions;
  #state: MultitrackState | null = null;
  #lineNumber = 0;

  constructor(options: MultitrackReaderOptions) {
    this.#options = options;
  }

  /** What the lines so far have come to; `null` before the header. */
  get state(): MultitrackState | null {
    return this.#state;
  }

  /** Takes the next line, its line feed removed. `null`: nothing of this version (an empty line, a later version's record). */
  line(bytes: Uint8Array): Result<MultitrackHeader | MultitrackRecord | null, MultitrackCode> {
    this.#lineNumber++;
    if (bytes.length > MULTITRACK_LIMITS.lineBytes)
      return refuse(
        'take-line-too-long',
        `Line ${this.#lineNumber} has over ${MULTITRACK_LIMITS.lineBytes} bytes: split its sound.`,
      );
    const state = this.#state;
    if (state?.isEnded && bytes.length > 0)
      return refuse('take-after-end', `Line ${this.#lineNumber} stands behind the end of the take.`);
    const value = parseJson(bytes);
    if (state === null) return this.#header(bytes, value);
    const answer = bytes.length === 0 ? ok(null) : this.#record(state, value);
    if (answer.ok && answer.value?.type !== 'end') state.hashLine(bytes);
    return answer;
  }

  #header(bytes: Uint8Array, value: unknown): Result<MultitrackHeader, MultitrackCode> {
    const header = parseMultitrackHeader(value);
    if (!header.ok) return header;
    this.#state = new MultitrackState(header.value);
    this.#state.hashLine(bytes);
    return header;
  }

  #record(state: MultitrackState, value: unknown): Result<MultitrackRecord | null, MultitrackCode> {
    if (value === undefined) return this.#malformed('it is no JSON');
    const record = parseMultitrackRecord(value);
    if (typeof record === 'string') return this.#malformed(record);
    if (record === null) return ok(null);
    switch (record.type) {
      case 'audio':
      case 'fill':
        return this.#sound(state, record);
      case 'track':
        return state.addTrack(record) ?? ok(record);
      case 'span':
        return state.addSpan(record) ?? ok(record);
      case 'midi':
        return state.addMidi(record) ?? ok(record);
      case 'beat':
        return state.addBeat(record) ?? ok(record);
      case 'end':
        return this.#end(state, record);
    }
  }

  #sound(state: MultitrackState, coded: CodedSound): Result<SoundRecord, MultitrackCode> {
    const { type, track, atSample, frames } = coded;
    const trackState = state.tracks[track];
    const { sound } = this.#options;
    const isWanted = typeof sound === 'function' ? sound({ type, track, atSample, frames }) : sound;
    if (trackState === undefined || !isWanted)
      return state.addSound(coded) ?? ok({ type, track, atSample, frames, samples: null });
    const samples = this.#decode(state, trackState, coded);
    if (!(samples instanceof Int32Array)) return samples;
    if (sound === true && type === 'audio' && atSample >= trackState.audioEnd)
      trackState.hashAudio(atSample, samples);
    return state.addSound(coded) ?? ok({ type, track, atSample, frames, samples });
  }

  #decode(
    state: MultitrackState,
    { track: { bits } }: TrackState,
    coded: CodedSound,
  ): Int32Array | Refusal<MultitrackCode> {
    const bytes = fromBase64(coded.text);
    if (bytes === null) return this.#malformed('its sound is no base64');
    if (coded.coding === 'pcm') {
      if (bytes.length !== (coded.frames * bits) / 8)
        return this.#malformed('"pcm" does not hold "frames" samples');
      return integersOfBytes(bytes, bits);
    }
    const { sampleRateHz } = state.header;
    const frame = decodeFlacFrame(bytes, 0, MULTITRACK_LIMITS.recordFrames, { sampleRateHz, bits });
    if (!frame.ok)
      return refuse('take-sound-damaged', `Line ${this.#lineNumber} of the take: ${frame.message}`);
    const { channels, place, end } = frame.value;
    const [samples] = channels;
    const fits =
      samples !== undefined &&
      channels.length === 1 &&
      samples.length === coded.frames &&
      frame.value.bits === bits &&
      end === bytes.length;
    if (!fits) return this.#malformed('its FLAC frame is not of the track, or not of "frames" samples');
    if (place.by !== 'sample' || place.number !== coded.atSample)
      return this.#malformed('its FLAC frame says another place');
    return samples;
  }

  #end(state: MultitrackState, end: EndRecord): Result<EndRecord, MultitrackCode> {
    const fits =
      end.sha256 === state.sha256 &&
      (this.#options.sound !== true || end.contents.join() === state.contents.join()) &&
      end.contents.length === state.tracks.length;
    if (!fits)
      return refuse('take-hash-differs', 'The hashes in the last line do not fit the take: it was changed.');
    state.isEnded = true;
    return ok(end);
  }

  #malformed(why: string): Refusal<MultitrackCode> {
    return refuse('take-line-malformed', `Line ${this.#lineNumber} of the take cannot be read: ${why}.`);
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes) ?? '');
    return value;
  } catch {
    return undefined;
  }
}
