import { ok, type Result } from '@jamnet/base';
import { checkMidiEvent, type MidiCode, type MidiEvent } from './midi-event.ts';

export interface MidiConcealerOptions {
  /** A note that sounds while a packet is lost is released so long after the loss unless its note-off comes. */
  readonly releaseAfterLossUs: number;
  /** No note sounds longer than this, loss or none. */
  readonly heldUsMax: number;
  /** A note-on that could only sound later than this after its time is left out. */
  readonly lateUsMax: number;
  /** After a loss a controller glides to its new value for so long instead of jumping. */
  readonly glideUs: number;
}

export const MIDI_DEFAULTS: MidiConcealerOptions = {
  releaseAfterLossUs: 500_000,
  heldUsMax: 60_000_000,
  lateUsMax: 150_000,
  glideUs: 10_000,
};

/** Steps of a glide. */
export const GLIDE_STEPS = 8;
/** A note whose beginning was put off still sounds so long. */
export const NOTE_LEAST_US = 5_000;

const CHANNELS = 16;
const KEYS = 128;
/** Per channel 128 controllers, then the pitch wheel. */
const WHEELS = 129;
const NONE = -1;

/**
 * What is lost or late among MIDI events, concealed: takes what arrives and says what is to sound and when. Its state
 * is one number per key and wheel, whatever comes. The caller plays each event at its `atUs` and calls {@link release}
 * at {@link nextUs}.
 */
export class MidiConcealer {
  readonly #options: MidiConcealerOptions;
  /** When each key's note began to sound, and when it is released at the latest. */
  readonly #since = new Float64Array(CHANNELS * KEYS).fill(NONE);
  readonly #releaseUs = new Float64Array(CHANNELS * KEYS).fill(Number.POSITIVE_INFINITY);
  readonly #values = new Int16Array(CHANNELS * WHEELS).fill(NONE);
  /** When the last value handed out for each wheel is reached, and whether a packet was lost since it came. */
  readonly #reachedUs = new Float64Array(CHANNELS * WHEELS);
  readonly #isDoubtful = new Uint8Array(CHANNELS * WHEELS);

  constructor(options: Partial<MidiConcealerOptions> = {}) {
    this.#options = { ...MIDI_DEFAULTS, ...options };
  }

  /**
   * An event that arrived at `nowUs`. If it is late and a note-on, it sounds at `forecastUs`, the next time at which
   * the groove expects a hit, when that is not too long after its own; `null`, or a time that has passed: at once.
   */
  receive(nowUs: number, event: MidiEvent, forecastUs: number | null = null): Result<MidiEvent[], MidiCode> {
    const checked = checkMidiEvent(event);
    if (!checked.ok) return checked;
    switch (event.kind) {
      case 'note-on':
        return ok(
          this.#strike(event, event.atUs >= nowUs ? event.atUs : Math.max(nowUs, forecastUs ?? nowUs)),
        );
      case 'note-off':
        return ok(this.#let(event.channel, event.note, Math.max(nowUs, event.atUs)));
      default:
        return ok(this.#turn(event, Math.max(nowUs, event.atUs)));
    }
  }

  /** A packet of events is given up at `nowUs`: every note that sounds may have lost its note-off. */
  lose(nowUs: number): void {
    const deadline = nowUs + this.#options.releaseAfterLossUs;
    for (let key = 0; key < this.#since.length; key++) {
      if (this.#since[key] !== NONE)
        this.#releaseUs[key] = Math.min(this.#releaseUs[key] ?? deadline, deadline);
    }
    this.#isDoubtful.fill(1);
  }

  /** When {@link release} has something to do next; infinite when nothing sounds. */
  nextUs(): number {
    return this.#releaseUs.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  }

  /** The note-offs of notes whose time is over at `nowUs`. */
  release(nowUs: number): MidiEvent[] {
    const played: MidiEvent[] = [];
    for (let key = 0; key < this.#since.length; key++) {
      if ((this.#releaseUs[key] ?? 0) <= nowUs)
        played.push(...this.#let(Math.floor(key / KEYS), key % KEYS, nowUs));
    }
    return played;
  }

  #strike(event: MidiEvent & { kind: 'note-on' }, wantedUs: number): MidiEvent[] {
    if (wantedUs - event.atUs > this.#options.lateUsMax) return [];
    const key = event.channel * KEYS + event.note;
    // Still sounding: its note-off was lost.
    const played = this.#let(event.channel, event.note, wantedUs);
    const atUs = Math.max(wantedUs, played[0]?.atUs ?? 0);
    this.#since[key] = atUs;
    this.#releaseUs[key] = atUs + this.#options.heldUsMax;
    return [...played, { ...event, atUs }];
  }

  /** Lets a key go, if it sounds: never before its note has been heard. */
  #let(channel: number, note: number, wantedUs: number): MidiEvent[] {
    const key = channel * KEYS + note;
    const since = this.#since[key] ?? NONE;
    if (since === NONE) return [];
    this.#since[key] = NONE;
    this.#releaseUs[key] = Number.POSITIVE_INFINITY;
    return [{ kind: 'note-off', channel, note, atUs: Math.max(wantedUs, since + NOTE_LEAST_US) }];
  }

  /** A wheel goes to its value: at once, or through steps in between when a packet was lost since its last one. */
  #turn(event: MidiEvent & { kind: 'controller' | 'pitch-bend' }, wantedUs: number): MidiEvent[] {
    const wheel = event.channel * WHEELS + (event.kind === 'controller' ? event.controller : WHEELS - 1);
    const from = this.#values[wheel] ?? NONE;
    const startUs = Math.max(wantedUs, this.#reachedUs[wheel] ?? 0);
    const steps = from !== NONE && this.#isDoubtful[wheel] === 1 ? GLIDE_STEPS : 1;
    const played: MidiEvent[] = [];
    let last = from;
    for (let step = 1; step <= steps; step++) {
      const value = steps === 1 ? event.value : Math.round(from + ((event.value - from) * step) / steps);
      if (value === last && step < steps) continue;
      last = value;
      const atUs = startUs + (steps === 1 ? 0 : Math.round((this.#options.glideUs * step) / steps));
      played.push({ ...event, value, atUs });
    }
    this.#values[wheel] = event.value;
    this.#isDoubtful[wheel] = 0;
    this.#reachedUs[wheel] = played.at(-1)?.atUs ?? startUs;
    return played;
  }
}
