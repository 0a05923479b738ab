import { canonicalJson, encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import { type HopCrypto, isName } from '@jamnet/toast';

/** What a relay says of itself five times a second. */
export interface Heartbeat {
  /** Name of the relay, as rooms and players are named. */
  readonly id: string;
  /** Where players reach it. */
  readonly host: string;
  readonly port: number;
  /** When it was written, UTC µs. */
  readonly atUs: number;
  readonly rooms: number;
  readonly players: number;
}

export interface SignedHeartbeat {
  readonly beat: Heartbeat;
  /** HMAC-SHA-256 under the key that studio and relays share, 64 hex digits. */
  readonly mac: string;
}

export type HeartbeatCode = 'heartbeat-malformed' | 'heartbeat-forged' | 'heartbeat-stale';

/** A relay's clock and the way to the studio may be off by so much. */
export const HEARTBEAT_AGE_US_MAX = 10_000_000;
const HOST = /^[0-9a-zA-Z.:-]{1,253}$/;

export function signHeartbeat(crypto: HopCrypto, tokenKey: Uint8Array, beat: Heartbeat): SignedHeartbeat {
  return { beat, mac: macOf(crypto, tokenKey, beat) };
}

export function checkHeartbeat(
  crypto: HopCrypto,
  tokenKey: Uint8Array,
  signed: SignedHeartbeat,
  nowUs: number,
): Result<Heartbeat, HeartbeatCode> {
  const { beat, mac } = signed;
  const counts = [beat.atUs, beat.rooms, beat.players];
  if (!isName(beat.id) || !HOST.test(beat.host) || !(beat.port >= 1 && beat.port <= 65_535))
    return refuse('heartbeat-malformed', 'A heartbeat has a name, a host and a port from 1 to 65535.');
  if (![...counts, beat.port].every((count) => Number.isSafeInteger(count) && count >= 0))
    return refuse('heartbeat-malformed', 'The numbers of a heartbeat are whole and not negative.');
  if (!equal(mac, macOf(crypto, tokenKey, beat)))
    return refuse(
      'heartbeat-forged',
      "The relay does not have this studio's key: give it the same key file.",
    );
  if (Math.abs(nowUs - beat.atUs) > HEARTBEAT_AGE_US_MAX)
    return refuse('heartbeat-stale', "The relay's clock is more than 10 s off: set it.");
  return ok(beat);
}

function macOf(crypto: HopCrypto, tokenKey: Uint8Array, beat: Heartbeat): string {
  const { id, host, port, atUs, rooms, players } = beat;
  const text = canonicalJson({ id, host, port, atUs, rooms, players });
  return toHex(crypto.hmac(tokenKey, encodeUtf8(`jamnet/relay/heartbeat/v1\n${text}`)));
}

/** In constant time over equal lengths. */
export function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= (a.charCodeAt(i) || 0) ^ b.charCodeAt(i);
  return difference === 0;
}
