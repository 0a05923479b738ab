import { ok, type Result } from '@jamnet/base';
import { checkMidiEvent, type MidiCode, type MidiEvent } from './midi-event.ts';
import { Wheels } from './wheels.ts';

export interface MidiConcealerOptions {
  /** What sounds while a packet is lost is released so long after the loss unless its end comes. */
  readonly releaseAfterLossUs: number;
  /** No note sounds longer than this, loss or none. */
  readonly heldUsMax: number;
  /** A note-on that could only sound later than this after its time is left out. */
  readonly lateUsMax: number;
  /** After a loss a controller glides to its new value for so long instead of jumping. */
  readonly glideUs: number;
  /** A hit that comes this near to one that was foretold and played is that hit: half a sixteenth at 120 beats a minute. */
  readonly sameHitUs: number;
}

export const MIDI_DEFAULTS: MidiConcealerOptions = {
  releaseAfterLossUs: 500_000,
  heldUsMax: 60_000_000,
  lateUsMax: 150_000,
  glideUs: 10_000,
  sameHitUs: 62_500,
};

/** A note whose beginning was put off still sounds so long. */
export const NOTE_LEAST_US = 5_000;

const CHANNELS = 16;
const KEYS = 128;
const NONE = -1;
/** MIDI 1.0, channel mode messages: all sound off, all notes off. */
const ALL_SOUND_OFF = 120;
const ALL_NOTES_OFF = 123;

type NoteOn = MidiEvent & { readonly kind: 'note-on' };

/**
 * What is lost or late among MIDI events, concealed: takes what arrives and says what is to sound and when. Its state
 * is a few numbers per key and wheel, whatever comes. The caller plays each event at its `atUs` and calls {@link release}
 * at {@link nextUs}.
 */
export class MidiConcealer {
  readonly #options: MidiConcealerOptions;
  /** When each key's note began to sound, and when it is released at the latest. */
  readonly #since = new Float64Array(CHANNELS * KEYS).fill(NONE);
  readonly #releaseUs = new Float64Array(CHANNELS * KEYS).fill(Number.POSITIVE_INFINITY);
  /** When a hit was played that had been foretold and has not come, and when the last hit of a key was to sound. */
  readonly #foretoldUs = new Float64Array(CHANNELS * KEYS).fill(NONE);
  readonly #struckUs = new Float64Array(CHANNELS * KEYS).fill(Number.NEGATIVE_INFINITY);
  /** When the key was let go last, on the play-out clock: it is not struck again before. */
  readonly #endedUs = new Float64Array(CHANNELS * KEYS);
  readonly #wheels: Wheels;

  constructor(options: Partial<MidiConcealerOptions> = {}) {
    this.#options = { ...MIDI_DEFAULTS, ...options };
    this.#wheels = new Wheels(this.#options.glideUs);
  }

  /**
   * An event that arrived at `nowUs`. If it is late and a note-on, and was not played when it was foretold, it sounds at
   * `forecastUs`, the next time at which the groove expects a hit, when that is not too long after its own; `null`, or a
   * time that has passed: at once.
   */
  receive(nowUs: number, event: MidiEvent, forecastUs: number | null = null): Result<MidiEvent[], MidiCode> {
    const checked = checkMidiEvent(event);
    if (!checked.ok) return checked;
    const inTimeUs = Math.max(nowUs, event.atUs);
    switch (event.kind) {
      case 'note-on':
        if (this.#hasSounded(event)) return ok([]);
        return ok(
          this.#strike(event, event.atUs >= nowUs ? event.atUs : Math.max(nowUs, forecastUs ?? nowUs)),
        );
      case 'note-off':
        return ok(this.#let(event.channel, event.note, inTimeUs));
      case 'controller':
        return ok([...this.#endByMode(event, inTimeUs), ...this.#wheels.turn(event, inTimeUs)]);
      case 'pitch-bend':
        return ok(this.#wheels.turn(event, inTimeUs));
    }
  }

  /**
   * The groove expects a hit at `event.atUs`, that time has come and nothing has: it sounds now. When it arrives after
   * all it is not struck twice; when it never does it is released as after a loss. Nothing sounds where the key was
   * struck that near anyway.
   */
  foretell(nowUs: number, event: NoteOn): Result<MidiEvent[], MidiCode> {
    const checked = checkMidiEvent(event);
    if (!checked.ok) return checked;
    const key = event.channel * KEYS + event.note;
    if (Math.abs(event.atUs - (this.#struckUs[key] ?? 0)) <= this.#options.sameHitUs) return ok([]);
    const played = this.#strike(event, Math.max(nowUs, event.atUs));
    const atUs = played.at(-1)?.atUs;
    if (atUs === undefined) return ok([]);
    this.#foretoldUs[key] = event.atUs;
    this.#releaseUs[key] = atUs + this.#options.releaseAfterLossUs;
    return ok(played);
  }

  /** A packet of events is given up at `nowUs`: every note that sounds may have lost its note-off. */
  lose(nowUs: number): void {
    const deadline = nowUs + this.#options.releaseAfterLossUs;
    for (let key = 0; key < this.#since.length; key++) {
      if (this.#since[key] !== NONE)
        this.#releaseUs[key] = Math.min(this.#releaseUs[key] ?? deadline, deadline);
    }
    this.#wheels.doubt(deadline);
  }

  /** When {@link release} has something to do next; infinite when nothing sounds. */
  nextUs(): number {
    return this.#releaseUs.reduce((least, time) => Math.min(least, time), this.#wheels.nextUs());
  }

  /** The note-offs of notes, and the rise of pedals, whose time is over at `nowUs`. */
  release(nowUs: number): MidiEvent[] {
    const played: MidiEvent[] = [];
    for (let key = 0; key < this.#since.length; key++) {
      if ((this.#releaseUs[key] ?? 0) <= nowUs)
        played.push(...this.#let(Math.floor(key / KEYS), key % KEYS, nowUs));
    }
    return [...played, ...this.#wheels.release(nowUs)];
  }

  /** Whether this hit was played when it was foretold; from then on it counts as its note. */
  #hasSounded(event: NoteOn): boolean {
    const key = event.channel * KEYS + event.note;
    const foretoldUs = this.#foretoldUs[key] ?? NONE;
    if (foretoldUs === NONE || Math.abs(event.atUs - foretoldUs) > this.#options.sameHitUs) return false;
    this.#foretoldUs[key] = NONE;
    this.#struckUs[key] = event.atUs;
    const since = this.#since[key] ?? NONE;
    if (since !== NONE) this.#releaseUs[key] = since + this.#options.heldUsMax;
    return true;
  }

  #strike(event: NoteOn, wantedUs: number): MidiEvent[] {
    if (wantedUs - event.atUs > this.#options.lateUsMax) return [];
    const key = event.channel * KEYS + event.note;
    // Still sounding: its note-off was lost.
    const played = this.#let(event.channel, event.note, wantedUs);
    const atUs = Math.max(wantedUs, this.#endedUs[key] ?? 0);
    this.#since[key] = atUs;
    this.#releaseUs[key] = atUs + this.#options.heldUsMax;
    this.#struckUs[key] = event.atUs;
    this.#foretoldUs[key] = NONE;
    return [...played, { ...event, atUs }];
  }

  /** Lets a key go, if it sounds: never before its note has been heard. */
  #let(channel: number, note: number, wantedUs: number): MidiEvent[] {
    const key = channel * KEYS + note;
    const since = this.#since[key] ?? NONE;
    if (since === NONE) return [];
    this.#since[key] = NONE;
    this.#releaseUs[key] = Number.POSITIVE_INFINITY;
    const atUs = Math.max(wantedUs, since + NOTE_LEAST_US);
    this.#endedUs[key] = atUs;
    return [{ kind: 'note-off', channel, note, atUs }];
  }

  #endByMode(event: MidiEvent & { readonly kind: 'controller' }, atUs: number): MidiEvent[] {
    if (event.controller !== ALL_SOUND_OFF && event.controller < ALL_NOTES_OFF) return [];
    const played: MidiEvent[] = [];
    for (let note = 0; note < KEYS; note++) played.push(...this.#let(event.channel, note, atUs));
    return played;
  }
}
