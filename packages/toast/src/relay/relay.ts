import type { Ring } from '@jamnet/base';
import type { Addressed } from '../addressed.ts';
import { type HopCrypto, hopTagFits } from '../crypto/toast-crypto.ts';
import { SAMPLE_RATE_HZ } from '../limits.ts';
import { withCommand, withRecalled } from '../timeline/beat-timeline.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import { type ControlMessage, decodeControl } from '../wire/control-message.ts';
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
import { Door } from './door.ts';
import { RelayMail } from './relay-mail.ts';
import { Rendezvous } from './rendezvous.ts';
import { replayOf, type Seat } from './room.ts';
import { Rooms } from './rooms.ts';
import { StandingQueue } from './standing-queue.ts';

/** Between a change of the beat and the sample it holds from: as above, while all are listening. */
const TIMELINE_LEAD_US = 250_000;
/** A member that is not heard for so long has left. */
const SILENCE_US_MAX = 5_000_000;
export interface RelayOptions {
  readonly crypto: HopCrypto;
  /** Ed25519 (RFC 8032): tells who owns the keys of a name. False, and no throw, for bytes that are no key or no signature. */
  readonly verify: PeerIdentity['verify'];
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
  'fromListeners',
  'joined',
  'rejoined',
  'contested',
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
  readonly counters: RelayCounters;
  readonly #options: RelayOptions;
  readonly #mail: RelayMail;
  readonly #rendezvous: Rendezvous;
  readonly #door: Door;
  readonly #rooms: Rooms;
  readonly #header = new HeaderReader();
  readonly #queue = new StandingQueue();

  constructor(options: RelayOptions) {
    this.#options = options;
    const mail = new RelayMail(options.crypto);
    this.#mail = mail;
    const zeros = Object.fromEntries(RELAY_COUNTERS.map((name) => [name, 0])) as RelayCounters; // every name is set
    this.counters = Object.defineProperty(zeros, 'overflowed', {
      enumerable: true,
      get: () => mail.overflowed,
    });
    this.#rendezvous = new Rendezvous(this.#mail);
    this.#door = new Door(options);
    this.#rooms = new Rooms(this.#mail, this.#rendezvous, options);
  }

  /** Datagrams for the shell to send. */
  get outgoing(): Ring<Addressed> {
    return this.#mail.outgoing;
  }

  get rooms(): number {
    return this.#rooms.count;
  }

  get players(): number {
    return this.#rooms.seats;
  }

  /** `from` is `host:port` in any spelling that the shell uses to answer; never throws. Everything to send lies in {@link outgoing}. */
  datagram(nowUs: number, from: string, bytes: Uint8Array): void {
    for (const to of this.route(nowUs, from, bytes, 0)) this.#mail.pass(to, bytes);
  }

  /**
   * As {@link datagram}, for shells that send the same bytes to many: answers the addresses to which they go on, a list that is
   * good until the next call; only the relay's own datagrams lie in {@link outgoing}. `waitedUs` is how long the datagram lay
   * unread, 0 where the shell cannot know.
   */
  route(nowUs: number, from: string, bytes: Uint8Array, waitedUs: number): readonly string[] {
    this.#rooms.noteTime(nowUs);
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
    const seat = this.#rooms.seatAt(from);
    if (seat !== undefined && seat.epoch === header.epoch)
      return this.#fromMember(nowUs, seat, bytes, header);
    this.#fromStranger(nowUs, from, bytes, header);
    return NOBODY;
  }

  /** Lets silent members go; call about once a second. */
  tick(nowUs: number): void {
    this.#rooms.noteTime(nowUs);
    this.counters.timedOut += this.#rooms.letGo(nowUs, SILENCE_US_MAX);
  }

  #fromMember(nowUs: number, seat: Seat, bytes: Uint8Array, header: Header): readonly string[] {
    const signedBytes = header.bodyBytes + heldBytes(header.flags);
    if (!hopTagFits(this.#options.crypto, seat.hopKey, bytes, signedBytes)) {
      this.counters.forged++;
      return NOBODY;
    }
    if (!seat.bucket.take(nowUs) || !seat.byteBucket.take(nowUs, bytes.length)) {
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
    if (seat.listens && (header.type === PACKET_TYPE.audio || header.type === PACKET_TYPE.midi)) {
      this.counters.fromListeners++;
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
      this.#rooms.startWhenReady(nowUs, seat.room);
    }
    seat.knownVersion = sync.value.roomVersion;
    const at = Math.floor(nowUs);
    this.#mail.sync(seat, {
      kind: 'answer',
      roomVersion: seat.room.version,
      t0Us: sync.value.t0Us,
      t1Us: at,
      t2Us: at,
    });
    // The answer tells the version: whoever asks too often for the room asks again.
    if (sync.value.roomVersion !== seat.room.version && seat.shows.take(nowUs)) this.#rooms.show(seat);
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
        this.#rooms.remove(nowUs, seat);
        return;
      case 'finished':
        if (seat.packets !== null) return;
        seat.packets = message.value.packets;
        this.#rooms.changed(nowUs, seat.room);
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
    this.#rooms.changed(nowUs, room);
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
        this.counters[this.#rooms.enter(nowUs, from, entry)]++;
    }
  }
}

/** What goes on to others must name its sender's seat; the relay's own mail also comes from those who do not know theirs. */
function isForMembers(type: PacketType): boolean {
  return type === PACKET_TYPE.audio || type === PACKET_TYPE.midi || type === PACKET_TYPE.stats;
}
