import { readVarint } from './varint.ts';

/** Type and length together take at most 16 bytes; unknown frames are skipped as they come and never kept. */
const HEAD_BYTES_MAX = 16;

/** What becomes of a frame, decided by its type and length before its payload is read. */
export type FrameFate = 'keep' | 'stream' | 'skip' | 'refuse';

export interface FrameVisitor {
  decide(type: number, length: number): FrameFate;
  /** A whole frame that was kept. */
  frame(type: number, payload: Uint8Array): void;
  /** A piece of a frame that is streamed. */
  piece(type: number, bytes: Uint8Array): void;
}

/**
 * Reads type–length–value units from a byte stream cut anywhere: HTTP/3 frames (RFC 9114 §7.1) and capsules (RFC 9297 §3.2).
 * Keeps at most one frame's payload, of the length that `decide` allowed.
 */
export class FrameReader {
  readonly #visitor: FrameVisitor;
  readonly #head = new Uint8Array(HEAD_BYTES_MAX);
  #headLength = 0;
  #type = -1;
  #left = 0;
  #fate: FrameFate = 'skip';
  #kept = new Uint8Array(0);
  #isRefused = false;

  constructor(visitor: FrameVisitor) {
    this.#visitor = visitor;
  }

  /** No frame is begun: the stream may end here. */
  get isBetweenFrames(): boolean {
    return this.#type < 0 && this.#headLength === 0;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isRefused)
      at += this.#type < 0 ? this.#takeHead(bytes, at) : this.#takePayload(bytes, at);
  }

  #takeHead(bytes: Uint8Array, at: number): number {
    const had = this.#headLength;
    const fits = Math.min(HEAD_BYTES_MAX - had, bytes.length - at);
    this.#head.set(bytes.subarray(at, at + fits), had);
    const head = this.#head.subarray(0, had + fits);
    const type = readVarint(head, 0);
    const length = type === null ? null : readVarint(head, type.bytes);
    if (type === null || length === null) {
      this.#headLength = had + fits;
      return fits;
    }
    this.#headLength = 0;
    this.#begin(type.value, length.value);
    return type.bytes + length.bytes - had;
  }

  #begin(type: number, length: number): void {
    this.#fate = this.#visitor.decide(type, length);
    if (this.#fate === 'refuse') {
      this.#isRefused = true;
      return;
    }
    this.#type = type;
    this.#left = length;
    this.#kept = new Uint8Array(this.#fate === 'keep' ? length : 0);
    if (length === 0) this.#end();
  }

  #takePayload(bytes: Uint8Array, at: number): number {
    const piece = bytes.subarray(at, at + Math.min(this.#left, bytes.length - at));
    if (this.#fate === 'keep') this.#kept.set(piece, this.#kept.length - this.#left);
    else if (this.#fate === 'stream') this.#visitor.piece(this.#type, piece);
    this.#left -= piece.length;
    if (this.#left === 0) this.#end();
    return piece.length;
  }

  #end(): void {
    const type = this.#type;
    this.#type = -1;
    if (this.#fate === 'keep') this.#visitor.frame(type, this.#kept);
  }
}
