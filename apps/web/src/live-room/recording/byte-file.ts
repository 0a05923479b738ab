/** A file of the browser's private storage as a worker has it: the part of `FileSystemSyncAccessHandle` that recordings use. */
export interface ByteFile {
  getSize(): number;
  /** Bytes read: fewer than asked for at the end. */
  read(into: Uint8Array, options: { readonly at: number }): number;
  /** Bytes written. Throws where the storage is full. */
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

/** Largest piece held in memory, and of an upload: the studio takes up to 1 MiB at once. */
const PIECE_BYTES = 1 << 20;

/** The file from its beginning, piece by piece; each is the caller's to keep. */
export function* piecesOf(file: ByteFile): Iterable<Uint8Array<ArrayBuffer>> {
  const bytes = file.getSize();
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes - at));
    readFull(file, piece, at);
    yield piece;
  }
}

export function readFull(file: ByteFile, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const count = file.read(into.subarray(done), { at: at + done });
    if (count === 0) return;
    done += count;
  }
}

export function writeFull(file: ByteFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) done += file.write(bytes.subarray(done), { at: at + done });
}
