import { type HopCrypto, labelled } from '../crypto/toast-crypto.ts';
import { pairKey } from '../trust/pair-key.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import type { RoomMember } from '../wire/control-message.ts';
import { HOP_TAG_BYTES } from '../wire/header.ts';
import { CHALLENGE_BYTES } from '../wire/probe-body.ts';

/** Keys of one direction of a direct path. */
export interface PathKeys {
  /** Under which probes carry their tag. */
  readonly probe: Uint8Array;
  /** What stands in the place of the hop tag in datagrams of this path, 8 bytes. */
  readonly tag: Uint8Array;
}

export interface PathSecrets {
  readonly crypto: HopCrypto;
  readonly roomKey: Uint8Array;
  readonly identity: PeerIdentity | null;
}

/**
 * Both directions between this peer's join and a member's: from the key that only the two have where both announced keys, else from
 * the room key, which the other members have as well. Each direction has its own, so that a datagram thrown back says nothing.
 */
export function pathKeys(
  secrets: PathSecrets,
  joinId: string,
  member: Pick<RoomMember, 'joinId' | 'keys'>,
): { readonly send: PathKeys; readonly read: PathKeys } {
  const { crypto, roomKey, identity } = secrets;
  const pair = identity === null ? null : pairKey(crypto, identity, roomKey, member);
  const of = (from: string, to: string): PathKeys => {
    const probe = crypto.hmac(pair ?? roomKey, labelled('jamnet/toast/path/v3', [from, to])).slice();
    const tag = crypto.hmac(probe, labelled('jamnet/toast/path-tag/v3', [])).slice(0, HOP_TAG_BYTES);
    return { probe, tag };
  };
  return { send: of(joinId, member.joinId), read: of(member.joinId, joinId) };
}

/** What only the holder of the hop key can foresee: whoever sends it back did receive it at `address`. */
export function challengeFor(
  crypto: HopCrypto,
  hopKey: Uint8Array,
  address: string,
  sequence: number,
): Uint8Array {
  const message = labelled('jamnet/toast/challenge/v3', [address, String(sequence)]);
  return crypto.hmac(hopKey, message).slice(0, CHALLENGE_BYTES);
}
