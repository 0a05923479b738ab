/** How often the place was written, then its characters, as 32-bit cells; `[IPv6 address]:port` fits. */
const CHARACTERS_MAX = 64;
const [VERSION, LENGTH, TEXT] = [0, 1, 2];
export const PLACE_BYTES = 4 * (TEXT + CHARACTERS_MAX);

/** Where the room's relay is reached, as one thread tells another that runs no event loop. */
export class PlaceCell {
  readonly #cells: Int32Array;
  #seen = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory, 0, PLACE_BYTES / 4);
  }

  /** An odd version says that a text is being written. */
  write(text: string): void {
    const length = Math.min(text.length, CHARACTERS_MAX);
    Atomics.add(this.#cells, VERSION, 1);
    Atomics.store(this.#cells, LENGTH, length);
    for (let i = 0; i < length; i++) Atomics.store(this.#cells, TEXT + i, text.charCodeAt(i));
    Atomics.add(this.#cells, VERSION, 1);
  }

  /** A text that was written since the last look, else `null`. */
  read(): string | null {
    const version = Atomics.load(this.#cells, VERSION);
    if (version === this.#seen || version % 2 === 1) return null;
    let text = '';
    const length = Atomics.load(this.#cells, LENGTH);
    for (let i = 0; i < length; i++) text += String.fromCharCode(Atomics.load(this.#cells, TEXT + i));
    if (Atomics.load(this.#cells, VERSION) !== version) return null;
    this.#seen = version;
    return text;
  }
}
