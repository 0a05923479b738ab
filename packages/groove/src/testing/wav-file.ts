import { readFileSync } from 'node:fs';

/** Samples of a shipped recording (one channel, 16 bit), full scale ± 1. */
export function shippedSamples(file: string): Float32Array {
  const bytes = readFileSync(new URL(`../../../../samples/${file}`, import.meta.url));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (bytes.toString('ascii', at, at + 4) === 'data')
      return Float32Array.from(
        { length: length >> 1 },
        (_, index) => view.getInt16(at + 8 + 2 * index, true) / 32_768,
      );
    at += 8 + length + (length & 1);
  }
  throw new Error(`${file} has no data chunk`);
}
