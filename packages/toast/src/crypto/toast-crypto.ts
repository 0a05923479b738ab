import { concatBytes, encodeUtf8 } from '@jamnet/base';
import { HEADER_BYTES, HOP_TAG_BYTES } from '../wire/header.ts';

/** What the platform gives: `node:crypto` or WebCrypto behind three functions. */
export interface HopCrypto {
  /** HMAC-SHA-256, 32 bytes. */
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** The same of the first `bytes` of `message`, written to `mac` (32 bytes), with no object made; absent where the platform has no such way. */
  hmacInto?(key: Uint8Array, message: Uint8Array, bytes: number, mac: Uint8Array): void;
}

export interface SealCrypto extends HopCrypto {
  /** AES-256-GCM; answers ciphertext ‖ 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array;
  /** The plain text, or `null` when the tag does not fit. */
  open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null;
}

export const SEAL_TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** Key of one sender, join and packet type: fresh with each join's random id, so that a nonce never meets a key twice. */
export function senderKey(crypto: HopCrypto, roomKey: Uint8Array, joinId: string, type: number): Uint8Array {
  return crypto.hmac(roomKey, labelled('jamnet/toast/sender/v3', [joinId, String(type)]));
}

/** Key between one peer and the relay for one join. */
export function hopKey(crypto: HopCrypto, hopSecret: Uint8Array, joinId: string): Uint8Array {
  return crypto.hmac(hopSecret, labelled('jamnet/toast/hop/v3', [joinId]));
}

/** 96-bit nonce: epoch ‖ sequence, both as they stand in the header. */
export function nonceOf(datagram: Uint8Array): Uint8Array {
  return datagram.slice(8, 20);
}

/** Writes the hop tag behind the body of a datagram that has room for it, and answers the datagram's length. */
export function signHop(crypto: HopCrypto, key: Uint8Array, datagram: Uint8Array, bodyBytes: number): number {
  const signed = HEADER_BYTES + bodyBytes;
  datagram.set(crypto.hmac(key, datagram.subarray(0, signed)).subarray(0, HOP_TAG_BYTES), signed);
  return signed + HOP_TAG_BYTES;
}

const macScratch = new Uint8Array(KEY_BYTES);

/** Compares in constant time over the tag's bytes. */
export function hopTagFits(
  crypto: HopCrypto,
  key: Uint8Array,
  datagram: Uint8Array,
  bodyBytes: number,
): boolean {
  const signed = HEADER_BYTES + bodyBytes;
  let tag: Uint8Array = macScratch;
  if (crypto.hmacInto === undefined) tag = crypto.hmac(key, datagram.subarray(0, signed));
  else crypto.hmacInto(key, datagram, signed, macScratch);
  let difference = 0;
  for (let i = 0; i < HOP_TAG_BYTES; i++) difference |= (tag[i] ?? 0) ^ (datagram[signed + i] ?? 0);
  return difference === 0;
}

/** Label and parts, each with its length before it, so that no two lists give the same bytes. */
export function labelled(label: string, parts: readonly string[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const part of [label, ...parts]) {
    const bytes = encodeUtf8(part);
    pieces.push(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
  }
  return concatBytes(...pieces);
}
