import type { Ring } from '@jamnet/base';
import type { Addressed } from '../addressed.ts';
import type { JoinClaim } from '../crypto/join-token.ts';
import { type HopCrypto, hopTagFits } from '../crypto/toast-crypto.ts';
import { ROOMS_MAX, SAMPLE_RATE_HZ } from '../limits.ts';
import { withCommand, withRecalled } from '../timeline/beat-timeline.ts';
import { type ControlMessage, decodeControl, type RefusalCode } from '../wire/control-message.ts';
import {
  bodyOf,
  type Header,
  HeaderReader,
  heldBytes,
  PACKET_TYPE,
  type PacketType,
} from '../wire/header.ts';
import { heldSeats } from '../wire/held-seats.ts';
import { decodeSyncBody } from '../wire/sync-body.ts';
import { Door, type Join } from './door.ts';
import { RelayMail } from './relay-mail.ts';
import { Rendezvous } from './rendezvous.ts';
import { Room, replayOf, Seat } from './room.ts';
import { StandingQueue } from './standing-queue.ts';

/** Between the moment all are ready and sample 0: every peer must know of it, at 200 ms round trip and some loss. */
const START_LEAD_US = 500_000;
/**
 * A relay younger than this schedules no start: who played on the one before it notices the silence after half a second, joins
 * again a few times, and tells when the room began.
 */
const RETURN_US = 1_000_000;
/** Between a change of the beat and the sample it holds from: as above, while all are listening. */
const TIMELINE_LEAD_US = 250_000;
/** A member that is not heard for so long has left. */
const SILENCE_US_MAX = 5_000_000;
/** What a returning peer may claim as the room's start lies at most so far back. */
const STARTED_BACK_US_MAX = 24 * 3600 * 1e6;

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
  'stale',
  'joined',
  'refused',
  'timedOut',
  'overflowed',
] as const;
export type RelayCounters = Record<(typeof RELAY_COUNTERS)[number], number>;

const NOBODY: readonly string[] = [];

/**
 * Rooms and forwarding, without socket or clock: datagrams in, addressed datagrams out; audio is never opened.
 */
export class Relay {
  readonly counters: RelayCounters = Object.fromEntries(
    RELAY_COUNTERS.map((name) => [name, 0]),
  ) as RelayCounters; // every name is set
  readonly #options: RelayOptions;
  readonly #mail: RelayMail;
  readonly #rendezvous: Rendezvous;
  readonly #door: Door;
  readonly #rooms = new Map<string, Room>();
  readonly #byAddress = new Map<string, Seat>();
  readonly #header = new HeaderReader();
  readonly #queue = new StandingQueue();
  /** When it was first told the time, µs. */
  #bornUs = -1;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#mail = new RelayMail(options.crypto);
    this.#rendezvous = new Rendezvous(this.#mail);
    this.#door = new Door(options);
  }

  /** Datagrams for the shell to send. */
  get outgoing(): Ring<Addressed> {
    return this.#mail.outgoing;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  get players(): number {
    return this.#byAddress.size;
  }

  /** `from` is `host:port` in any spelling that the shell uses to answer; never throws. Everything to send lies in {@link outgoing}. */
  datagram(nowUs: number, from: string, bytes: Uint8Array): void {
    for (const to of this.route(nowUs, from, bytes, 0)) this.#mail.pass(to, bytes);
    this.counters.overflowed = this.#mail.overflowed;
  }

  /**
   * As {@link datagram}, for shells that send the same bytes to many: answers the addresses to which they go on, a list that is
   * good until the next call; only the relay's own datagrams lie in {@link outgoing}. `waitedUs` is how long the datagram lay
   * unread, 0 where the shell cannot know.
   */
  route(nowUs: number, from: string, bytes: Uint8Array, waitedUs: number): readonly string[] {
    this.#noteTime(nowUs);
    this.counters.received++;
    const header = this.#header;
    if (header.read(bytes) !== null) {
      this.counters.malformed++;
      return NOBODY;
    }
    if (header.type === PACKET_TYPE.audio && this.#queue.isStale(nowUs, waitedUs)) {
      this.counters.stale++;
      return NOBODY;
    }
    const seat = this.#byAddress.get(from);
    if (seat !== undefined && seat.epoch === header.epoch)
      return this.#fromMember(nowUs, seat, bytes, header);
    this.#fromStranger(nowUs, from, bytes, header);
    this.counters.overflowed = this.#mail.overflowed;
    return NOBODY;
  }

  #noteTime(nowUs: number): void {
    if (this.#bornUs < 0) this.#bornUs = nowUs;
  }

  /** Lets silent members go; call about once a second. */
  tick(nowUs: number): void {
    this.#noteTime(nowUs);
    for (const seat of [...this.#byAddress.values()]) {
      if (nowUs - seat.heardUs <= SILENCE_US_MAX) continue;
      this.counters.timedOut++;
      this.#remove(seat);
    }
  }

  #fromMember(nowUs: number, seat: Seat, bytes: Uint8Array, header: Header): readonly string[] {
    const signedBytes = header.bodyBytes + heldBytes(header.flags);
    if (!hopTagFits(this.#options.crypto, seat.hopKey, bytes, signedBytes)) {
      this.counters.forged++;
      return NOBODY;
    }
    if (!seat.bucket.take(nowUs)) {
      this.counters.rateLimited++;
      return NOBODY;
    }
    if (header.type === PACKET_TYPE.probe) {
      this.counters.malformed++;
      return NOBODY;
    }
    if (isForMembers(header.type) && header.stream !== seat.number) {
      this.counters.forged++;
      return NOBODY;
    }
    const replay = replayOf(seat, header.type);
    if (!replay.isFresh(header.sequence)) {
      this.counters.replayed++;
      return NOBODY;
    }
    replay.accept(header.sequence);
    seat.heardUs = nowUs;
    if (header.type === PACKET_TYPE.sync) this.#answerSync(nowUs, seat, bodyOf(bytes, header));
    else if (header.type === PACKET_TYPE.control) this.#control(nowUs, seat, bytes, header);
    else {
      if (header.type === PACKET_TYPE.audio) this.counters.audio++;
      // Who does not know the room as it is may mean other members by its seats: then once too often rather than not at all.
      const held = seat.knownVersion === seat.room.version ? heldSeats(bytes, header) : 0;
      const others = held === 0 ? seat.others : seat.room.othersWithout(seat, held);
      this.counters.forwarded += others.length;
      return others;
    }
    return NOBODY;
  }

  #answerSync(nowUs: number, seat: Seat, body: Uint8Array): void {
    const sync = decodeSyncBody(body);
    if (!sync.ok || sync.value.kind !== 'request') {
      this.counters.malformed++;
      return;
    }
    if (sync.value.ready) {
      seat.isReady = true;
      this.#startWhenReady(nowUs, seat.room);
    }
    seat.knownVersion = sync.value.roomVersion;
    const at = Math.floor(nowUs);
    this.#mail.sync(seat, seat.sequence++, {
      kind: 'answer',
      roomVersion: seat.room.version,
      t0Us: sync.value.t0Us,
      t1Us: at,
      t2Us: at,
    });
    if (sync.value.roomVersion !== seat.room.version) this.#sendRoom(seat);
  }

  #control(nowUs: number, seat: Seat, bytes: Uint8Array, header: Header): void {
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok) {
      this.counters.malformed++;
      return;
    }
    switch (message.value.t) {
      case 'join':
        this.#fromStranger(nowUs, seat.address, bytes, header);
        return;
      case 'leave':
        this.#mail.control(seat, { t: 'goodbye' });
        this.#remove(seat);
        return;
      case 'finished':
        if (seat.packets !== null) return;
        seat.packets = message.value.packets;
        this.#changed(seat.room);
        return;
      case 'direct':
        this.#rendezvous.take(nowUs, seat, message.value);
        return;
      case 'timeline':
        this.#changeTimeline(nowUs, seat, message.value);
        return;
      case 'key':
      case 'key-taken':
        this.#handOver(seat, message.value);
        return;
      default:
        this.counters.malformed++;
    }
  }

  #changeTimeline(nowUs: number, seat: Seat, message: Extract<ControlMessage, { t: 'timeline' }>): void {
    const { room } = seat;
    const samplesOf = (us: number): number => (us * SAMPLE_RATE_HZ) / 1e6;
    const now = room.startAtUs === 0 ? 0 : samplesOf(nowUs - room.startAtUs);
    if (message.recalled && room.isBeatAsked) return;
    const entries = message.recalled
      ? withRecalled(room.timeline, message.entry)
      : withCommand(room.timeline, message.entry, Math.max(0, now), samplesOf(TIMELINE_LEAD_US));
    if (entries === null) return;
    // It asks again.
    if (!seat.beats.take(nowUs)) {
      this.counters.rateLimited++;
      return;
    }
    if (!message.recalled) room.isBeatAsked = true;
    room.timeline = entries;
    this.#changed(room);
  }

  /** A sealed secret from one member to another; the relay only says from which seat. */
  #handOver(from: Seat, message: Extract<ControlMessage, { t: 'key' | 'key-taken' }>): void {
    const to = from.room.seats.find((seat) => seat.number === message.seat);
    if (to !== undefined && to !== from) this.#mail.control(to, { ...message, seat: from.number });
  }

  #fromStranger(nowUs: number, from: string, bytes: Uint8Array, header: Header): void {
    const entry = this.#door.judge(nowUs, from, bytes, header);
    switch (entry.kind) {
      case 'unknown-source':
        this.counters.unknownSource++;
        return;
      case 'rate-limited':
        this.counters.rateLimited++;
        return;
      case 'refused':
        this.counters.refused++;
        return;
      case 'forged':
        this.counters.forged++;
        return;
      case 'challenge': {
        const to = { address: from, hopKey: entry.key, epoch: entry.join.epoch };
        this.#mail.control(to, { t: 'challenge', cookie: entry.cookie });
        return;
      }
      case 'enter':
        this.#enter(nowUs, from, entry.key, entry.claim, entry.join);
    }
  }

  #enter(nowUs: number, from: string, key: Uint8Array, claim: JoinClaim, join: Join): void {
    const refusal = this.#admit(nowUs, from, key, claim, join);
    if (refusal === null) return;
    this.counters.refused++;
    this.#mail.control({ address: from, hopKey: key, epoch: join.epoch }, { t: 'refused', code: refusal });
  }

  #admit(
    nowUs: number,
    from: string,
    key: Uint8Array,
    claim: { readonly room: string; readonly player: string },
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
    this.#seat(nowUs, from, key, claim.player, join, room, number);
    return null;
  }

  #seat(
    nowUs: number,
    from: string,
    key: Uint8Array,
    player: string,
    join: Join,
    room: Room,
    number: number,
  ): void {
    const claimed = join.startedAtUs;
    if (room.startAtUs === 0 && claimed > nowUs - STARTED_BACK_US_MAX && claimed <= nowUs + START_LEAD_US)
      room.startAtUs = claimed;
    const { joinId, epoch, startWhen, consent, keys } = join;
    // Whoever already played when the relay was new keeps its stream from sample 0.
    const founder = room.startAtUs === 0 || claimed === room.startAtUs;
    const place = { player, room, number, hopKey: key, founder, address: from, heardUs: nowUs };
    const seat = new Seat({ joinId, epoch, startWhen, consent, keys, ...place });
    room.add(seat);
    this.#byAddress.set(from, seat);
    this.counters.joined++;
    this.#mail.control(seat, { t: 'welcome', seat: number });
    this.#changed(room);
  }

  /** The same join again: an answer got lost, or the player's address changed. */
  #move(nowUs: number, seat: Seat, address: string): void {
    this.#byAddress.delete(seat.address);
    seat.room.move(seat, address);
    seat.heardUs = nowUs;
    this.#byAddress.set(address, seat);
    this.#mail.control(seat, { t: 'welcome', seat: seat.number });
    this.#rendezvous.show(seat);
  }

  #startWhenReady(nowUs: number, room: Room): void {
    if (nowUs - this.#bornUs < RETURN_US || !room.mayStart) return;
    room.startAtUs = Math.ceil(nowUs + (this.#options.startLeadUs ?? START_LEAD_US));
    this.#changed(room);
  }

  #changed(room: Room): void {
    room.version++;
    for (const seat of room.seats) this.#sendRoom(seat);
  }

  #sendRoom(seat: Seat): void {
    for (const page of seat.room.pages()) this.#mail.control(seat, page);
  }

  #remove(seat: Seat): void {
    this.#byAddress.delete(seat.address);
    const room = seat.room;
    room.remove(seat);
    if (room.seats.length === 0) this.#rooms.delete(room.name);
    else this.#changed(room);
  }
}

/** What goes on to others must name its sender's seat; the relay's own mail also comes from those who do not know theirs. */
function isForMembers(type: PacketType): boolean {
  return type === PACKET_TYPE.audio || type === PACKET_TYPE.midi || type === PACKET_TYPE.stats;
}
