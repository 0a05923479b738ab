const CHANNELS = 16;
const NOTES = 128;

/** The notes that were begun and not ended on one cable, so that whoever closes it can end them. */
export class HeldNotes {
  readonly #held = new Set<number>();

  /** Takes a MIDI 1.0 message that went through. */
  note(message: Uint8Array): void {
    const [status = 0, note = 0, velocity = 0] = message;
    const kind = status & 0xf0;
    const place = (status & 15) * NOTES + note;
    if (note >= NOTES || (status & 15) >= CHANNELS) return;
    if (kind === 0x90 && velocity > 0) this.#held.add(place);
    else if (kind === 0x80 || kind === 0x90) this.#held.delete(place);
    // Controllers 120 and 123: all sound off, all notes off.
    else if (kind === 0xb0 && (note === 120 || note === 123))
      for (const each of [...this.#held]) if (each >> 7 === (status & 15)) this.#held.delete(each);
  }

  /** The messages that end all of them; afterwards none is held. */
  release(): readonly Uint8Array[] {
    const ends = [...this.#held].map((place) => Uint8Array.of(0x80 | (place >> 7), place & 127, 0));
    this.#held.clear();
    return ends;
  }
}
