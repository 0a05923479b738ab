import type { MidiEvent } from '@jamnet/toast';

/** Messages that leave in one period at most: a file may begin with a thousand settings. */
export const PER_PERIOD_MAX = 32;

/** Hands out the notes of a file as their time comes, and knows which still sound. */
export class MidiSource {
  readonly #events: readonly MidiEvent[];
  readonly #held = new Set<number>();
  #next = 0;

  constructor(events: readonly MidiEvent[]) {
    this.#events = events;
  }

  /** Nothing is left to play or to end. */
  get isSilent(): boolean {
    return this.#next >= this.#events.length && this.#held.size === 0;
  }

  /** Sends what lies before `sample`, counted from the file's beginning. */
  play(sample: number, send: (event: MidiEvent) => void): void {
    for (let sent = 0; sent < PER_PERIOD_MAX; sent++) {
      const event = this.#events[this.#next];
      if (event === undefined || event.atSample >= sample) return;
      this.#next++;
      this.#note(event.message);
      send(event);
    }
  }

  /** Plays no more, and ends what sounds. */
  stop(sample: number, send: (event: MidiEvent) => void): void {
    this.#next = this.#events.length;
    for (const place of this.#held)
      send({ atSample: sample, message: Uint8Array.of(0x80 | (place >> 7), place & 127, 0) });
    this.#held.clear();
  }

  #note([status = 0, note = 0, velocity = 0]: Uint8Array): void {
    const place = ((status & 15) << 7) | note;
    const kind = status & 0xf0;
    if (kind === 0x90 && velocity > 0) this.#held.add(place);
    else if (kind === 0x80 || kind === 0x90) this.#held.delete(place);
  }
}
