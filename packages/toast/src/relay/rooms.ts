import { equalBytes } from '@jamnet/base';
import { ROOMS_MAX } from '../limits.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import type { RefusalCode } from '../wire/control-message.ts';
import type { Entry, Join } from './door.ts';
import { isNameFree } from './name-contest.ts';
import type { RelayMail } from './relay-mail.ts';
import type { Rendezvous } from './rendezvous.ts';
import { Room, Seat } from './room.ts';

/** Between the moment all are ready and sample 0: every peer must know of it, at 200 ms round trip and some loss. */
const START_LEAD_US = 500_000;
/**
 * A relay younger than this schedules no start: who played on the one before it notices the silence after half a second, joins
 * again a few times, and tells when the room began.
 */
const RETURN_US = 1_000_000;

type Admission = Extract<Entry, { kind: 'enter' }>;
/** What becomes of a join, by the counter that it adds to. */
type Outcome = 'joined' | 'rejoined' | 'refused' | 'contested';

interface RoomsOptions {
  readonly verify: PeerIdentity['verify'];
  readonly startLeadUs?: number;
}

/** Who sits in which room and where: seats are taken, moved and left here, and everybody is shown what changed. */
export class Rooms {
  readonly #verify: PeerIdentity['verify'];
  readonly #mail: RelayMail;
  readonly #rendezvous: Rendezvous;
  readonly #startLeadUs: number;
  readonly #rooms = new Map<string, Room>();
  readonly #byAddress = new Map<string, Seat>();
  /** When the relay was first told the time, µs. */
  #bornUs = -1;

  constructor(mail: RelayMail, rendezvous: Rendezvous, options: RoomsOptions) {
    this.#verify = options.verify;
    this.#mail = mail;
    this.#rendezvous = rendezvous;
    this.#startLeadUs = options.startLeadUs ?? START_LEAD_US;
  }

  get count(): number {
    return this.#rooms.size;
  }

  get seats(): number {
    return this.#byAddress.size;
  }

  seatAt(address: string): Seat | undefined {
    return this.#byAddress.get(address);
  }

  noteTime(nowUs: number): void {
    if (this.#bornUs < 0) this.#bornUs = nowUs;
  }

  /** Removes members that were not heard for so long; answers how many. */
  letGo(nowUs: number, silenceUsMax: number): number {
    const silent = [...this.#byAddress.values()].filter((seat) => nowUs - seat.heardUs > silenceUsMax);
    for (const seat of silent) this.remove(nowUs, seat);
    return silent.length;
  }

  /** Somebody whom the door let through: takes a seat, gets its own again, or is told why not. */
  enter(nowUs: number, from: string, entry: Admission): Outcome {
    const { claim, join, key } = entry;
    const room = this.#rooms.get(claim.room);
    const known = room?.seats.find((seat) => seat.player === claim.player);
    // Everybody in the room knows the join id: only who also has the token that it came with is the same join.
    if (known !== undefined && known.joinId === join.joinId && equalBytes(known.hopKey, key)) {
      this.#move(nowUs, known, from);
      return 'rejoined';
    }
    // Who is asked to wait asks again by itself.
    const contest = this.#contest(nowUs, known, join);
    if (contest === 'open') return 'contested';
    const refusal = contest === 'free' ? this.#admit(nowUs, from, entry, known) : contest;
    if (refusal === null) return 'joined';
    this.#mail.control({ address: from, hopKey: key, epoch: join.epoch }, { t: 'refused', code: refusal });
    return 'refused';
  }

  #contest(nowUs: number, known: Seat | undefined, join: Join): ReturnType<typeof isNameFree> {
    if (known === undefined) return 'free';
    if (known.joinId === join.joinId) return 'name-taken';
    return isNameFree(this.#verify, nowUs, known, join);
  }

  #admit(nowUs: number, from: string, entry: Admission, known: Seat | undefined): RefusalCode | null {
    const { claim, join } = entry;
    if (!this.#rooms.has(claim.room) && this.#rooms.size >= ROOMS_MAX) return 'rooms-full';
    const room = this.#rooms.get(claim.room) ?? new Room(claim.room, join.packetFrames);
    if (room.packetFrames !== join.packetFrames) return 'packet-frames-differ';
    // Both were drawn at random: members tell each other's streams by them.
    const isTaken = (seat: Seat): boolean => seat.epoch === join.epoch || seat.joinId === join.joinId;
    if (room.seats.some((seat) => seat !== known && isTaken(seat))) return 'epoch-taken';
    const number = room.freeNumber(join.listens, known);
    if (number < 0) return 'room-full';
    if (known !== undefined) this.#replace(nowUs, known);
    const moved = this.#byAddress.get(from);
    if (moved !== undefined) this.remove(nowUs, moved);
    this.#rooms.set(room.name, room);
    this.#seat(nowUs, from, entry, room, number, known?.joinId ?? '');
    return null;
  }

  /** The one who sat there is told, and takes nothing back: see `isNameFree`. */
  #replace(nowUs: number, seat: Seat): void {
    this.#mail.control(seat, { t: 'refused', code: 'replaced' });
    this.remove(nowUs, seat);
  }

  #seat(nowUs: number, from: string, entry: Admission, room: Room, number: number, replaced: string): void {
    const { claim, key, join } = entry;
    room.takeStart(nowUs, join.startedAtUs, this.#startLeadUs);
    const { joinId, epoch, startWhen, listens, consent, keys } = join;
    // Whoever already played when the relay was new keeps its stream from sample 0.
    const founder = room.startAtUs === 0 || join.startedAtUs === room.startAtUs;
    const place = { player: claim.player, room, number, hopKey: key, founder, address: from, heardUs: nowUs };
    const seat = new Seat({ joinId, epoch, startWhen, listens, consent, keys, replaced, ...place });
    room.add(seat);
    this.#byAddress.set(from, seat);
    this.#mail.control(seat, { t: 'welcome', seat: number });
    this.changed(nowUs, room);
  }

  /** The same join again: an answer got lost, or the player's address changed. */
  #move(nowUs: number, seat: Seat, address: string): void {
    const there = this.#byAddress.get(address);
    // Whoever had this address has it no more: without one it would never be missed, and keep its seat for ever.
    if (there !== undefined && there !== seat) this.remove(nowUs, there);
    this.#byAddress.delete(seat.address);
    seat.room.move(seat, address);
    seat.heardUs = nowUs;
    this.#byAddress.set(address, seat);
    this.#mail.control(seat, { t: 'welcome', seat: seat.number });
    this.#rendezvous.show(seat);
  }

  startWhenReady(nowUs: number, room: Room): void {
    if (nowUs - this.#bornUs < RETURN_US || !room.mayStart) return;
    room.schedule(Math.ceil(nowUs + this.#startLeadUs));
    room.version++;
    this.#showAll(room);
  }

  /** Shows the room to all of it; where it changes without end they learn it by asking, as after a loss. */
  changed(nowUs: number, room: Room): void {
    room.version++;
    if (room.changes.take(nowUs)) this.#showAll(room);
  }

  #showAll(room: Room): void {
    for (const seat of room.seats) this.show(seat);
  }

  /** The whole room as it is, to one member. */
  show(seat: Seat): void {
    for (const page of seat.room.pages()) this.#mail.control(seat, page);
  }

  remove(nowUs: number, seat: Seat): void {
    this.#byAddress.delete(seat.address);
    const room = seat.room;
    room.remove(seat);
    if (room.seats.length === 0) this.#rooms.delete(room.name);
    else this.changed(nowUs, room);
  }
}
