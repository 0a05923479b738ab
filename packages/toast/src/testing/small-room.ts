import { type Addressed, TO_RELAY } from '../addressed.ts';
import { issueToken } from '../crypto/join-token.ts';
import type { PeerOptions } from '../peer/peer-options.ts';
import { PeerSession } from '../peer/peer-session.ts';
import { Relay } from '../relay/relay.ts';
import { testCrypto } from './node-crypto.ts';
import { testVerify } from './node-identity.ts';

export const TOKEN_KEY = new Uint8Array(32).fill(3);
const START_US = 1_700_000_000_000_000;
const STEP_US = 5_000;

export function tokenFor(player: string, room = 'attic', expiresAtUs = START_US + 3.6e9): string {
  const token = issueToken(testCrypto, TOKEN_KEY, { room, player, expiresAtUs });
  if (!token.ok) throw new Error(token.message);
  return token.value;
}

export function newRelay(): Relay {
  return new Relay({
    crypto: testCrypto,
    verify: testVerify,
    tokenKey: TOKEN_KEY,
    cookieKey: new Uint8Array(32).fill(4),
  });
}

/** A relay and peers whose datagrams arrive at once; `filter` may take one away on its way. */
export class SmallRoom {
  /** It has been up for a while. */
  relay = newRelay();
  readonly peers = new Map<string, PeerSession>();
  /** Everything a peer sent, by its address. */
  readonly sent: { readonly from: string; readonly to: string; readonly bytes: Uint8Array }[] = [];
  nowUs = START_US;
  /** Another relay, and whose datagrams go there. */
  readonly other = newRelay();
  readonly movedTo = new Set<string>();
  /** Whether datagrams pass straight from one address to another. */
  isOpen: (from: string, to: string) => boolean = () => true;
  /** Whether a datagram of the relay reaches its receiver. */
  filter: (to: string, bytes: Uint8Array) => boolean = () => true;

  constructor() {
    for (const relay of [this.relay, this.other]) relay.tick(START_US - 10_000_000);
  }

  add(
    player: string,
    changes: Partial<PeerOptions> = {},
    address = `10.0.0.${this.peers.size + 1}:5`,
  ): PeerSession {
    const number = this.peers.size + 1;
    const session = PeerSession.open({
      crypto: testCrypto,
      joinToken: tokenFor(player),
      roomKey: new Uint8Array(32).fill(9),
      packetFrames: 64,
      redundancyOffsets: [1, 3],
      startWhenPlayers: 2,
      joinIdBytes: new Uint8Array(16).fill(number),
      epoch: number * 1000,
      consent: 1,
      ...changes,
    });
    if (!session.ok) throw new Error(session.message);
    this.peers.set(address, session.value);
    return session.value;
  }

  /** The relay's process dies and another takes its place, which knows of nothing. */
  restartRelay(): void {
    this.relay = newRelay();
  }

  /** Lets time pass in steps of 5 ms. */
  run(us: number): void {
    const untilUs = this.nowUs + us;
    for (; this.nowUs < untilUs; this.nowUs += STEP_US) {
      for (const relay of [this.relay, this.other]) relay.tick(this.nowUs);
      for (const peer of this.peers.values()) peer.tick(this.nowUs);
      this.settle();
    }
  }

  #relayOf(address: string): Relay {
    return this.movedTo.has(address) ? this.other : this.relay;
  }

  #straight(from: string, { to, bytes }: Addressed): void {
    if (this.isOpen(from, to)) this.peers.get(to)?.datagram(this.nowUs, bytes, from);
  }

  /** Carries datagrams to and fro until none is under way. */
  settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [address, peer] of this.peers) {
        for (let next = peer.outgoing.shift(); next !== undefined; next = peer.outgoing.shift()) {
          moved = true;
          this.sent.push({ from: address, to: next.to, bytes: next.bytes });
          if (next.to === TO_RELAY) this.#relayOf(address).datagram(this.nowUs, address, next.bytes);
          else this.#straight(address, next);
        }
      }
      for (const relay of [this.relay, this.other])
        for (let next = relay.outgoing.shift(); next !== undefined; next = relay.outgoing.shift()) {
          moved = true;
          // A peer hears the relay that it sends to, and no other.
          if (this.#relayOf(next.to) === relay && this.filter(next.to, next.bytes))
            this.peers.get(next.to)?.datagram(this.nowUs, next.bytes);
        }
    }
  }
}
