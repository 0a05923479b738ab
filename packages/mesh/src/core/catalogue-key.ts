import { canonicalJson, encodeUtf8, fromHex, toHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';

/** Changes of a studio's catalogue key that a node walks through. */
export const KEY_HAND_OVERS_MAX = 64;

/** The catalogue is signed by another key from now on; all in hex. */
export interface KeyHandOver {
  readonly from: string;
  readonly to: string;
  /** Ed25519 by `from` over {@link handOverBytes}. */
  readonly signature: string;
}

/** A domain, a zero byte, canonical JSON. */
export function handOverBytes(from: string, to: string): Uint8Array {
  return encodeUtf8(`jamnet/mesh/catalogue-key/v1\0${canonicalJson({ from, to })}`);
}

/** `secretKey`: the 32-byte seed of the key that hands over. */
export function signHandOver(secretKey: Uint8Array, to: string): KeyHandOver {
  const from = toHex(ed25519.getPublicKey(secretKey));
  return { from, to, signature: toHex(ed25519.sign(handOverBytes(from, to), secretKey)) };
}

/** Whether `known` has handed over to `key`, from one to the next in the order given; a step that its key did not sign leads nowhere. */
export function isHandedOver(handOvers: readonly KeyHandOver[], known: string, key: string): boolean {
  let reached = known;
  for (const handOver of handOvers.slice(0, KEY_HAND_OVERS_MAX)) {
    if (reached === key) return true;
    if (handOver.from === reached && isSigned(handOver)) reached = handOver.to;
  }
  return reached === key;
}

function isSigned({ from, to, signature }: KeyHandOver): boolean {
  const [publicKey, signed] = [fromHex(from), fromHex(signature)];
  if (publicKey?.length !== 32 || signed?.length !== 64) return false;
  try {
    return ed25519.verify(signed, handOverBytes(from, to), publicKey);
  } catch {
    return false; // No point of the curve: hostile input.
  }
}
