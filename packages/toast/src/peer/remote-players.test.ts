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

test('who comes after as many joins as are remembered is heard; whoever left first is forgotten for it, and nobody who is there', () => {
  const remotes = new RemotePlayers();
  const staying = { ...joined(5000), seat: 2, player: 'cyd' };
  remotes.update([staying], 0, OPTIONS);
  for (let n = 0; n < 3 * REMOTES_MAX; n++) {
    expect(remotes.update([staying, joined(n)], 0, OPTIONS)).toHaveLength(1);
    expect(remotes.atSeat(1)?.member.epoch).toBe(n);
    expect(remotes.atSeat(2)?.member.epoch).toBe(5000);
    expect(remotes.count).toBeLessThanOrEqual(REMOTES_MAX);
  }
  expect(remotes.count).toBe(REMOTES_MAX);
  expect(remotes.ofEpoch(7)).toBeUndefined();
  expect(remotes.ofEpoch(3 * REMOTES_MAX - 1)?.receiver.isPresent).toBe(true);
});

test('a join that is remembered goes on when it is listed again', () => {
  const remotes = new RemotePlayers();
  remotes.update([joined(7)], 0, OPTIONS);
  remotes.update([], 0, OPTIONS);
  expect(remotes.update([joined(7)], 0, OPTIONS)).toEqual([]);
  expect(remotes.atSeat(1)?.member.epoch).toBe(7);
});
