import { concatBytes } from '@jamnet/base';

const LINE_FEED = 10;

/** Cuts a stream of bytes into lines. What waits for its line feed is at most `bytesMax` + 1 bytes: a longer line comes out cut there. */
export class LineSplitter {
  readonly #bytesMax: number;
  #rest = new Uint8Array(0);
  /** Bytes up to and with the last line feed. */
  wholeBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  *push(bytes: Uint8Array): Iterable<Uint8Array> {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      const line = concatBytes(this.#rest, bytes.subarray(from, at));
      this.#rest = new Uint8Array(0);
      from = at + 1;
      this.wholeBytes += line.length + 1;
      yield line;
    }
    const rest = bytes.subarray(from, from + this.#bytesMax + 1 - this.#rest.length);
    this.#rest = concatBytes(this.#rest, rest) as Uint8Array<ArrayBuffer>;
    if (this.#rest.length > this.#bytesMax) yield this.#rest;
  }

  /** What came behind the last line feed: a line that was cut off. */
  get rest(): Uint8Array {
    return this.#rest;
  }
}
