import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { loadLibc } from '../net/libc.ts';
import { spellAddress } from '../net/socket-address.ts';
import type { PlayOptions } from '../play-options.ts';
import type { PlaceCell } from './place-cell.ts';
import { askStudio, looseTimer, RelayFollower, type RelayPlace } from './relay-follower.ts';

/** Follows the room from relay to relay by the studio's door, for an engine that waits for nothing but sound; `null` without a door. */
export function followRoom(
  { door, relay, joinToken, udp }: PlayOptions,
  cell: PlaceCell,
): RelayFollower | null {
  if (door === undefined) return null;
  const kind = udp ?? (loadLibc() === null ? 'dgram' : 'mmsg');
  const move = async ({ host, port }: RelayPlace): Promise<void> => {
    // The engine's socket has the family of the first relay.
    const family = isIP(relay.host) === 6 ? 6 : 4;
    const found = await lookup(host, { family }).catch(() => null);
    if (found !== null) cell.write(spellAddress(kind, found.address, port));
  };
  return new RelayFollower(relay, {
    ask: askStudio(door, joinToken),
    onMove: (place) => void move(place),
    setTimer: looseTimer,
  });
}
