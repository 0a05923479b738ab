import type { MidiEvent } from './midi-event.ts';

/** Steps of a glide. */
export const GLIDE_STEPS = 8;

const CHANNELS = 16;
/** Per channel 128 controllers, then the pitch wheel. */
const WHEELS = 129;
const NONE = -1;
/** MIDI 1.0, table of controllers: the sustain pedal; values from 64 on are down. */
const SUSTAIN = 64;
const DOWN = 64;

type Turn = MidiEvent & { readonly kind: 'controller' | 'pitch-bend' };

/**
 * The controllers and pitch wheels of 16 channels: after a loss a wheel glides to its next value instead of jumping, and a
 * sustain pedal whose rise may have been lost is let go.
 */
export class Wheels {
  readonly #glideUs: number;
  readonly #values = new Int16Array(CHANNELS * WHEELS).fill(NONE);
  /** When the last value handed out for each wheel is reached, and whether a packet was lost since it came. */
  readonly #reachedUs = new Float64Array(CHANNELS * WHEELS);
  readonly #isDoubtful = new Uint8Array(CHANNELS * WHEELS);
  readonly #pedalUs = new Float64Array(CHANNELS).fill(Number.POSITIVE_INFINITY);

  constructor(glideUs: number) {
    this.#glideUs = glideUs;
  }

  /** A packet of events is lost: no value is sure, and a pedal that is down is let go at `deadlineUs`. */
  doubt(deadlineUs: number): void {
    this.#isDoubtful.fill(1);
    for (let channel = 0; channel < CHANNELS; channel++) {
      if ((this.#values[channel * WHEELS + SUSTAIN] ?? 0) >= DOWN)
        this.#pedalUs[channel] = Math.min(this.#pedalUs[channel] ?? deadlineUs, deadlineUs);
    }
  }

  /** A wheel goes to its value: at once, or through steps in between when a packet was lost since its last one. */
  turn(event: Turn, wantedUs: number): MidiEvent[] {
    const wheel = event.channel * WHEELS + (event.kind === 'controller' ? event.controller : WHEELS - 1);
    if (event.kind === 'controller' && event.controller === SUSTAIN)
      this.#pedalUs[event.channel] = Number.POSITIVE_INFINITY;
    const from = this.#values[wheel] ?? NONE;
    const startUs = Math.max(wantedUs, this.#reachedUs[wheel] ?? 0);
    const steps = from !== NONE && this.#isDoubtful[wheel] === 1 && isContinuous(event) ? GLIDE_STEPS : 1;
    const played: MidiEvent[] = [];
    let last = from;
    for (let step = 1; step <= steps; step++) {
      const value = steps === 1 ? event.value : Math.round(from + ((event.value - from) * step) / steps);
      if (value === last && step < steps) continue;
      last = value;
      const atUs = startUs + (steps === 1 ? 0 : Math.round((this.#glideUs * step) / steps));
      played.push({ ...event, value, atUs });
    }
    this.#values[wheel] = event.value;
    this.#isDoubtful[wheel] = 0;
    this.#reachedUs[wheel] = played.at(-1)?.atUs ?? startUs;
    return played;
  }

  /** When {@link release} lets a pedal go next. */
  nextUs(): number {
    return this.#pedalUs.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  }

  release(nowUs: number): MidiEvent[] {
    const played: MidiEvent[] = [];
    for (let channel = 0; channel < CHANNELS; channel++) {
      if ((this.#pedalUs[channel] ?? 0) > nowUs) continue;
      played.push(
        ...this.turn({ kind: 'controller', channel, controller: SUSTAIN, value: 0, atUs: nowUs }, nowUs),
      );
    }
    return played;
  }
}

/**
 * Values between two values mean something: not for bank select and the numbers and data of parameters (0, 6, 32, 38,
 * 96–101), for switches (64–69) and for channel modes (120–127).
 */
function isContinuous(event: Turn): boolean {
  if (event.kind === 'pitch-bend') return true;
  const number = event.controller;
  if (number === 0 || number === 6 || number === 32 || number === 38) return false;
  return !(number >= 64 && number <= 69) && !(number >= 96 && number <= 101) && number < 120;
}
