import { encodeUtf8, type Refusal, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  type BeatRecord,
  type JmidRecord,
  MULTITRACK_LIMITS as LIMITS,
  type LossRecord,
  type MultitrackCode,
  type MultitrackHeader,
  type TrackRecord,
} from './multitrack.ts';
import { TrackState } from './track-state.ts';

type Verdict = Refusal<MultitrackCode> | null;

/** Where sound begins and how long it is, as its line says before it is decoded. */
export interface SoundPlace {
  readonly type: 'audio' | 'fill';
  readonly track: number;
  readonly atSample: number;
  readonly frames: number;
}

/** What a take has come to, line by line. Both ends keep one: the rules of order and number stand here alone. */
export class MultitrackState {
  readonly header: MultitrackHeader;
  readonly tracks: TrackState[] = [];
  readonly beats: BeatRecord[] = [];
  isEnded = false;
  /** First and last sound of all tracks; −1 before any. */
  fromSample = -1;
  toSample = 0;
  readonly #sum = sha256.create();

  constructor(header: MultitrackHeader) {
    this.header = header;
  }

  /** Every line but the last, with its line feed. */
  hashLine(bytes: Uint8Array): void {
    this.#sum.update(bytes).update(LINE_FEED);
  }

  hashText(line: string): void {
    this.hashLine(encodeUtf8(line));
  }

  get sha256(): string {
    return toHex(this.#sum.clone().digest());
  }

  get contents(): string[] {
    return this.tracks.map((each) => each.contentHash);
  }

  /** `null` when the track was taken in. */
  addTrack(track: TrackRecord): Verdict {
    if (this.tracks.length >= LIMITS.tracks)
      return refuse('take-tracks-too-many', `A take has at most ${LIMITS.tracks} tracks.`);
    if (track.track !== this.tracks.length)
      return refuse('take-order', `Track ${track.track} comes where track ${this.tracks.length} is due.`);
    this.tracks.push(new TrackState(track, this.header.sampleRateHz));
    return null;
  }

  /** `null` when the sound is in its place; notes it. Its samples go into the hash before. */
  addSound({ type, track, atSample, frames }: SoundPlace): Verdict {
    const state = this.tracks[track];
    if (state === undefined) return unknownTrack(track);
    const end = type === 'audio' ? state.audioEnd : state.fillEnd;
    if (atSample < end)
      return refuse('take-order', `Sound of track ${track} at ${atSample} overlaps sound up to ${end}.`);
    const from = this.fromSample < 0 ? atSample : Math.min(this.fromSample, atSample);
    const to = Math.max(this.toSample, atSample + frames);
    if (to - from > LIMITS.seconds * this.header.sampleRateHz || to > LIMITS.atSample)
      return refuse('take-too-long', `A take spans at most ${LIMITS.seconds} s: begin another one.`);
    this.fromSample = from;
    this.toSample = to;
    if (type === 'audio') state.noteAudio(atSample, frames);
    else {
      state.fillEnd = atSample + frames;
      state.fillFrames += frames;
    }
    return null;
  }

  addSpan({ track, fromPacket, packets, fate }: LossRecord): Verdict {
    const state = this.tracks[track];
    if (state === undefined) return unknownTrack(track);
    if (state.spans >= LIMITS.spansPerTrack)
      return refuse('take-spans-too-many', `A loss map has at most ${LIMITS.spansPerTrack} stretches.`);
    if (fromPacket < state.spanEnd)
      return refuse('take-order', `The loss map of track ${track} goes back to packet ${fromPacket}.`);
    state.spans++;
    state.spanEnd = fromPacket + packets;
    state.packets[fate] += packets;
    return null;
  }

  addMidi({ track, atSample }: JmidRecord): Verdict {
    const state = this.tracks[track];
    if (state === undefined) return unknownTrack(track);
    if (state.midiEvents >= LIMITS.midiPerTrack)
      return refuse('take-midi-too-many', `A track has at most ${LIMITS.midiPerTrack} MIDI events.`);
    if (atSample < state.midiEnd)
      return refuse('take-order', `MIDI of track ${track} goes back to sample ${atSample}.`);
    state.midiEvents++;
    state.midiEnd = atSample;
    return null;
  }

  addBeat(beat: BeatRecord): Verdict {
    if (this.beats.length >= LIMITS.beats)
      return refuse('take-beats-too-many', `A take has at most ${LIMITS.beats} beat entries.`);
    this.beats.push(beat);
    return null;
  }
}

const LINE_FEED = Uint8Array.of(10);

function unknownTrack(track: number): Refusal<MultitrackCode> {
  return refuse('take-track-unknown', `Track ${track} was not announced before its records.`);
}
