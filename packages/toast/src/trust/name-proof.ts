import { fromBase64, toBase64 } from '@jamnet/base';
import { labelled } from '../crypto/toast-crypto.ts';
import type { PeerIdentity } from './peer-identity.ts';

/** The public keys that a join announces: X25519, then Ed25519, 32 bytes each; behind them what only members can check. */
const SIGN_KEY_AT = 32;
const SIGN_KEY_END = 64;
const SIGNATURE_BYTES = 64;

/** What of a join is signed: the relay's challenge, which is good for one address, and the token, which is good for one room. */
export interface ProvedJoin {
  /** The part of the join token that travels. */
  readonly token: string;
  readonly joinId: string;
  readonly cookie: string;
}

/** Base64 of the signature by which a join shows that the keys it announces are its own; empty before the relay's challenge. */
export function proveName(identity: Pick<PeerIdentity, 'sign'>, join: ProvedJoin): string {
  return join.cookie === '' ? '' : toBase64(identity.sign(messageOf(join)));
}

/** Whether a join was signed by the owner of the keys it announces (base64, SPEC.md §3). */
export function isNameProved(
  verify: PeerIdentity['verify'],
  join: ProvedJoin & { readonly keys: string; readonly proof: string },
): boolean {
  const signature = fromBase64(join.proof);
  const signKey = fromBase64(join.keys)?.slice(SIGN_KEY_AT, SIGN_KEY_END);
  if (signature?.length !== SIGNATURE_BYTES || signKey?.length !== SIGN_KEY_END - SIGN_KEY_AT) return false;
  return verify(signKey, messageOf(join), signature);
}

function messageOf({ token, joinId, cookie }: ProvedJoin): Uint8Array {
  return labelled('jamnet/toast/name/v3', [token, joinId, cookie]);
}
