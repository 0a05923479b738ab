import type { HopCrypto } from '../crypto/toast-crypto.ts';
import type { RoomMember } from '../wire/control-message.ts';
import { announcedKeys, type PeerIdentity } from './peer-identity.ts';

/** The key that only this peer and one member have; `null` where that member announced no keys, or false ones. */
export function pairKey(
  crypto: HopCrypto,
  identity: PeerIdentity,
  roomKey: Uint8Array,
  member: Pick<RoomMember, 'joinId' | 'keys'>,
): Uint8Array | null {
  const keys = announcedKeys(crypto, roomKey, member.joinId, member.keys);
  const shared = keys === null ? null : identity.agree(keys.agreeKey);
  return shared === null ? null : crypto.hmac(roomKey, shared);
}
