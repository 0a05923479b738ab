import { Ring, toHex } from '@jamnet/base';
import { verifyWireToken } from '../crypto/join-token.ts';
import { type HopCrypto, hopKey, hopTagFits, labelled, signHop } from '../crypto/toast-crypto.ts';
import { DATAGRAM_BYTES_MAX, ROOMS_MAX } from '../limits.ts';
import {
  type ControlMessage,
  decodeControl,
  encodeControl,
  type RefusalCode,
} from '../wire/control-message.ts';
import {
  bodyOf,
  decodeHeader,
  encodeHeader,
  HEADER_BYTES,
  type Header,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  type PacketType,
  STREAM_RELAY,
} from '../wire/header.ts';
import { decodeSyncBody, encodeSyncBody, SYNC_BODY_BYTES } from '../wire/sync-body.ts';
import { Room, Seat } from './room.ts';
import { SourceLimit } from './source-limit.ts';

/** Between the moment all are ready and sample 0: every peer must know of it, at 200 ms round trip and some loss. */
const START_LEAD_US = 500_000;
/** A member that is not heard for so long has left. */
const SILENCE_US_MAX = 5_000_000;
/** How long a challenge may be answered. */
const COOKIE_US = 30_000_000;
/** What a returning peer may claim as the room's start lies at most so far back. */
const STARTED_BACK_US_MAX = 24 * 3600 * 1e6;
/** Joins per source address and second: the only work done for strangers. */
const JOINS_PER_SECOND = 50;
const JOINS_BURST = 200;
export const SOURCES_MAX = 4096;
/** Datagrams waiting for the shell, which drains after each one it feeds. */
const RELAY_OUTGOING_MAX = 4096;

export interface Addressed {
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface RelayOptions {
  readonly crypto: HopCrypto;
  /** Shared with the studio that issues tokens; 32 bytes. */
  readonly tokenKey: Uint8Array;
  /** Random per relay process; 32 bytes. */
  readonly cookieKey: Uint8Array;
  readonly startLeadUs?: number;
}

export const RELAY_COUNTERS = [
  'received',
  'forwarded',
  'audio',
  'malformed',
  'unknownSource',
  'forged',
  'replayed',
  'rateLimited',
  'joined',
  'refused',
  'timedOut',
  'overflowed',
] as const;
export type RelayCounters = Record<(typeof RELAY_COUNTERS)[number], number>;

type Join = Extract<ControlMessage, { t: 'join' }>;

/** Rooms and forwarding, without socket or clock: datagrams in, addressed datagrams out; audio is never opened. */
export class Relay {
  readonly outgoing = new Ring<Addressed>(RELAY_OUTGOING_MAX);
  readonly counters: RelayCounters = Object.fromEntries(
    RELAY_COUNTERS.map((name) => [name, 0]),
  ) as RelayCounters; // every name is set
  readonly #options: RelayOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #byAddress = new Map<string, Seat>();
  readonly #joins = new SourceLimit(JOINS_PER_SECOND, JOINS_BURST, SOURCES_MAX);

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  get players(): number {
    return this.#byAddress.size;
  }

  /** `from` is `host:port` in any spelling that the shell uses to answer; never throws. */
  datagram(nowUs: number, from: string, bytes: Uint8Array): void {
    this.counters.received++;
    const header = decodeHeader(bytes);
    if (!header.ok) {
      this.counters.malformed++;
      return;
    }
    const seat = this.#byAddress.get(from);
    if (seat !== undefined && seat.epoch === header.value.epoch)
      this.#fromMember(nowUs, seat, bytes, header.value);
    else this.#fromStranger(nowUs, from, bytes, header.value);
  }

  /** Lets silent members go; call about once a second. */
  tick(nowUs: number): void {
    for (const seat of [...this.#byAddress.values()]) {
      if (nowUs - seat.heardUs <= SILENCE_US_MAX) continue;
      this.counters.timedOut++;
      this.#remove(seat);
    }
  }

  #fromMember(nowUs: number, seat: Seat, bytes: Uint8Array, header: Header): void {
    if (!hopTagFits(this.#options.crypto, seat.hopKey, bytes, header.bodyBytes)) {
      this.counters.forged++;
      return;
    }
    if (!seat.bucket.take(nowUs)) {
      this.counters.rateLimited++;
      return;
    }
    const replay =
      header.type === PACKET_TYPE.audio
        ? seat.audioReplay
        : header.type === PACKET_TYPE.sync
          ? seat.syncReplay
          : seat.controlReplay;
    if (!replay.isFresh(header.sequence)) {
      this.counters.replayed++;
      return;
    }
    replay.accept(header.sequence);
    seat.heardUs = nowUs;
    if (header.type === PACKET_TYPE.audio) this.#forward(seat, bytes);
    else if (header.type === PACKET_TYPE.sync) this.#answerSync(nowUs, seat, bodyOf(bytes, header));
    else if (header.type === PACKET_TYPE.control) this.#control(nowUs, seat, bytes, header);
    else this.#forward(seat, bytes);
  }

  #forward(from: Seat, bytes: Uint8Array): void {
    this.counters.audio++;
    for (const seat of from.room.seats) {
      if (seat === from) continue;
      this.#push(seat.address, bytes);
      this.counters.forwarded++;
    }
  }

  #answerSync(nowUs: number, seat: Seat, body: Uint8Array): void {
    const sync = decodeSyncBody(body);
    if (!sync.ok || sync.value.kind !== 'request') {
      this.counters.malformed++;
      return;
    }
    if (sync.value.ready && !seat.isReady) {
      seat.isReady = true;
      this.#startWhenReady(nowUs, seat.room);
    }
    const datagram = new Uint8Array(HEADER_BYTES + SYNC_BODY_BYTES + HOP_TAG_BYTES);
    const at = Math.floor(nowUs);
    encodeSyncBody(datagram.subarray(HEADER_BYTES), {
      kind: 'answer',
      roomVersion: seat.room.version,
      t0Us: sync.value.t0Us,
      t1Us: at,
      t2Us: at,
    });
    this.#sendSigned(
      seat.address,
      seat.hopKey,
      seat.epoch,
      PACKET_TYPE.sync,
      seat.sequence++,
      datagram,
      SYNC_BODY_BYTES,
    );
    if (sync.value.roomVersion !== seat.room.version) this.#sendRoom(seat);
  }

  #control(nowUs: number, seat: Seat, bytes: Uint8Array, header: Header): void {
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok) {
      this.counters.malformed++;
      return;
    }
    if (message.value.t === 'join') this.#fromStranger(nowUs, seat.address, bytes, header);
    else if (message.value.t === 'leave') {
      this.#sendControl(seat.address, seat.hopKey, seat.epoch, { t: 'goodbye' });
      this.#remove(seat);
    } else if (message.value.t === 'finished' && seat.packets === null) {
      seat.packets = message.value.packets;
      this.#changed(seat.room);
    }
  }

  #fromStranger(nowUs: number, from: string, bytes: Uint8Array, header: Header): void {
    if (header.type !== PACKET_TYPE.control) {
      this.counters.unknownSource++;
      return;
    }
    if (!this.#joins.take(hostOf(from), nowUs)) {
      this.counters.rateLimited++;
      return;
    }
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok || message.value.t !== 'join') {
      this.counters.unknownSource++;
      return;
    }
    this.#join(nowUs, from, bytes, header, message.value);
  }

  /** Answers are never longer than the question, and go unasked to nobody: the address proves itself by the cookie. */
  #join(nowUs: number, from: string, bytes: Uint8Array, header: Header, join: Join): void {
    const { crypto, tokenKey } = this.#options;
    const token = verifyWireToken(crypto, tokenKey, join.token, nowUs);
    if (!token.ok) {
      this.counters.refused++;
      return;
    }
    const key = hopKey(crypto, token.value.secret, join.joinId);
    if (!hopTagFits(crypto, key, bytes, header.bodyBytes) || header.epoch !== join.epoch) {
      this.counters.forged++;
      return;
    }
    if (!this.#cookieFits(nowUs, from, join)) {
      this.#sendControl(from, key, join.epoch, {
        t: 'challenge',
        cookie: this.#cookie(nowUs, from, join.joinId),
      });
      return;
    }
    const refusal = this.#admit(nowUs, from, key, token.value.claim, join);
    if (refusal !== null) {
      this.counters.refused++;
      this.#sendControl(from, key, join.epoch, { t: 'refused', code: refusal });
    }
  }

  #admit(
    nowUs: number,
    from: string,
    key: Uint8Array,
    claim: { room: string; player: string },
    join: Join,
  ): RefusalCode | null {
    let room = this.#rooms.get(claim.room);
    if (room === undefined) {
      if (this.#rooms.size >= ROOMS_MAX) return 'rooms-full';
      room = new Room(claim.room, join.packetFrames);
    }
    if (room.packetFrames !== join.packetFrames) return 'packet-frames-differ';
    const known = room.seats.find((seat) => seat.player === claim.player);
    if (known !== undefined && known.joinId === join.joinId) {
      this.#move(nowUs, known, from);
      return null;
    }
    if (room.seats.some((seat) => seat !== known && seat.epoch === join.epoch)) return 'epoch-taken';
    if (known !== undefined) this.#remove(known);
    const number = room.freeNumber();
    if (number < 0) return 'room-full';
    const moved = this.#byAddress.get(from);
    if (moved !== undefined) this.#remove(moved);
    this.#rooms.set(room.name, room);
    const claimed = join.startedAtUs;
    if (room.startAtUs === 0 && claimed > nowUs - STARTED_BACK_US_MAX && claimed <= nowUs + START_LEAD_US)
      room.startAtUs = claimed;
    // Whoever already played when the relay was new keeps its stream from sample 0.
    const founder = room.startAtUs === 0 || claimed === room.startAtUs;
    const seat = new Seat({
      joinId: join.joinId,
      epoch: join.epoch,
      player: claim.player,
      room,
      number,
      hopKey: key,
      startWhen: join.startWhen,
      founder,
      consent: join.consent,
      address: from,
      heardUs: nowUs,
    });
    room.seats.push(seat);
    this.#byAddress.set(from, seat);
    this.counters.joined++;
    this.#sendControl(from, key, seat.epoch, { t: 'welcome', seat: number });
    this.#changed(room);
    return null;
  }

  /** The same join again: an answer got lost, or the player's address changed. */
  #move(nowUs: number, seat: Seat, address: string): void {
    this.#byAddress.delete(seat.address);
    seat.address = address;
    seat.heardUs = nowUs;
    this.#byAddress.set(address, seat);
    this.#sendControl(address, seat.hopKey, seat.epoch, { t: 'welcome', seat: seat.number });
  }

  #startWhenReady(nowUs: number, room: Room): void {
    if (!room.mayStart) return;
    room.startAtUs = Math.ceil(nowUs + (this.#options.startLeadUs ?? START_LEAD_US));
    this.#changed(room);
  }

  #changed(room: Room): void {
    room.version++;
    for (const seat of room.seats) this.#sendRoom(seat);
  }

  #sendRoom(seat: Seat): void {
    for (const page of seat.room.pages()) this.#sendControl(seat.address, seat.hopKey, seat.epoch, page);
  }

  #remove(seat: Seat): void {
    this.#byAddress.delete(seat.address);
    const room = seat.room;
    room.seats.splice(room.seats.indexOf(seat), 1);
    if (room.seats.length === 0) this.#rooms.delete(room.name);
    else this.#changed(room);
  }

  #cookieFits(nowUs: number, from: string, join: Join): boolean {
    return [nowUs, nowUs - COOKIE_US].some((at) => this.#cookie(at, from, join.joinId) === join.cookie);
  }

  #cookie(atUs: number, from: string, joinId: string): string {
    const window = String(Math.floor(atUs / COOKIE_US));
    return toHex(
      this.#options.crypto
        .hmac(this.#options.cookieKey, labelled('cookie', [window, from, joinId]))
        .subarray(0, 16),
    );
  }

  #sendControl(to: string, key: Uint8Array, epoch: number, message: ControlMessage): void {
    const body = encodeControl(message);
    const datagram = new Uint8Array(Math.min(DATAGRAM_BYTES_MAX, HEADER_BYTES + body.length + HOP_TAG_BYTES));
    datagram.set(body, HEADER_BYTES);
    this.#sendSigned(to, key, epoch, PACKET_TYPE.control, 0, datagram, body.length);
  }

  #sendSigned(
    to: string,
    key: Uint8Array,
    epoch: number,
    type: PacketType,
    sequence: number,
    datagram: Uint8Array,
    bodyBytes: number,
  ): void {
    encodeHeader(datagram, {
      type,
      stream: STREAM_RELAY,
      flags: 0,
      epoch,
      sequence,
      sampleTime: 0,
      bodyBytes,
    });
    signHop(this.#options.crypto, key, datagram, bodyBytes);
    this.#push(to, datagram);
  }

  #push(to: string, bytes: Uint8Array): void {
    if (!this.outgoing.push({ to, bytes })) this.counters.overflowed++;
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
