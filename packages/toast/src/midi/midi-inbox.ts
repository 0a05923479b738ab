import { assert, Ring } from '@jamnet/base';
import { MIDI_QUEUE_MAX } from '../limits.ts';
import type { MidiBody, MidiEvent } from '../wire/midi-body.ts';

/** A sender of held notes who is silent for so long has gone: its notes end. */
const SILENCE_US_MAX = 600_000;
const CHANNELS = 16;
const NOTES = 128;

/** JMID in: each event once and in order; notes end when events are lost for good or the sender goes. */
export class MidiInbox {
  /** For the shell, oldest first. */
  readonly events = new Ring<MidiEvent>(MIDI_QUEUE_MAX);
  /** Events that no copy brought, and times that held notes were ended because of it or of silence. */
  lost = 0;
  released = 0;
  readonly #held = new Uint8Array(CHANNELS * NOTES);
  #heldCount = 0;
  #next = -1;
  #heardUs = -1;

  /** When a datagram came last, by the clock of {@link take}; −1 before the first. */
  get heardUs(): number {
    return this.#heardUs;
  }

  take(nowUs: number, body: MidiBody): void {
    this.#heardUs = nowUs;
    const end = body.first + body.events.length;
    if (this.#next < 0) this.#next = body.first;
    if (body.first > this.#next) {
      // A lost message may have been the end of a note.
      this.lost += body.first - this.#next;
      this.releaseAll(body.events[0]?.atSample ?? 0);
      this.#next = body.first;
    }
    for (; this.#next < end; this.#next++) {
      const event = body.events[this.#next - body.first];
      if (event !== undefined) this.#deliver(event);
    }
  }

  /** Ends the notes of a sender that has been silent too long; `atSample` is now on the timeline. */
  tick(nowUs: number, atSample: number): void {
    if (this.#heldCount > 0 && nowUs - this.#heardUs > SILENCE_US_MAX) this.releaseAll(atSample);
  }

  /** Ends every note that sounds; where the queue has not room for that, what waits in it is dropped. */
  releaseAll(atSample: number): void {
    if (this.#heldCount === 0) return;
    if (this.events.length + this.#heldCount > MIDI_QUEUE_MAX) this.#drop();
    this.released++;
    for (let place = 0; place < this.#held.length; place++) {
      if (this.#held[place] === 0) continue;
      const end = Uint8Array.of(0x80 | (place >> 7), place & 127, 0);
      assert(
        this.events.push({ atSample, message: end }),
        'an empty queue has room for the end of each note',
      );
      this.#held[place] = 0;
    }
    this.#heldCount = 0;
  }

  /** Empties the queue. A note whose end was in it may sound: it is held again until it is ended. */
  #drop(): void {
    for (let event = this.events.shift(); event !== undefined; event = this.events.shift())
      this.#holdEnded(event);
  }

  #holdEnded({ message: [status = 0, note = 0] }: MidiEvent): void {
    const kind = status & 0xf0;
    if (kind === 0x80 || kind === 0x90) this.#mark((status & 15) * NOTES + note, 1);
  }

  #deliver(event: MidiEvent): void {
    const [status = 0, note = 0, velocity = 0] = event.message;
    const kind = status & 0xf0;
    const place = (status & 15) * NOTES + note;
    if (kind === 0x90 && velocity > 0) this.#mark(place, 1);
    else if (kind === 0x80 || kind === 0x90) this.#mark(place, 0);
    // A full queue must not hold a note for ever: the shell stopped reading, the notes it knows of end.
    if (!this.events.push(event)) {
      this.#drop();
      this.#holdEnded(event);
      this.releaseAll(event.atSample);
    }
  }

  #mark(place: number, isHeld: 0 | 1): void {
    if (place >= this.#held.length) return;
    this.#heldCount += isHeld - (this.#held[place] ?? 0);
    this.#held[place] = isHeld;
  }
}
