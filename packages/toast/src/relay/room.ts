import {
  MEMBER_BYTES_BURST,
  MEMBER_BYTES_PER_SECOND,
  MEMBERS_PER_PAGE,
  MEMBERS_PER_ROOM_MAX,
  PLAYERS_PER_ROOM_MAX,
} from '../limits.ts';
import { ReplayWindow } from '../replay-window.ts';
import type { TimelineEntry } from '../timeline/beat-timeline.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';
import { PACKET_TYPE, type PacketType } from '../wire/header.ts';

/** Datagrams of one member per second, and at once after a stall of the member's machine. */
const MEMBER_PER_SECOND = 4000;
const MEMBER_BURST = 8000;
/** Changes of the beat by one member per second, and at once: each brings the whole room to all. */
const BEATS_PER_SECOND = 4;
const BEATS_BURST = 8;
/** The room as it is, for one member that asks with an old version: per second more often than a member asks once its clock is agreed. */
const SHOWS_PER_SECOND = 8;
const SHOWS_BURST = 16;
/** What changed in the room, told to all of it per second and at once: a full room gathers, ends and leaves within the burst. */
const CHANGES_PER_SECOND = 4;
const CHANGES_BURST = 96;

/** One seat as the relay keeps it. */
export class Seat {
  readonly joinId: string;
  readonly epoch: number;
  readonly player: string;
  readonly room: Room;
  readonly number: number;
  readonly hopKey: Uint8Array;
  readonly startWhen: number;
  readonly listens: boolean;
  readonly founder: boolean;
  readonly consent: number;
  readonly keys: string;
  /** The join whose place this one took; empty where it took none. */
  readonly replaced: string;
  readonly bucket = new TokenBucket(MEMBER_PER_SECOND, MEMBER_BURST);
  readonly byteBucket = new TokenBucket(MEMBER_BYTES_PER_SECOND, MEMBER_BYTES_BURST);
  readonly beats = new TokenBucket(BEATS_PER_SECOND, BEATS_BURST);
  readonly shows = new TokenBucket(SHOWS_PER_SECOND, SHOWS_BURST);
  readonly audioReplay = new ReplayWindow();
  readonly controlReplay = new ReplayWindow();
  readonly syncReplay = new ReplayWindow();
  readonly midiReplay = new ReplayWindow();
  readonly statsReplay = new ReplayWindow();
  /** Where the others of the room are: to whom this member's sound goes. Kept by the room. */
  others: readonly string[] = [];
  /** Those left when the seats of these bits have the datagram already; also kept by the room. */
  othersLeft: readonly string[] = [];
  heldBy = 0;
  address: string;
  heardUs: number;
  isReady = false;
  /** Version of the room that the member last said it has. */
  knownVersion = 0;
  packets: number | null = null;
  /** When somebody else last began to ask for this player's name, µs. */
  contestedUs = Number.NEGATIVE_INFINITY;
  /** Next numbers of what the relay itself sends to this member, by type. */
  readonly counts = { control: 0, sync: 0 };

  constructor(
    fields: Pick<
      Seat,
      | 'joinId'
      | 'epoch'
      | 'player'
      | 'room'
      | 'number'
      | 'hopKey'
      | 'startWhen'
      | 'listens'
      | 'founder'
      | 'consent'
      | 'keys'
      | 'replaced'
      | 'address'
      | 'heardUs'
    >,
  ) {
    this.joinId = fields.joinId;
    this.epoch = fields.epoch;
    this.player = fields.player;
    this.room = fields.room;
    this.number = fields.number;
    this.hopKey = fields.hopKey;
    this.startWhen = fields.startWhen;
    this.listens = fields.listens;
    this.founder = fields.founder;
    this.consent = fields.consent;
    this.keys = fields.keys;
    this.replaced = fields.replaced;
    this.address = fields.address;
    this.heardUs = fields.heardUs;
  }
}

/** The window that a seat's datagrams of one type are held against. */
export function replayOf(seat: Seat, type: Exclude<PacketType, typeof PACKET_TYPE.probe>): ReplayWindow {
  switch (type) {
    case PACKET_TYPE.audio:
      return seat.audioReplay;
    case PACKET_TYPE.midi:
      return seat.midiReplay;
    case PACKET_TYPE.sync:
      return seat.syncReplay;
    case PACKET_TYPE.control:
      return seat.controlReplay;
    case PACKET_TYPE.stats:
      return seat.statsReplay;
  }
}

/** What a returning peer may claim as the room's start lies at most so far back. */
const STARTED_BACK_US_MAX = 24 * 3600 * 1e6;
/** A start that this relay scheduled gives way to an earlier one for so long: by then whoever played before is back, or has given up. */
const RECALL_US = 15_000_000;

/** Who sits where, and when sample 0 sounds. */
export class Room {
  readonly name: string;
  readonly packetFrames: number;
  readonly seats: Seat[] = [];
  readonly changes = new TokenBucket(CHANGES_PER_SECOND, CHANGES_BURST);
  version = 1;
  #startAtUs = 0;
  /** The start is what a member remembered, not what this relay scheduled. */
  #isRecalled = false;
  timeline: readonly TimelineEntry[] = [];
  /** Somebody asked this relay for a beat: what members remember of an earlier relay's is no longer taken. */
  isBeatAsked = false;

  constructor(name: string, packetFrames: number) {
    this.name = name;
    this.packetFrames = packetFrames;
  }

  /** Room time at which sample 0 sounds; 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#startAtUs;
  }

  schedule(startAtUs: number): void {
    this.#startAtUs = startAtUs;
  }

  /**
   * Hears from a joining member when the room began, 0 for who does not know. The first to know is believed, also where this relay has
   * since begun the room anew: of two timelines the earlier one holds, and members of the other one leave it and come again.
   */
  takeStart(nowUs: number, claimedUs: number, leadUs: number): void {
    if (claimedUs <= nowUs - STARTED_BACK_US_MAX || claimedUs > nowUs + leadUs) return;
    const isEarlier = claimedUs < this.#startAtUs && nowUs - this.#startAtUs < RECALL_US;
    if (this.#startAtUs !== 0 && (this.#isRecalled || !isEarlier)) return;
    if (this.#startAtUs !== 0) {
      this.timeline = [];
      this.isBeatAsked = false;
    }
    this.#startAtUs = claimedUs;
    this.#isRecalled = true;
  }

  add(seat: Seat): void {
    this.seats.push(seat);
    this.#readdress();
  }

  remove(seat: Seat): void {
    this.seats.splice(this.seats.indexOf(seat), 1);
    this.#readdress();
  }

  move(seat: Seat, address: string): void {
    seat.address = address;
    this.#readdress();
  }

  /** Once per change of the room instead of once per datagram. Players come first: no listener keeps one waiting. */
  #readdress(): void {
    const inTurn = [...this.seats].sort((a, b) => Number(a.listens) - Number(b.listens));
    for (const seat of this.seats)
      seat.others = inTurn.filter((other) => other !== seat).map((other) => other.address);
    for (const seat of this.seats) seat.heldBy = 0;
  }

  /** The others but for the seats that have it already (bit n: seat n); made once per change of these. */
  othersWithout(from: Seat, held: number): readonly string[] {
    if (from.heldBy !== held) {
      from.heldBy = held;
      from.othersLeft = this.seats
        .filter((seat) => seat !== from && ((held >> seat.number) & 1) === 0)
        .map((seat) => seat.address);
    }
    return from.othersLeft;
  }

  /** Lowest free seat number of a player or listener, that of `leaving` included; −1 where all are taken. */
  freeNumber(listens: boolean, leaving: Seat | undefined): number {
    const [first, end] = listens ? [PLAYERS_PER_ROOM_MAX, MEMBERS_PER_ROOM_MAX] : [0, PLAYERS_PER_ROOM_MAX];
    for (let number = first; number < end; number++) {
      if (!this.seats.some((seat) => seat !== leaving && seat.number === number)) return number;
    }
    return -1;
  }

  /** Every member is ready, and as many of them play as the most demanding one wants. */
  get mayStart(): boolean {
    const wanted = Math.max(1, ...this.seats.map((seat) => seat.startWhen));
    const players = this.seats.filter((seat) => !seat.listens).length;
    return this.startAtUs === 0 && players >= wanted && this.seats.every((seat) => seat.isReady);
  }

  pages(): ControlMessage[] {
    const members: RoomMember[] = this.seats.map((seat) => ({
      seat: seat.number,
      player: seat.player,
      joinId: seat.joinId,
      epoch: seat.epoch,
      founder: seat.founder,
      packets: seat.packets,
      consent: seat.consent,
      keys: seat.keys,
    }));
    const pages = Math.max(1, Math.ceil(members.length / MEMBERS_PER_PAGE));
    return Array.from({ length: pages }, (_, page) => ({
      t: 'room',
      version: this.version,
      page,
      pages,
      startAtUs: this.startAtUs,
      timeline: this.timeline,
      members: members.slice(page * MEMBERS_PER_PAGE, (page + 1) * MEMBERS_PER_PAGE),
    }));
  }
}
