import { isNameProved } from '../trust/name-proof.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import type { RefusalCode } from '../wire/control-message.ts';
import type { Join } from './door.ts';
import type { Seat } from './room.ts';

/** Who is not heard for so long while somebody else asks for the name has gone: members send every 150 ms at least. */
const PROOF_US = 350_000;
/** A datagram that was under way when the other asked proves nothing. */
const UNDER_WAY_US = 30_000;
/** A question so old was another one. */
const QUESTION_US = 2_000_000;
/** Base64 digits of the two public keys, 64 bytes; the proof behind them differs with each join. */
const KEYS_DIGITS = 85;

/**
 * Whether `join` may have the name of a member that sits there under another join. `open`: it shows within 350 ms, by whether the
 * member is still heard; `join` asks again meanwhile. The member's own key pairs take the name at once, shown by a signature
 * (`verify`: Ed25519), for everybody in the room knows the public ones.
 */
export function isNameFree(
  verify: PeerIdentity['verify'],
  nowUs: number,
  seat: Seat,
  join: Join,
): 'free' | 'open' | Extract<RefusalCode, 'name-taken' | 'replaced'> {
  if (join.joinId === seat.replaced) return 'replaced';
  if (nowUs - seat.heardUs > PROOF_US) return 'free';
  if (hasSameKeys(seat.keys, join.keys) && isNameProved(verify, join)) return 'free';
  if (nowUs - seat.contestedUs > QUESTION_US) seat.contestedUs = nowUs;
  if (seat.heardUs > seat.contestedUs + UNDER_WAY_US) return 'name-taken';
  return 'open';
}

function hasSameKeys(a: string, b: string): boolean {
  return a !== '' && a.slice(0, KEYS_DIGITS) === b.slice(0, KEYS_DIGITS);
}
