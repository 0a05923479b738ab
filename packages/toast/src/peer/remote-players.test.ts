import { expect, test } from 'vitest';
import { MEMBER } from '../testing/member.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import type { RoomMember } from '../wire/control-message.ts';
import { REMOTES_MAX, RemotePlayers } from './remote-players.ts';

const OPTIONS = {
  crypto: testCrypto,
  identity: null,
  roomKey: new Uint8Array(32),
  packetFrames: 64,
  reach: 0,
};

/** The n-th join of a player who comes back again and again. */
function joined(n: number): RoomMember {
  return { ...MEMBER, seat: 1, player: 'ben', joinId: n.toString(16).padStart(32, '0'), epoch: n };
}

test('joins are remembered up to a limit; those that are known then go on', () => {
  const remotes = new RemotePlayers();
  for (let n = 0; n < REMOTES_MAX; n++) expect(remotes.update([joined(n)], 0, OPTIONS)).toHaveLength(1);
  expect(remotes.update([joined(REMOTES_MAX)], 0, OPTIONS)).toEqual([]);
  expect(remotes.count).toBe(REMOTES_MAX);
  expect(remotes.ofEpoch(REMOTES_MAX)).toBeUndefined();
  expect(remotes.update([joined(7)], 0, OPTIONS)).toEqual([]);
  expect(remotes.atSeat(1)?.member.epoch).toBe(7);
});
