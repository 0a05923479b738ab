import { MIDI_EVENTS_MAX } from '../limits.ts';
import type { MidiBody, MidiEvent } from '../wire/midi-body.ts';

/** Datagrams that carry each event: with 5 % random loss one event in three million is lost. */
const CARRIED = 5;
const REPEAT_US = 10_000;
/** While notes are held: so often a sign of life. */
const LIFE_US = 100_000;
/**
 * Who sends no sound shows by such signs that none of the notes is missing: without them a listener could not tell a stroke that is
 * lost from one that was not played. 50 small datagrams a second, for six beats of the slowest tempo (20 a minute) after each event.
 */
const SIGN_US = 20_000;
const SIGNED_US = 18_000_000;

/** JMID out: every datagram carries the last events, and repeats follow when no new event brings them along. */
export class MidiSender {
  readonly #recent: MidiEvent[] = [];
  /** Number of the next event. */
  #next = 0;
  #repeats = 0;
  #dueUs = Number.POSITIVE_INFINITY;
  #held = 0;
  #signsUntilUs = 0;

  /** Takes an event and answers what to send now. */
  add(nowUs: number, event: MidiEvent): MidiBody {
    this.#recent.push(event);
    if (this.#recent.length > MIDI_EVENTS_MAX) this.#recent.shift();
    this.#next++;
    this.#countHeld(event.message);
    this.#repeats = CARRIED - 1;
    this.#dueUs = nowUs + REPEAT_US;
    this.#signsUntilUs = nowUs + SIGNED_US;
    return this.#body();
  }

  /** What to send at `nowUs`, or `null`. `hasSound`: packets of sound say themselves that nothing is missing. */
  tick(nowUs: number, hasSound = true): MidiBody | null {
    if (nowUs < this.#dueUs) return null;
    const isRepeat = this.#repeats > 0;
    if (isRepeat) this.#repeats--;
    const isSigned = !hasSound && nowUs < this.#signsUntilUs;
    this.#dueUs = nowUs + this.#pauseUs(isSigned);
    return isRepeat || isSigned || this.#held > 0 ? this.#body() : null;
  }

  #pauseUs(isSigned: boolean): number {
    if (this.#repeats > 0) return REPEAT_US;
    if (isSigned) return SIGN_US;
    return this.#held > 0 ? LIFE_US : Number.POSITIVE_INFINITY;
  }

  get nextTickUs(): number {
    return this.#dueUs;
  }

  #body(): MidiBody {
    return { first: this.#next - this.#recent.length, events: [...this.#recent] };
  }

  #countHeld(message: Uint8Array): void {
    const kind = (message[0] ?? 0) & 0xf0;
    const isOn = kind === 0x90 && (message[2] ?? 0) > 0;
    const isOff = kind === 0x80 || (kind === 0x90 && message[2] === 0);
    if (isOn) this.#held++;
    else if (isOff) this.#held = Math.max(0, this.#held - 1);
  }
}
