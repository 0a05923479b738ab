import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** The same object under two type libraries: `age-encryption` and `modern-tar` name the browser's. */
export function readableOf(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as NodeReadableStream);
}

export function streamOf(readable: NodeJS.ReadableStream): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable as Readable) as unknown as ReadableStream<Uint8Array>;
}
