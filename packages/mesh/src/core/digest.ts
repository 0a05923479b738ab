import { concatBytes, encodeUtf8, toHex } from '@jamnet/base';

/** SHA-256 as an argument: shells pass the platform's, which is several times faster. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** SHA-256 over a domain, a zero byte and the parts, each with its length as 4 big-endian bytes: no two lists collide. */
export function taggedHash(hash: Sha256, domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const framed: Uint8Array[] = [encodeUtf8(domain), Uint8Array.of(0)];
  for (const part of parts) framed.push(lengthBytes(part.length), part);
  return hash(concatBytes(...framed));
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

function lengthBytes(length: number): Uint8Array {
  return Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}
