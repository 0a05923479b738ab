import { issueToken, PeerSession, Relay } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { nodeSealCrypto } from '../crypto/node-seal-crypto.ts';
import { verifyEd25519 } from '../identity/node-identity.ts';
import { eveningOptions } from '../testing/evening-options.ts';
import { HEARD_MAX, HeardPlayers } from './heard-players.ts';

const START_US = 1_700_000_000_000_000;
const TOKEN_KEY = new Uint8Array(32).fill(1);
const FRAMES = 64;

/** A relay, and members who come and go at one address each. */
class ComingAndGoing {
  nowUs = START_US;
  readonly #relay = new Relay({
    crypto: nodeSealCrypto,
    verify: verifyEd25519,
    tokenKey: TOKEN_KEY,
    cookieKey: new Uint8Array(32).fill(2),
  });
  readonly #peers = new Map<string, PeerSession>();

  join(player: string, number: number, listens = false): PeerSession {
    const expiresAtUs = START_US + 3.6e9;
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, { room: 'attic', player, expiresAtUs });
    if (!token.ok) throw new Error(token.message);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.value,
      roomKey: new Uint8Array(32).fill(3),
      packetFrames: FRAMES,
      redundancyOffsets: [1],
      startWhenPlayers: 1,
      listens,
      joinIdBytes: Uint8Array.from({ length: 16 }, (_, i) => (number >> (8 * (i & 1))) & 255),
      epoch: number,
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    this.#peers.set(`10.0.${number >> 8}.${number & 255}:5`, session.value);
    return session.value;
  }

  /** Lets so much time pass, and carries all that is under way. */
  pass(us: number): void {
    this.nowUs += us;
    for (const peer of this.#peers.values()) peer.tick(this.nowUs);
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (const [address, peer] of this.#peers)
        for (let next = peer.outgoing.shift(); next !== undefined; next = peer.outgoing.shift()) {
          isMoving = true;
          this.#relay.datagram(this.nowUs, address, next.bytes);
        }
      for (let next = this.#relay.outgoing.shift(); next !== undefined; next = this.#relay.outgoing.shift())
        this.#peers.get(next.to)?.datagram(this.nowUs, next.bytes);
    }
    for (const [address, peer] of this.#peers) if (peer.phase === 'left') this.#peers.delete(address);
  }
}

test('of one evening so many joins are heard and no more, however often somebody comes again', () => {
  const room = new ComingAndGoing();
  const session = room.join('ben', 0);
  room.pass(10_000);
  const heard = new HeardPlayers(eveningOptions('ben', { packetFrames: FRAMES }), session, {});
  for (let number = 1; number <= HEARD_MAX + 3; number++) {
    const ada = room.join('ada', number);
    room.pass(20_000);
    // A relay tells changes that come without end only when it is asked.
    room.pass(150_000);
    heard.meet();
    ada.leave(room.nowUs);
    room.pass(150_000);
  }
  expect(heard.streams).toHaveLength(HEARD_MAX);
  expect(new Set(heard.streams.map((stream) => stream.receiver.member.joinId)).size).toBe(HEARD_MAX);
  expect([session.phase, session.players.length]).toEqual(['seated', 64]);
});

test('who only listens is not heard: the report names players alone', () => {
  const room = new ComingAndGoing();
  const session = room.join('ben', 1);
  room.join('cyd', 2, true);
  room.join('ada', 3);
  for (let i = 0; i < 20; i++) room.pass(10_000);
  const heard = new HeardPlayers(eveningOptions('ben', { packetFrames: FRAMES }), session, {});
  heard.meet();
  expect(session.players.map(({ member }) => member.player)).toEqual(['cyd', 'ada']);
  expect(heard.streams.map((stream) => stream.from)).toEqual(['ada']);
});
