import { ok, type Result, refuse } from '@jamnet/base';
import type { Heartbeat, HeartbeatCode } from './heartbeat.ts';

export const RELAYS_MAX = 32;
export const ROOMS_PLACED_MAX = 1024;
/** Members of a room whose measured delays are kept: as many as a room holds. */
export const MEMBERS_MEASURED_MAX = 16;
/** A relay that says nothing for so long is gone. */
export const RELAY_SILENCE_US_MAX = 3_000_000;
/** A relay that says nothing for so long is gone too once a member of its room does not hear it either: several beats are missing. */
export const DOUBTED_SILENCE_US_MAX = 750_000;
/** Of relays that are about equally near the one with the least to do is taken: a measured round trip wavers by as much. */
const NEAR_US = 1_000;
/** A room that nobody entered for so long is forgotten once its relay holds no room at all. */
const ROOM_IDLE_US = 60_000_000;

/** Round trips that a member measured, µs by the relay's name. */
export type MeasuredDelays = Readonly<Record<string, number>>;

export interface RelayRow extends Heartbeat {
  /** When the studio last heard of it, UTC µs. */
  readonly heardUs: number;
}

interface Placement {
  relay: string;
  /** When it came to live there, UTC µs by the clock of the studio that decided it. */
  placedUs: number;
  enteredUs: number;
  /** By player; the one that has been there longest gives way. */
  readonly delays: Map<string, MeasuredDelays>;
}

/** One room's place. */
export interface Place {
  readonly room: string;
  readonly relay: string;
  readonly placedUs: number;
}

export interface Placed {
  readonly relay: RelayRow;
  /** The room had lived on a relay that is gone, and moved. */
  readonly hasMoved: boolean;
  /** Since when it lives there, UTC µs. */
  readonly placedUs: number;
}

/**
 * Which relays there are, and which room lives where. A room goes where its members' worst measured delay is least, and stays
 * there while that relay lives; then it moves by the same rule. Takes the time as an argument and sends nothing.
 */
export class RelayDirectory {
  readonly #relays = new Map<string, RelayRow>();
  readonly #rooms = new Map<string, Placement>();

  /** Takes a heartbeat that was checked. Refuses one that is not newer than the last of that relay, and a relay too many. */
  heard(nowUs: number, beat: Heartbeat): Result<null, HeartbeatCode | 'relays-full'> {
    this.#forgetSilent(nowUs);
    const known = this.#relays.get(beat.id);
    if (known !== undefined && beat.atUs <= known.atUs)
      return refuse('heartbeat-stale', 'This heartbeat came before, or two relays have one name.');
    if (known === undefined && this.#relays.size >= RELAYS_MAX)
      return refuse('relays-full', `A studio has at most ${RELAYS_MAX} relays.`);
    this.#relays.set(beat.id, { ...beat, heardUs: nowUs });
    return ok(null);
  }

  /** Nobody could be heard just now, which says nothing of the relays: the time of their silence begins anew. */
  unheard(nowUs: number): void {
    for (const [id, row] of this.#relays) this.#relays.set(id, { ...row, heardUs: nowUs });
  }

  /** A relay that ended: its rooms move with the next who enters. */
  gone(id: string): void {
    this.#relays.delete(id);
  }

  /** A member does not hear this relay: it is gone where it has said nothing for a while here either. */
  doubt(nowUs: number, host: string, port: number): void {
    for (const row of this.#relays.values())
      if (row.host === host && row.port === port && nowUs - row.heardUs > DOUBTED_SILENCE_US_MAX)
        this.gone(row.id);
  }

  /** Those that live, by name. */
  relays(nowUs: number): RelayRow[] {
    this.#forgetSilent(nowUs);
    return [...this.#relays.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Whether the room has a living relay already, so that measuring would change nothing. */
  isPlaced(nowUs: number, room: string): boolean {
    this.#forgetSilent(nowUs);
    const placement = this.#rooms.get(room);
    return placement !== undefined && !this.#isFree(nowUs, placement) && this.#relays.has(placement.relay);
  }

  /** Where `player` finds the room; opens or moves it if need be. `delays` null keeps what the player had measured before. */
  enter(
    nowUs: number,
    room: string,
    player: string,
    delays: MeasuredDelays | null = {},
  ): Result<Placed, 'relay-not-running'> {
    this.#forgetSilent(nowUs);
    let placement = this.#rooms.get(room);
    if (placement !== undefined && this.#isFree(nowUs, placement)) placement = undefined;
    const measured = placement?.delays ?? new Map<string, MeasuredDelays>();
    if (delays !== null) this.#remember(measured, player, delays);
    const current = this.#relays.get(placement?.relay ?? '');
    const relay = current ?? this.#best(measured);
    if (relay === undefined)
      return refuse('relay-not-running', 'The relay is not running yet: try again in a moment.');
    this.#rooms.delete(room);
    if (this.#rooms.size >= ROOMS_PLACED_MAX) this.#rooms.delete(oldestOf(this.#rooms) ?? '');
    const placedUs = current === undefined ? nowUs : (placement?.placedUs ?? nowUs);
    this.#rooms.set(room, { relay: relay.id, placedUs, enteredUs: nowUs, delays: measured });
    return ok({ relay, hasMoved: placement !== undefined && current === undefined, placedUs });
  }

  /** Which room lives where since when, of relays that live. */
  places(): readonly Place[] {
    return [...this.#rooms]
      .filter(([, { relay }]) => this.#relays.has(relay))
      .map(([room, { relay, placedUs }]) => ({ room, relay, placedUs }));
  }

  /**
   * Another studio placed the room. Where both did at once the earlier one counts, so that all studios come to one answer and members
   * who ask again find each other. Whoever has just come hears of rooms before it hears the relays on which they live.
   */
  adopt(nowUs: number, { room, relay, placedUs }: Place): void {
    this.#forgetSilent(nowUs);
    const own = this.#rooms.get(room);
    const isOwnGood = own !== undefined && this.#relays.has(own.relay) && !this.#isFree(nowUs, own);
    if (isOwnGood && !this.#relays.has(relay)) return;
    if (isOwnGood && (own.placedUs < placedUs || (own.placedUs === placedUs && own.relay <= relay))) return;
    if (own === undefined && this.#rooms.size >= ROOMS_PLACED_MAX)
      this.#rooms.delete(oldestOf(this.#rooms) ?? '');
    const delays = own?.delays ?? new Map<string, MeasuredDelays>();
    this.#rooms.set(room, { relay, placedUs, enteredUs: nowUs, delays });
  }

  /** Least worst delay; of those about equally near, and where nobody measured, the one with fewest players, then fewest rooms, then by name. */
  #best(measured: ReadonlyMap<string, MeasuredDelays>): RelayRow | undefined {
    const worst = (id: string): number => {
      let most = 0;
      for (const delays of measured.values())
        if (Object.keys(delays).length > 0) most = Math.max(most, delays[id] ?? Number.POSITIVE_INFINITY);
      return most;
    };
    const rows = [...this.#relays.values()];
    const nearestUs = Math.min(...rows.map(({ id }) => worst(id)));
    const rooms = this.#roomsByRelay();
    const load = ({ id }: RelayRow): number => rooms.get(id) ?? 0;
    return rows
      .filter(({ id }) => worst(id) <= nearestUs + NEAR_US)
      .toSorted((a, b) => a.players - b.players || load(a) - load(b) || (a.id < b.id ? -1 : 1))[0];
  }

  /** Beats tell of players late: rooms that were just placed count at once. */
  #roomsByRelay(): ReadonlyMap<string, number> {
    const rooms = new Map<string, number>();
    for (const { relay } of this.#rooms.values()) rooms.set(relay, (rooms.get(relay) ?? 0) + 1);
    return rooms;
  }

  #remember(measured: Map<string, MeasuredDelays>, player: string, delays: MeasuredDelays): void {
    const kept: Record<string, number> = {};
    for (const { id } of this.#relays.values()) {
      const delayUs = Object.hasOwn(delays, id) ? delays[id] : undefined;
      if (delayUs !== undefined && Number.isFinite(delayUs) && delayUs >= 0) kept[id] = delayUs;
    }
    measured.delete(player);
    if (measured.size >= MEMBERS_MEASURED_MAX) measured.delete(oldestOf(measured) ?? '');
    measured.set(player, kept);
  }

  #isFree(nowUs: number, placement: Placement): boolean {
    return this.#relays.get(placement.relay)?.rooms === 0 && nowUs - placement.enteredUs > ROOM_IDLE_US;
  }

  #forgetSilent(nowUs: number): void {
    for (const [id, { heardUs }] of this.#relays)
      if (nowUs - heardUs > RELAY_SILENCE_US_MAX) this.#relays.delete(id);
  }
}

function oldestOf(map: ReadonlyMap<string, unknown>): string | undefined {
  for (const key of map.keys()) return key;
  return undefined;
}
