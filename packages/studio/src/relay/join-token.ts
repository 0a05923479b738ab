import type { Result } from '@jamnet/base';
import { issueToken, type JoinClaim, type TokenCode } from '@jamnet/toast';
import { nodeHopCrypto } from './node-hop-crypto.ts';

/**
 * The token that lets `claim.player` into `claim.room` until `claim.expiresAtUs` (UTC µs).
 * Hand it out over an authenticated channel only: its last part is the player's secret towards the relay.
 * `tokenKey` has 32 bytes and is shared between studio and relays.
 */
export function issueJoinToken(tokenKey: Uint8Array, claim: JoinClaim): Result<string, TokenCode> {
  return issueToken(nodeHopCrypto, tokenKey, claim);
}
