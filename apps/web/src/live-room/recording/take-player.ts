import { type PlayheadStart, playheadAt } from '../../takes/playhead.ts';
import { readSound, type TrackSound } from './track-sound.ts';

/** Sound is read and handed to the card in pieces of this length. */
const PIECE_SECONDS = 2;
/** Handed over at most so far ahead: two or three pieces of each track are all that is in memory of a take of two hours. */
const AHEAD_SECONDS = 4;
const LOOK_EVERY_MS = 500;
/** Pieces begin so far ahead, so that those of all tracks begin on the same sample. */
const START_AHEAD_SECONDS = 0.05;
/** Long enough that a mute does not click. */
const MUTE_SECONDS = 0.004;

/** The parts of Web Audio that a player needs; an `AudioContext` of the take's own rate is one. */
export type PlayerContext = Pick<
  AudioContext,
  'currentTime' | 'destination' | 'resume' | 'createGain' | 'createBuffer' | 'createBufferSource'
>;

export interface TakePlayerParts {
  readonly context: PlayerContext;
  readonly tracks: readonly TrackSound[];
  /** Calls again and again; the answer stops it. */
  readonly every: (ms: number, act: () => void) => () => void;
  /** Played to its end, or its sound could not be read. */
  readonly ended: (failure: unknown) => void;
}

/** Plays all tracks of a take on one clock, read piece by piece; each can be muted while it plays. */
export class TakePlayer {
  readonly durationSeconds: number;
  readonly #parts: TakePlayerParts;
  readonly #gains: readonly GainNode[];
  readonly #muted = new Set<number>();
  #sources: AudioBufferSourceNode[] = [];
  #start: PlayheadStart | null = null;
  #restSeconds = 0;
  /** Handed to the card up to here. */
  #givenSeconds = 0;
  /** Grows when what was read before is not wanted any more. */
  #turn = 0;
  #isReading = false;
  #stopLooking: () => void = () => undefined;

  constructor(parts: TakePlayerParts) {
    this.#parts = parts;
    this.durationSeconds = Math.max(
      0,
      ...parts.tracks.map(({ frames, sampleRateHz }) => frames / sampleRateHz),
    );
    this.#gains = parts.tracks.map(() => {
      const gain = parts.context.createGain();
      gain.connect(parts.context.destination);
      return gain;
    });
  }

  get isPlaying(): boolean {
    return this.#start !== null;
  }

  /** Second of the take that sounds now. */
  get position(): number {
    if (this.#start === null) return this.#restSeconds;
    return playheadAt(this.#start, this.#parts.context.currentTime, null, this.durationSeconds);
  }

  isMuted(track: number): boolean {
    return this.#muted.has(track);
  }

  play(): void {
    if (this.isPlaying) return;
    if (this.#restSeconds >= this.durationSeconds) this.#restSeconds = 0;
    void this.#parts.context.resume();
    this.#begin(this.#restSeconds);
  }

  pause(): void {
    if (this.#start === null) return;
    this.#restSeconds = this.position;
    this.#silence();
  }

  /** 0 to the take's end. */
  seek(seconds: number): void {
    const to = Math.min(Math.max(0, seconds), this.durationSeconds);
    const wasPlaying = this.isPlaying;
    this.#silence();
    this.#restSeconds = to;
    if (wasPlaying) this.#begin(to);
  }

  setMuted(track: number, isMuted: boolean): void {
    const index = this.#parts.tracks.findIndex((each) => each.track === track);
    const gain = this.#gains[index]?.gain;
    if (gain === undefined) return;
    if (isMuted) this.#muted.add(track);
    else this.#muted.delete(track);
    gain.setTargetAtTime(isMuted ? 0 : 1, this.#parts.context.currentTime, MUTE_SECONDS);
  }

  dispose(): void {
    this.#silence();
    for (const gain of this.#gains) gain.disconnect();
  }

  #begin(offsetSeconds: number): void {
    this.#start = { offsetSeconds, startedAt: this.#parts.context.currentTime + START_AHEAD_SECONDS };
    this.#givenSeconds = offsetSeconds;
    this.#stopLooking = this.#parts.every(LOOK_EVERY_MS, () => void this.#look());
    void this.#look();
  }

  #silence(): void {
    this.#turn++;
    this.#stopLooking();
    for (const source of this.#sources) source.stop();
    this.#sources = [];
    this.#start = null;
  }

  async #look(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const turn = this.#turn;
    try {
      while (turn === this.#turn && this.#wantsMore) await this.#givePiece(turn);
      if (turn === this.#turn && this.position >= this.durationSeconds) this.#end(null);
    } catch (error) {
      if (turn === this.#turn) this.#end(error);
    } finally {
      this.#isReading = false;
    }
    // What was begun meanwhile waits for nobody.
    if (turn !== this.#turn && this.isPlaying) void this.#look();
  }

  get #wantsMore(): boolean {
    return this.#givenSeconds < Math.min(this.durationSeconds, this.position + AHEAD_SECONDS);
  }

  #end(failure: unknown): void {
    this.#restSeconds = failure === null ? this.durationSeconds : this.position;
    this.#silence();
    this.#parts.ended(failure);
  }

  async #givePiece(turn: number): Promise<void> {
    const from = this.#givenSeconds;
    const to = Math.min(this.durationSeconds, from + PIECE_SECONDS);
    const pieces = await Promise.all(
      this.#parts.tracks.map((track) => {
        const [first, end] = [Math.round(from * track.sampleRateHz), Math.round(to * track.sampleRateHz)];
        return readSound(track, first, end);
      }),
    );
    if (turn !== this.#turn || this.#start === null) return;
    const { context, tracks } = this.#parts;
    const due = this.#start.startedAt + from - this.#start.offsetSeconds;
    // Of what a slow disk gave too late only the rest is played: the tracks stay together.
    const late = Math.max(0, context.currentTime - due);
    pieces.forEach((samples, i) => {
      const rate = tracks[i]?.sampleRateHz ?? 0;
      const gain = this.#gains[i];
      if (gain === undefined || samples.length === 0 || late >= to - from) return;
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(samples, 0);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      source.start(due + late, late);
      source.onended = () => {
        this.#sources = this.#sources.filter((each) => each !== source);
      };
      this.#sources.push(source);
    });
    this.#givenSeconds = to;
  }
}
