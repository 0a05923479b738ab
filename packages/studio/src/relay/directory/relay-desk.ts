import { type Result, refuse } from '@jamnet/base';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import { checkHeartbeat, type SignedHeartbeat } from './heartbeat.ts';
import { type MeasuredDelays, type Place, RelayDirectory, type RelayRow } from './relay-directory.ts';

/** The studio's own relays are called so, and `home-2` and on. */
export const HOME_RELAY = 'home';
const HOME_NAME = /^home(-\d+)?$/;

export interface RelayAddress {
  readonly host: string;
  readonly port: number;
}

/** One of the studio's own relays and what it carries. */
export interface HomeRelay extends RelayAddress {
  readonly id: string;
  readonly rooms: number;
  readonly players: number;
}

export interface RelayDeskParts {
  readonly tokenKey: Uint8Array;
  readonly nowUs: () => number;
  /** The studio's own relays that listen now. */
  readonly homes: () => readonly HomeRelay[];
  /** Told of each room that opens or moves. */
  readonly onPlace?: (place: Place) => void;
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
    if (HOME_NAME.test(signed.beat.id))
      return refuse(
        'heartbeat-malformed',
        `"${signed.beat.id}" is the studio's own relay: choose another name.`,
      );
    const nowUs = this.#parts.nowUs();
    const beat = checkHeartbeat(nodeHopCrypto, this.#parts.tokenKey, signed, nowUs);
    return beat.ok ? this.#directory.heard(nowUs, beat.value) : beat;
  }

  list(): RelayRow[] {
    this.#hearHomes();
    return this.#directory.relays(this.#parts.nowUs());
  }

  /** What is worth measuring before one enters: all relays, or none where the room has its place or there is but one. */
  candidates(room: string): RelayRow[] {
    const all = this.list();
    return all.length < 2 || this.#directory.isPlaced(this.#parts.nowUs(), room) ? [] : all;
  }

  /** `delays` null: nothing was measured now, and what was before holds. */
  enter(room: string, player: string, delays: MeasuredDelays | null): Result<RelayAddress> {
    this.#hearHomes();
    const nowUs = this.#parts.nowUs();
    const placed = this.#directory.enter(nowUs, room, player, delays);
    if (!placed.ok) return placed;
    const { id, host, port } = placed.value.relay;
    if (placed.value.placedUs === nowUs) this.#parts.onPlace?.({ room, relay: id, placedUs: nowUs });
    return { ok: true, value: { host, port } };
  }

  places(): readonly Place[] {
    return this.#directory.places();
  }

  /** The bus was away, so that no relay elsewhere could be heard. */
  unheard(): void {
    this.#directory.unheard(this.#parts.nowUs());
  }

  /** Another studio placed the room. */
  adopt(place: Place): void {
    this.#hearHomes();
    this.#directory.adopt(this.#parts.nowUs(), place);
  }

  /** For a page: its bridge runs beside the studio's own relays, so that they are the nearest to open a room on. */
  enterFromPage(room: string, player: string): Result<RelayAddress> {
    const nowUs = this.#parts.nowUs();
    this.#hearHomes();
    const homes = Object.fromEntries(this.#parts.homes().map(({ id }) => [id, 0]));
    return this.enter(room, player, this.#directory.isPlaced(nowUs, room) ? {} : homes);
  }

  /**
   * Where a room lives now, for who is in it already; `silent` is the relay that it does not hear. The room moves when that relay
   * is gone.
   */
  where(room: string, player: string, silent: RelayAddress | null): Result<RelayAddress> {
    this.#hearHomes();
    if (silent !== null) this.#directory.doubt(this.#parts.nowUs(), silent.host, silent.port);
    return this.enter(room, player, null);
  }

  /** Their processes are children of the studio: they need no signature, and live as long as they have an address. */
  #hearHomes(): void {
    const homes = this.#parts.homes();
    const nowUs = this.#parts.nowUs();
    for (const { id } of this.#directory.relays(nowUs))
      if (HOME_NAME.test(id) && !homes.some((home) => home.id === id)) this.#directory.gone(id);
    this.#homeBeats++;
    for (const home of homes) this.#directory.heard(nowUs, { ...home, atUs: this.#homeBeats });
  }
}
