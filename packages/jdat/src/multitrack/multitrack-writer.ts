import { assert, present } from '@jamnet/base';
import { joinedFates } from './loss-map.ts';
import {
  type BeatRecord,
  type JmidRecord,
  type LossRecord,
  MULTITRACK_LIMITS,
  type MultitrackHeader,
  type TrackRecord,
} from './multitrack.ts';
import { MultitrackState } from './multitrack-state.ts';
import { headerLine, recordLine } from './record-encode.ts';

/** Samples of one record: long blocks pack better, short ones are lost less when a machine dies. */
const RECORD_FRAMES = 8_192;

/**
 * Writes a multitrack take as it comes; each line goes to `emit` at once, without its line feed, and a file of the lines so far is a
 * take that can be read, recovered and continued. Keeps no sound.
 */
export class MultitrackWriter {
  readonly #state: MultitrackState;
  readonly #emit: (line: string) => void;
  /** Samples that overlapped what the track already had and were left out: a player who came back before being gone. */
  overlapFrames = 0;
  /** Records that went beyond a limit of the format and were left out. */
  refused = 0;

  static begin(header: MultitrackHeader, emit: (line: string) => void): MultitrackWriter {
    const writer = new MultitrackWriter(new MultitrackState(header), emit);
    writer.#put(headerLine(header));
    return writer;
  }

  /** Goes on where the lines that made `state` end. */
  static resume(state: MultitrackState, emit: (line: string) => void): MultitrackWriter {
    assert(!state.isEnded, 'the take is open');
    return new MultitrackWriter(state, emit);
  }

  private constructor(state: MultitrackState, emit: (line: string) => void) {
    this.#state = state;
    this.#emit = emit;
  }

  get state(): MultitrackState {
    return this.#state;
  }

  #put(line: string): void {
    this.#state.hashText(line);
    this.#emit(line);
  }

  /**
   * The number of the track of this player, role and sound: the one that is there where bits, packets and consent are as before and
   * the new packets lie on its grid, else a new one. −1 when the take has no room for another.
   */
  track(wanted: Omit<TrackRecord, 'type' | 'track'>): number {
    const known = this.#state.tracks.find(({ track }) => isContinued(track, wanted));
    if (known !== undefined) return known.track.track;
    const record: TrackRecord = { type: 'track', track: this.#state.tracks.length, ...wanted };
    if (this.#state.addTrack(record) !== null) {
      this.refused++;
      return -1;
    }
    this.#put(recordLine(record, null));
    return record.track;
  }

  /** Sound of a track from `atSample` on, in order; what overlaps the track's end is left out and counted. */
  sound(type: 'audio' | 'fill', track: number, atSample: number, samples: Int32Array): void {
    const state = present(this.#state.tracks[track], 'a track of this take');
    const end = type === 'audio' ? state.audioEnd : state.fillEnd;
    const skipped = Math.min(samples.length, Math.max(0, end - atSample));
    this.overlapFrames += skipped;
    for (let at = skipped; at < samples.length; at += RECORD_FRAMES)
      this.#block(type, track, atSample + at, samples.subarray(at, at + RECORD_FRAMES));
  }

  #block(type: 'audio' | 'fill', track: number, atSample: number, samples: Int32Array): void {
    const state = present(this.#state.tracks[track], 'a track of this take');
    const { sampleRateHz } = this.#state.header;
    // A refusal changes nothing, but the hash must know the sound before its place is noted.
    const wouldEnd = Math.max(this.#state.toSample, atSample + samples.length);
    const from = this.#state.fromSample < 0 ? atSample : Math.min(this.#state.fromSample, atSample);
    if (wouldEnd - from > MULTITRACK_LIMITS.seconds * sampleRateHz || wouldEnd > MULTITRACK_LIMITS.atSample) {
      this.refused++;
      return;
    }
    if (type === 'audio') state.hashAudio(atSample, samples);
    const frames = samples.length;
    const refused = this.#state.addSound({ type, track, atSample, frames });
    assert(refused === null, 'sound was checked before it was hashed');
    const { bits } = state.track;
    this.#put(recordLine({ type, track, atSample, frames, samples }, { bits, sampleRateHz }));
  }

  /** What became of the packets from `fromPacket` on, one value each: `null` for one that simply came. */
  fates(track: number, fromPacket: number, fates: readonly (LossRecord['fate'] | null)[]): void {
    for (const span of joinedFates(track, fromPacket, fates)) {
      if (this.#state.addSpan(span) === null) this.#put(recordLine(span, null));
      else this.refused++;
    }
  }

  midi(event: Omit<JmidRecord, 'type'>): void {
    const record: JmidRecord = { type: 'midi', ...event };
    if (this.#state.addMidi(record) === null) this.#put(recordLine(record, null));
    else this.refused++;
  }

  /** An entry that is already there changes nothing. */
  beat(entry: Omit<BeatRecord, 'type'>): void {
    if (this.#state.beats.some(({ id }) => id === entry.id)) return;
    const record: BeatRecord = { type: 'beat', ...entry };
    if (this.#state.addBeat(record) === null) this.#put(recordLine(record, null));
    else this.refused++;
  }

  /** Closes the take with its hashes; nothing may follow. */
  end(): void {
    const { sha256, contents } = this.#state;
    this.#state.isEnded = true;
    this.#emit(recordLine({ type: 'end', sha256, contents }, null));
  }
}

function isContinued(known: TrackRecord, wanted: Omit<TrackRecord, 'type' | 'track'>): boolean {
  const { record, train, strangers } = wanted.consent;
  return (
    known.player === wanted.player &&
    known.role === wanted.role &&
    known.from === wanted.from &&
    known.bits === wanted.bits &&
    known.packetFrames === wanted.packetFrames &&
    known.consent.record === record &&
    known.consent.train === train &&
    known.consent.strangers === strangers &&
    wanted.firstSample >= known.firstSample &&
    (wanted.firstSample - known.firstSample) % known.packetFrames === 0
  );
}
