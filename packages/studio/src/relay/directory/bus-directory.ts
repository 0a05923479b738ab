import { canonicalJson, decodeUtf8, encodeUtf8, toHex } from '@jamnet/base';
import type { Bus } from '@jamnet/bus';
import { isName } from '@jamnet/toast';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import { equal, HEARTBEAT_AGE_US_MAX, type SignedHeartbeat, signHeartbeat } from './heartbeat.ts';
import type { HomeRelay, RelayDesk } from './relay-desk.ts';
import type { Place } from './relay-directory.ts';

/** Relays say that they live; studios say where rooms live; a studio that has just come asks for it. */
const [BEATS, PLACES, QUESTIONS] = ['jamnet.relay.beat', 'jamnet.room.place', 'jamnet.room.question'];
/** What one says to oneself, with one's own name behind: it tells whether the bus carries anything, whatever its connection believes. */
const ECHO = 'jamnet.studio.echo';
/** Several beats' own echoes are missing. */
export const DEAF_US_MIN = 750_000;

const COUNT = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const NAME = Type.String({ minLength: 1, maxLength: 32 });
const MAC = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const HeartbeatBody = Type.Object(
  {
    beat: Type.Object(
      {
        id: NAME,
        host: Type.String({ minLength: 1, maxLength: 253 }),
        port: Type.Integer({ minimum: 1, maximum: 65_535 }),
        atUs: COUNT,
        rooms: COUNT,
        players: COUNT,
      },
      { additionalProperties: false },
    ),
    mac: MAC,
  },
  { additionalProperties: false },
);
const PlaceBody = Type.Object({
  place: Type.Object({ room: NAME, relay: NAME, placedUs: COUNT }),
  atUs: COUNT,
  mac: MAC,
});

export function publishBeat(bus: Bus, signed: SignedHeartbeat): void {
  say(bus, BEATS, signed);
}

export interface BusDirectoryParts {
  readonly bus: Bus;
  readonly desk: RelayDesk;
  /** 32 bytes that studios and relays share. */
  readonly tokenKey: Uint8Array;
  /** This studio among those on the bus, 8 hex digits: all call their own relays `home`. */
  readonly instance: string;
  readonly homes: () => readonly HomeRelay[];
  readonly nowUs: () => number;
}

/** What one studio and the others on a bus tell each other of relays and rooms; nothing unsigned is believed. */
export class BusDirectory {
  readonly #parts: BusDirectoryParts;
  #echoedUs: number;
  #isDeaf = false;

  constructor(parts: BusDirectoryParts) {
    this.#parts = parts;
    const { bus, nowUs } = parts;
    this.#echoedUs = nowUs();
    bus.subscribe(`${ECHO}.${parts.instance}`, () => {
      this.#echoedUs = nowUs();
    });
    bus.subscribe(BEATS, (bytes) => this.#takeBeat(readJson(bytes)));
    bus.subscribe(PLACES, (bytes) => this.#takePlace(readJson(bytes)));
    bus.subscribe(QUESTIONS, () => this.#tellPlaces());
    say(bus, QUESTIONS, {});
  }

  /**
   * Tells the other studios of this one's own relays; call several times a second. While the bus is away relays elsewhere are taken
   * to live on: rooms stay where they are and newcomers find them; afterwards each tells the others where rooms live.
   */
  beat(): void {
    const { bus, homes, tokenKey, nowUs, instance } = this.#parts;
    this.#listen();
    say(bus, `${ECHO}.${instance}`, {});
    for (const home of homes()) {
      const beat = { ...home, id: this.#abroad(home.id), atUs: nowUs() };
      publishBeat(bus, signHeartbeat(nodeHopCrypto, tokenKey, beat));
    }
  }

  tellPlace({ room, relay, placedUs }: Place): void {
    const place = { room, relay: this.#abroad(relay), placedUs };
    const atUs = this.#parts.nowUs();
    say(this.#parts.bus, PLACES, { place, atUs, mac: this.#macOf(place, atUs) });
  }

  #listen(): void {
    const { bus, desk, nowUs } = this.#parts;
    const wasDeaf = this.#isDeaf;
    this.#isDeaf = nowUs() - this.#echoedUs > DEAF_US_MIN;
    if (this.#isDeaf) desk.unheard();
    if (!wasDeaf || this.#isDeaf) return;
    say(bus, QUESTIONS, {});
    this.#tellPlaces();
  }

  #tellPlaces(): void {
    for (const place of this.#parts.desk.places()) this.tellPlace(place);
  }

  #takeBeat(value: unknown): void {
    if (Value.Check(HeartbeatBody, value) && this.#atHome(value.beat.id) === value.beat.id)
      this.#parts.desk.heartbeat(value);
  }

  #takePlace(value: unknown): void {
    if (!Value.Check(PlaceBody, value) || !isName(value.place.room)) return;
    const { place, atUs, mac } = value;
    if (Math.abs(this.#parts.nowUs() - atUs) > HEARTBEAT_AGE_US_MAX) return;
    if (!equal(mac, this.#macOf(place, atUs))) return;
    this.#parts.desk.adopt({ ...place, relay: this.#atHome(place.relay) });
  }

  /** A relay of ours as the others call it, and back. */
  #abroad(id: string): string {
    return this.#parts.homes().some((home) => home.id === id) ? `${this.#parts.instance} ${id}` : id;
  }

  #atHome(id: string): string {
    const own = `${this.#parts.instance} `;
    return id.startsWith(own) ? id.slice(own.length) : id;
  }

  #macOf({ room, relay, placedUs }: Place, atUs: number): string {
    const text = canonicalJson({ room, relay, placedUs, atUs });
    return toHex(nodeHopCrypto.hmac(this.#parts.tokenKey, encodeUtf8(`jamnet/room/place/v1\n${text}`)));
  }
}

function say(bus: Bus, subject: string, value: object): void {
  bus.publish(subject, encodeUtf8(JSON.stringify(value)));
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes) ?? '') as unknown;
  } catch {
    return null;
  }
}
