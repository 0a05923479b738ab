import { type Result, refuse } from '@jamnet/base';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import { checkHeartbeat, type SignedHeartbeat } from './heartbeat.ts';
import { type MeasuredDelays, RelayDirectory, type RelayRow } from './relay-directory.ts';

/** The studio's own relay, which pages reach too. */
export const HOME_RELAY = 'home';

export interface RelayAddress {
  readonly host: string;
  readonly port: number;
}

/** The studio's own relay and what it carries. */
export interface HomeRelay extends RelayAddress {
  readonly rooms: number;
  readonly players: number;
}

export interface RelayDeskParts {
  readonly tokenKey: Uint8Array;
  readonly nowUs: () => number;
  /** The studio's own relay; null until it listens, and when it ended. */
  readonly home: () => HomeRelay | null;
}

/** What a studio answers about relays: who is there, and where somebody finds a room. */
export class RelayDesk {
  readonly #parts: RelayDeskParts;
  readonly #directory = new RelayDirectory();
  #homeBeats = 0;

  constructor(parts: RelayDeskParts) {
    this.#parts = parts;
  }

  heartbeat(signed: SignedHeartbeat): Result<null> {
    if (signed.beat.id === HOME_RELAY)
      return refuse('heartbeat-malformed', `"${HOME_RELAY}" is the studio's own relay: choose another name.`);
    const nowUs = this.#parts.nowUs();
    const beat = checkHeartbeat(nodeHopCrypto, this.#parts.tokenKey, signed, nowUs);
    return beat.ok ? this.#directory.heard(nowUs, beat.value) : beat;
  }

  list(): RelayRow[] {
    this.#hearHome();
    return this.#directory.relays(this.#parts.nowUs());
  }

  /** What is worth measuring before one enters: all relays, or none where the room has its place or there is but one. */
  candidates(room: string): RelayRow[] {
    const all = this.list();
    return all.length < 2 || this.#directory.isPlaced(this.#parts.nowUs(), room) ? [] : all;
  }

  enter(room: string, player: string, delays: MeasuredDelays): Result<RelayAddress> {
    this.#hearHome();
    const placed = this.#directory.enter(this.#parts.nowUs(), room, player, delays);
    if (!placed.ok) return placed;
    const { host, port } = placed.value.relay;
    return { ok: true, value: { host, port } };
  }

  /** For a page, whose bridge leads to the studio's own relay only. */
  enterAtHome(room: string, player: string): Result<RelayAddress> {
    this.#hearHome();
    const nowUs = this.#parts.nowUs();
    const isOpen = this.#directory.isPlaced(nowUs, room);
    const placed = this.#directory.enter(nowUs, room, player, isOpen ? {} : { [HOME_RELAY]: 0 });
    if (!placed.ok) return placed;
    const { id, host, port } = placed.value.relay;
    if (id === HOME_RELAY) return { ok: true, value: { host, port } };
    return refuse(
      'room-elsewhere',
      `This room lives on the relay "${id}", which pages do not reach yet: use jamnet play.`,
    );
  }

  /** Its process is a child of the studio: it needs no signature, and lives as long as it has an address. */
  #hearHome(): void {
    const home = this.#parts.home();
    if (home === null) this.#directory.gone(HOME_RELAY);
    else {
      const beat = { id: HOME_RELAY, ...home, atUs: ++this.#homeBeats };
      this.#directory.heard(this.#parts.nowUs(), beat);
    }
  }
}
