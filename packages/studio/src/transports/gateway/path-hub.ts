import { ok, type Result, refuse } from '@jamnet/base';
import { askStudio, looseTimer, RelayFollower, type RelayPlace } from '@jamnet/jambox';
import {
  decodeHeader,
  issueToken,
  type JoinClaim,
  limits,
  TokenBucket,
  verifyWireToken,
} from '@jamnet/toast';
import { nodeHopCrypto } from '../../relay/node-hop-crypto.ts';
import type { PacketPath, PathEnd } from '../packet-path.ts';
import { newPathCounters, type PathCounters } from './path-counters.ts';
import { RelayLink } from './relay-link.ts';

/** Pages bridged at once, and paths of one player: the old one of a reload lives until its carrier notices. */
export const PATHS_MAX = 256;
export const PATHS_PER_PLAYER_MAX = 3;
/** Packets of one page per second, and at once after a stall: four times what 64-frame packets need. */
export const PACKETS_PER_SECOND = 3000;
export const PACKETS_BURST = 3000;
/** A relay that says nothing for so long to a page that speaks is silent: it answers each sync, every 150 ms. */
const SILENCE_US = 400_000;

export type PathCode = 'ticket-refused' | 'paths-full';

export interface PathHubOptions {
  /** Where a room lives unless the door says otherwise. */
  readonly relay: RelayPlace;
  /** URL where the studio says on which relay a room lives; absent: all on one. */
  readonly door?: string;
  /** Under this name the studio tells of relays that are here, at the address of `relay`: many routers lead nobody back to their own side. */
  readonly homeName?: string;
  /** Shared with the studio that issues join tokens. */
  readonly tokenKey: Uint8Array;
  /** UTC µs. */
  readonly nowUs: () => number;
}

interface Bridge {
  readonly player: string;
  /** Null until it is known where the room lives. */
  link: RelayLink | null;
  follower: RelayFollower | null;
  /** When the relay was last heard, or its silence told of. */
  heardUs: number;
}

/**
 * Bridges pages to the relay: each page has a UDP socket of its own towards it, so that the relay sees pages as it sees
 * native peers and judges them by the same rules. A path opens only for the holder of a join token.
 */
export class PathHub {
  readonly counters: PathCounters = newPathCounters();
  readonly #options: PathHubOptions;
  readonly #paths = new Map<PacketPath, Bridge>();

  constructor(options: PathHubOptions) {
    this.#options = options;
  }

  get paths(): number {
    return this.#paths.size;
  }

  /** Checks the travelling part of a join token. */
  admit(ticket: string): Result<JoinClaim, PathCode> {
    const token = verifyWireToken(nodeHopCrypto, this.#options.tokenKey, ticket, this.#options.nowUs());
    if (!token.ok) {
      this.counters.refusedTicket++;
      return refuse('ticket-refused', token.message);
    }
    const player = playerOf(token.value.claim);
    const own = [...this.#paths.values()].filter((path) => path.player === player).length;
    if (this.#paths.size >= PATHS_MAX || own >= PATHS_PER_PLAYER_MAX) {
      this.counters.refusedFull++;
      return refuse('paths-full', 'Too many pages are connected: close one and try again.');
    }
    return ok(token.value.claim);
  }

  /** Bridges an admitted page until either side closes. */
  open(claim: JoinClaim, path: PacketPath): PathEnd {
    const bridge: Bridge = {
      player: playerOf(claim),
      link: null,
      follower: null,
      heardUs: this.#options.nowUs(),
    };
    this.#paths.set(path, bridge);
    this.counters.opened++;
    void this.#connect(claim, path, bridge);
    const packets = new TokenBucket(PACKETS_PER_SECOND, PACKETS_BURST);
    const bytes = new TokenBucket(limits.MEMBER_BYTES_PER_SECOND, limits.MEMBER_BYTES_BURST);
    return {
      receive: (packet) => {
        if (bridge.link === null || !this.#paths.has(path) || !this.#isLawful(packet)) return;
        const nowUs = this.#options.nowUs();
        if (!packets.take(nowUs) || !bytes.take(nowUs, packet.length)) this.counters.rateLimited++;
        else if (bridge.link.send(packet)) this.counters.toRelay++;
        if (nowUs - bridge.heardUs < SILENCE_US) return;
        bridge.heardUs = nowUs;
        bridge.follower?.silent();
      },
      closed: () => this.#closed(path),
    };
  }

  /** To the relay on which the room lives, and after it when it moves. */
  async #connect(claim: JoinClaim, path: PacketPath, bridge: Bridge): Promise<void> {
    const { door, tokenKey, relay, nowUs } = this.#options;
    const onPacket = (packet: Uint8Array): void => {
      bridge.heardUs = nowUs();
      bridge.follower?.heard();
      if (path.send(packet)) this.counters.toPage++;
      else this.counters.pageFull++;
    };
    const token = issueToken(nodeHopCrypto, tokenKey, claim);
    if (door === undefined || !token.ok) {
      bridge.link = new RelayLink(relay, onPacket);
      return;
    }
    const askDoor = askStudio(door, token.value);
    const ask: typeof askDoor = async (silent) => this.#near(await askDoor(silent && this.#far(silent)));
    const place = (await ask(null)) ?? relay;
    if (!this.#paths.has(path)) return; // closed meanwhile
    const link = new RelayLink(place, onPacket);
    bridge.link = link;
    const onMove = (to: RelayPlace): void => {
      this.counters.moved++;
      link.move(to);
    };
    bridge.follower = new RelayFollower(place, { ask, onMove, setTimer: looseTimer });
  }

  #near(place: RelayPlace | null): RelayPlace | null {
    const { homeName, relay } = this.#options;
    return place !== null && place.host === homeName ? { ...place, host: relay.host } : place;
  }

  #far(place: RelayPlace): RelayPlace {
    const { homeName, relay } = this.#options;
    return homeName !== undefined && place.host === relay.host ? { ...place, host: homeName } : place;
  }

  close(reason: string): void {
    for (const path of [...this.#paths.keys()]) {
      path.close(reason);
      this.#closed(path);
    }
  }

  #isLawful(packet: Uint8Array): boolean {
    if (packet.length > limits.DATAGRAM_BYTES_MAX) this.counters.oversized++;
    else if (!decodeHeader(packet).ok) this.counters.malformed++;
    else return true;
    return false;
  }

  #closed(path: PacketPath): void {
    const known = this.#paths.get(path);
    if (known === undefined) return;
    this.#paths.delete(path);
    this.counters.closed++;
    known.follower?.close();
    known.link?.close();
  }
}

function playerOf(claim: JoinClaim): string {
  return `${claim.room}\n${claim.player}`;
}
