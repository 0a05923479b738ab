import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from '@jamnet/base';
import { labelled, type SealCrypto } from '../crypto/toast-crypto.ts';
import { isHostPort } from '../wire/host-port.ts';
import { OFFERED_MAX } from './direct-limits.ts';

/** Under a key for one join and version only: the nonce may be zero. */
function offerKey(crypto: SealCrypto, roomKey: Uint8Array, joinId: string, version: number): Uint8Array {
  return crypto.hmac(roomKey, labelled('jamnet/toast/offer/v3', [joinId, String(version)]));
}

/** A peer's own addresses as base64 that members can open and the relay cannot. */
export function sealOffer(
  crypto: SealCrypto,
  roomKey: Uint8Array,
  joinId: string,
  version: number,
  addresses: readonly string[],
): string {
  const plain = encodeUtf8(addresses.slice(0, OFFERED_MAX).join(' '));
  const key = offerKey(crypto, roomKey, joinId, version);
  return toBase64(crypto.seal(key, new Uint8Array(12), new Uint8Array(0), plain));
}

/** The addresses of another member's offer, those left out that no datagram can go to; `null` when it does not open. */
export function openOffer(
  crypto: SealCrypto,
  roomKey: Uint8Array,
  joinId: string,
  version: number,
  sealed: string,
): string[] | null {
  const bytes = fromBase64(sealed);
  const key = offerKey(crypto, roomKey, joinId, version);
  const plain = bytes === null ? null : crypto.open(key, new Uint8Array(12), new Uint8Array(0), bytes);
  const text = plain === null ? null : decodeUtf8(plain);
  if (text === null) return null;
  return text.split(' ').filter(isHostPort).slice(0, OFFERED_MAX);
}
