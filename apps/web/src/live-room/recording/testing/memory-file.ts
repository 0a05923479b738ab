import type { ByteFile } from '../byte-file.ts';

/** A file in memory with the manners of the browser's: short reads at the end, zeros in holes, and a limit of its storage. */
export class MemoryFile implements ByteFile {
  bytes = new Uint8Array(0);
  readonly #bytesMax: number;

  constructor(bytes: Uint8Array = new Uint8Array(0), bytesMax = Number.POSITIVE_INFINITY) {
    this.bytes = Uint8Array.from(bytes);
    this.#bytesMax = bytesMax;
  }

  getSize(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array, { at }: { readonly at: number }): number {
    const piece = this.bytes.subarray(at, at + into.length);
    into.set(piece);
    return piece.length;
  }

  write(bytes: Uint8Array, { at }: { readonly at: number }): number {
    if (at + bytes.length > this.#bytesMax) throw new DOMException('full', 'QuotaExceededError');
    if (at + bytes.length > this.bytes.length) this.truncate(at + bytes.length);
    this.bytes.set(bytes, at);
    return bytes.length;
  }

  truncate(bytes: number): void {
    const next = new Uint8Array(bytes);
    next.set(this.bytes.subarray(0, bytes));
    this.bytes = next;
  }

  flush(): void {}
  close(): void {}
}
