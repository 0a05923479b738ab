import { encodeUtf8, toHex } from '@jamnet/base';

/** SHA-256 as an argument: shells pass the platform's, which is several times faster. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const LENGTH_BYTES = 4;

/** SHA-256 over a domain, a zero byte and the parts, each with its length as 4 big-endian bytes: no two lists collide. */
export function taggedHash(hash: Sha256, domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const name = encodeUtf8(domain);
  let length = name.length + 1;
  for (const part of parts) length += LENGTH_BYTES + part.length;
  const framed = new Uint8Array(length);
  const view = new DataView(framed.buffer);
  framed.set(name);
  let offset = name.length + 1;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    framed.set(part, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + part.length;
  }
  return hash(framed);
}

export function taggedHashHex(
  hash: Sha256,
  domain: string,
  ...parts: readonly (string | Uint8Array)[]
): string {
  return toHex(
    taggedHash(hash, domain, ...parts.map((part) => (typeof part === 'string' ? encodeUtf8(part) : part))),
  );
}
