/** Bytes before a frame's head: u32 length of the head, u32 length of the body, little-endian. */
const PREFIX_BYTES = 8;
/** A head is a few fields and a sentence. */
const HEAD_BYTES_MAX = 4096;

export interface Frame {
  /** JSON. */
  readonly head: string;
  readonly body: Uint8Array;
}

/** The pieces of a frame, to be written one after the other. */
export function encodeFrame(head: object, body: Uint8Array): [Uint8Array, Uint8Array] {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = new Uint8Array(PREFIX_BYTES + text.length);
  const view = new DataView(start.buffer);
  view.setUint32(0, text.length, true);
  view.setUint32(4, body.length, true);
  start.set(text, PREFIX_BYTES);
  return [start, body];
}

/**
 * Frames from a stream of bytes. It reserves no more than `bodyBytesMax` says at that moment, whatever the other side
 * announces: a frame that announces more ends the reading for good.
 */
export class FrameReader {
  readonly #bodyBytesMax: () => number;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  /** Bytes of the frame, or of its prefix, that are there. */
  #have = 0;
  #headBytes = 0;
  /** Head and body; `null` while the prefix is read. */
  #frame: Uint8Array | null = null;
  #broken = false;

  constructor(bodyBytesMax: () => number) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** The frames that end in these bytes; `null`: the other side breaks its limits. */
  push(bytes: Uint8Array): Frame[] | null {
    const frames: Frame[] = [];
    let offset = 0;
    while (!this.#broken && offset < bytes.length) {
      const target = this.#frame ?? this.#prefix;
      const count = Math.min(target.length - this.#have, bytes.length - offset);
      target.set(bytes.subarray(offset, offset + count), this.#have);
      offset += count;
      this.#have += count;
      if (this.#have === target.length) this.#filled(frames);
    }
    return this.#broken ? null : frames;
  }

  #filled(frames: Frame[]): void {
    this.#have = 0;
    if (this.#frame) {
      const head = new TextDecoder().decode(this.#frame.subarray(0, this.#headBytes));
      frames.push({ head, body: this.#frame.subarray(this.#headBytes) });
      this.#frame = null;
      return;
    }
    const view = new DataView(this.#prefix.buffer);
    const [headBytes, bodyBytes] = [view.getUint32(0, true), view.getUint32(4, true)];
    this.#broken = headBytes === 0 || headBytes > HEAD_BYTES_MAX || bodyBytes > this.#bodyBytesMax();
    if (this.#broken) return;
    this.#headBytes = headBytes;
    this.#frame = new Uint8Array(headBytes + bodyBytes);
  }
}
