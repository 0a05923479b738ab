import { MidiConcealer, type MidiConcealerOptions } from './midi-concealer.ts';
import type { MidiEvent } from './midi-event.ts';
import { eventOfMessage, messageOfEvent } from './midi-message.ts';

/** A hit that is expected; `pitch` as a drum kit has it. */
export interface ExpectedHit {
  readonly pitch: number;
  /** 1 … 127. */
  readonly velocity: number;
  readonly atUs: number;
}

/** Who knows how this player's drums go on: `ExpectedHits` of the package groove is one. Times on the play-out clock, µs. */
export interface HitForecast {
  /** A hit, at the time at which it was played. */
  hear(pitch: number, atUs: number, velocity: number): void;
  /** The hits that are likely in `[fromUs, toUs)`. */
  between(fromUs: number, toUs: number): readonly ExpectedHit[];
  /** The next time from `fromUs` on at which a hit of this drum is likely, or `null`. */
  nextUs(pitch: number, fromUs: number): number | null;
}

export interface MidiEarOptions extends Partial<MidiConcealerOptions> {
  readonly forecast?: HitForecast;
}

/** General MIDI: drums play on channel 10, counted from 1. */
const DRUMS = 9;
/** What waits to be played; past this only ends of notes are taken, of which there are no more than notes. */
export const MIDI_WAITING_MAX = 1_024;
/** A drum hit that is no later than this sounds at once: nearer to its time than any later hit of the groove, and not yet heard as a flam. */
const AT_ONCE_US = 20_000;
/** Hits that may be foretold in one turn, one for each drum class and two for safety. */
const FORETOLD_MAX = 11;

interface Waiting {
  readonly atUs: number;
  readonly message: Uint8Array;
}

/**
 * The listener's side of one player's MIDI: takes messages as they come, in any order of time, and plays them in order,
 * each once, with what was lost or late concealed. One turn of the caller: {@link take} for each message, {@link lose}
 * when messages are gone for good, then {@link play}.
 */
export class MidiEar {
  readonly #concealer: MidiConcealer;
  readonly #forecast: HitForecast | undefined;
  /** In order of time; of equals the first to come is the first to play. */
  readonly #waiting: Waiting[] = [];
  /** Hits that sounded at their forecast time because they had not come. */
  foretold = 0;
  #playedUs = Number.NaN;

  constructor({ forecast, ...options }: MidiEarOptions = {}) {
    this.#concealer = new MidiConcealer(options);
    this.#forecast = forecast;
  }

  /** A message to be heard at `atUs`, which arrived at `nowUs`, both µs of the play-out clock; a damaged one is left out. */
  take(nowUs: number, message: Uint8Array, atUs: number): void {
    const event = eventOfMessage(message, Math.max(0, Math.round(atUs)));
    if (this.#waiting.length >= MIDI_WAITING_MAX && event?.kind !== 'note-off') return;
    if (event === null) {
      this.#wait({ atUs: Math.max(nowUs, atUs), message });
      return;
    }
    const isDrum = event.kind === 'note-on' && event.channel === DRUMS;
    const forecast = isDrum ? this.#forecast : undefined;
    const nextUs = isDrum && event.atUs < nowUs - AT_ONCE_US ? forecast?.nextUs(event.note, nowUs) : null;
    const result = this.#concealer.receive(nowUs, event, nextUs ?? null);
    if (!result.ok) return;
    if (isDrum) forecast?.hear(event.note, event.atUs, event.velocity);
    this.#waitAll(result.value);
  }

  /** Messages are gone for good, as numbers in a row tell. */
  lose(nowUs: number): void {
    this.#concealer.lose(nowUs);
  }

  /**
   * Plays what is due at `nowUs`. `isCutOff`: nothing has come from this player lately, his sound is concealed too; then
   * likely hits sound at their forecast time.
   */
  play(nowUs: number, isCutOff: boolean, sink: (message: Uint8Array, atUs: number) => void): void {
    if (isCutOff) this.#foretell(nowUs);
    this.#playedUs = nowUs;
    this.#waitAll(this.#concealer.release(nowUs));
    while (this.#waiting.length > 0) {
      const [next] = this.#waiting;
      if (next === undefined || next.atUs > nowUs) return;
      this.#waiting.shift();
      sink(next.message, next.atUs);
    }
  }

  #foretell(nowUs: number): void {
    // The first turn has no past to look back on.
    const fromUs = this.#playedUs;
    if (!(fromUs < nowUs)) return;
    const expected = this.#forecast?.between(fromUs, nowUs) ?? [];
    for (const { pitch, velocity, atUs } of expected.slice(0, FORETOLD_MAX)) {
      const hit = { kind: 'note-on', channel: DRUMS, note: pitch, velocity, atUs } as const;
      const result = this.#concealer.foretell(nowUs, hit);
      if (!result.ok) continue;
      // Nothing comes where the hit has sounded anyway.
      if (result.value.length > 0) this.foretold++;
      this.#waitAll(result.value);
    }
  }

  #waitAll(events: readonly MidiEvent[]): void {
    for (const event of events) this.#wait({ atUs: event.atUs, message: messageOfEvent(event) });
  }

  #wait(waiting: Waiting): void {
    let place = this.#waiting.length;
    while (place > 0 && (this.#waiting[place - 1]?.atUs ?? 0) > waiting.atUs) place--;
    this.#waiting.splice(place, 0, waiting);
  }
}
