import { assert, ok, type Result, Ring, refuse, toHex } from '@jamnet/base';
import { ClockSync } from '../clock-sync.ts';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey, hopTagFits, KEY_BYTES, nonceOf, senderKey, signHop } from '../crypto/toast-crypto.ts';
import {
  checkPlan,
  copiesPlan,
  type PacketShape,
  type PlanCode,
  type RedundancyPlan,
  reachOf,
} from '../jellie/redundancy-plan.ts';
import {
  DATAGRAM_BYTES_MAX,
  EVENTS_MAX,
  OUTGOING_MAX,
  PLAYERS_PER_ROOM_MAX,
  SAMPLE_RATE_HZ,
} from '../limits.ts';
import { AudioBodyReader, READ } from '../wire/audio-body.ts';
import {
  type ControlMessage,
  decodeControl,
  encodeControl,
  type RefusalCode,
  type RoomMember,
} from '../wire/control-message.ts';
import {
  bodyOf,
  decodeHeader,
  encodeHeader,
  FLAG_SEALED,
  HEADER_BYTES,
  type Header,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  type PacketType,
  STREAM_NONE,
} from '../wire/header.ts';
import { decodeSyncBody, encodeSyncBody, SYNC_BODY_BYTES } from '../wire/sync-body.ts';
import {
  JOIN_EVERY_US,
  LEAVE_ATTEMPTS,
  LEAVE_EVERY_US,
  type PeerOptions,
  SILENCE_US_MAX,
  SYNC_FAST_COUNT,
  SYNC_FAST_US,
  SYNC_SLOW_US,
  UNREACHABLE_AFTER_US,
} from './peer-options.ts';
import { RoomView } from './room-view.ts';
import { StreamReceiver } from './stream-receiver.ts';
import { StreamSender } from './stream-sender.ts';

export type PeerPhase = 'joining' | 'seated' | 'leaving' | 'left' | 'refused';
export type PeerEvent =
  | { readonly kind: 'seated'; readonly seat: number }
  | { readonly kind: 'start'; readonly startAtUs: number }
  | { readonly kind: 'stream'; readonly player: string }
  | { readonly kind: 'refused'; readonly code: RefusalCode | 'relay-unreachable' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'left' };

export interface PeerCounters {
  malformed: number;
  forged: number;
  replayed: number;
  unknownStream: number;
  rejoined: number;
}

export type PeerCode = 'token-malformed' | 'room-key-malformed' | PlanCode | 'players-malformed';

/** Ended streams of players who came back are kept up to this many, so that their takes can be closed. */
const STREAMS_MAX = 4 * PLAYERS_PER_ROOM_MAX;

/** A player's side of a room, without socket or clock: feed datagrams and time, drain `outgoing` and `events`. */
export class PeerSession {
  readonly outgoing = new Ring<Uint8Array>(OUTGOING_MAX);
  readonly events = new Ring<PeerEvent>(EVENTS_MAX);
  readonly counters: PeerCounters = { malformed: 0, forged: 0, replayed: 0, unknownStream: 0, rejoined: 0 };
  readonly clock = new ClockSync();
  readonly #options: PeerOptions;
  readonly #wireToken: string;
  readonly #joinId: string;
  readonly #hopKey: Uint8Array;
  readonly #sender: StreamSender;
  readonly #room = new RoomView();
  /** By join id, in the order in which they came. */
  readonly #streams = new Map<string, { receiver: StreamReceiver; key: Uint8Array }>();
  readonly #body = new AudioBodyReader();
  readonly #byEpoch = new Map<number, { receiver: StreamReceiver; key: Uint8Array }>();
  #phase: PeerPhase = 'joining';
  #cookie = '';
  #seat = STREAM_NONE;
  #startAtUs = 0;
  #baseSample = -1;
  #isFinished = false;
  #ownFinishKnown = false;
  #controlSequence = 0;
  #syncSequence = 0;
  #syncsSent = 0;
  #leavesSent = 0;
  #dueUs = 0;
  #heardUs = -1;
  #firstTickUs = -1;

  static open(options: PeerOptions): Result<PeerSession, PeerCode> {
    const token = splitToken(options.joinToken);
    if (!token.ok) return refuse('token-malformed', token.message);
    if (options.roomKey.length !== KEY_BYTES)
      return refuse('room-key-malformed', 'A room key has 32 bytes (64 hex digits).');
    if (
      !Number.isInteger(options.startWhenPlayers) ||
      options.startWhenPlayers < 1 ||
      options.startWhenPlayers > PLAYERS_PER_ROOM_MAX
    ) {
      return refuse('players-malformed', `A room starts with 1 to ${PLAYERS_PER_ROOM_MAX} players.`);
    }
    const plan = checkPlan(shapeOf(options), planOf(options));
    if (!plan.ok) return plan;
    return ok(new PeerSession(options, token.value.wire, token.value.secret));
  }

  private constructor(options: PeerOptions, wireToken: string, hopSecret: Uint8Array) {
    assert(options.joinIdBytes.length === 16, 'a join id has 16 bytes');
    const { crypto, roomKey, epoch } = options;
    this.#options = options;
    this.#wireToken = wireToken;
    this.#joinId = toHex(options.joinIdBytes);
    this.#hopKey = hopKey(crypto, hopSecret, this.#joinId);
    const keys = { seal: senderKey(crypto, roomKey, this.#joinId, PACKET_TYPE.audio), hop: this.#hopKey };
    this.#sender = new StreamSender(crypto, keys, {
      epoch,
      ...shapeOf(options),
      mayPack: options.packing === true,
      bandwidthMax: options.bandwidthMax ?? Number.POSITIVE_INFINITY,
      plan: planOf(options),
    });
  }

  get phase(): PeerPhase {
    return this.#phase;
  }

  /** Room time of sample 0, or 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#startAtUs;
  }

  get packetsSent(): number {
    return this.#sender.packets;
  }

  get streams(): readonly StreamReceiver[] {
    return [...this.#streams.values()].map((each) => each.receiver);
  }

  /** The relay knows where our stream ended. */
  get isFinishKnown(): boolean {
    return this.#ownFinishKnown;
  }

  /** When {@link tick} has something to do, local µs. */
  get nextTickUs(): number {
    return this.#dueUs;
  }

  roomTimeUs(localUs: number): number {
    return localUs + this.clock.offsetUs;
  }

  localTimeUs(roomUs: number): number {
    return roomUs - this.clock.offsetUs;
  }

  /** What each datagram carries besides its own packet. */
  get redundancy(): RedundancyPlan {
    return this.#sender.plan;
  }

  /** Changes what the datagrams to come carry; nobody needs to be told. */
  setRedundancy(plan: RedundancyPlan): Result<RedundancyPlan, PlanCode> {
    const checked = checkPlan(shapeOf(this.#options), plan);
    if (checked.ok) this.#sender.plan = plan;
    return checked;
  }

  /** Bytes of all audio datagrams sent, by bytes of the samples in them; 0 before the first. */
  get bandwidthRatio(): number {
    return this.#sender.payloadBytes === 0 ? 0 : this.#sender.datagramBytes / this.#sender.payloadBytes;
  }

  /**
   * Sends the next packet of the own stream; the first call fixes where it begins on the room's timeline. Samples are
   * signed integers of `sampleBits` bits.
   */
  sendAudio(nowUs: number, pcm: Int16Array | Int32Array, baseSample: number): void {
    if (this.#baseSample < 0) this.#baseSample = baseSample;
    this.#push(this.#sender.next(pcm, this.#seat, this.#baseSample, this.#sentAt(nowUs)));
  }

  /** Ends the own stream; afterwards call {@link sendTrail} once per packet time until it answers false. */
  finish(nowUs: number): void {
    this.#sender.finish();
    this.#sendControl({ t: 'finished', packets: this.#sender.packets });
    this.#dueUs = Math.min(this.#dueUs, nowUs + SYNC_FAST_US);
    this.#isFinished = true;
  }

  sendTrail(nowUs: number): boolean {
    const datagram = this.#sender.trail(this.#seat, Math.max(0, this.#baseSample), this.#sentAt(nowUs));
    if (datagram !== null) this.#push(datagram);
    return datagram !== null;
  }

  leave(nowUs: number): void {
    if (this.#phase !== 'joining' && this.#phase !== 'seated') return;
    this.#phase = 'leaving';
    this.#dueUs = nowUs;
    this.tick(nowUs);
  }

  tick(nowUs: number): void {
    if (this.#firstTickUs < 0) this.#firstTickUs = nowUs;
    if (nowUs < this.#dueUs) return;
    if (this.#phase === 'joining') this.#tickJoining(nowUs);
    else if (this.#phase === 'seated') this.#tickSeated(nowUs);
    else if (this.#phase === 'leaving') this.#tickLeaving(nowUs);
    else this.#dueUs = Number.POSITIVE_INFINITY;
  }

  #tickJoining(nowUs: number): void {
    const wasSeated = this.#heardUs >= 0;
    if (nowUs - (wasSeated ? this.#heardUs : this.#firstTickUs) > UNREACHABLE_AFTER_US) {
      this.#phase = wasSeated ? 'left' : 'refused';
      this.events.push(wasSeated ? { kind: 'lost' } : { kind: 'refused', code: 'relay-unreachable' });
      return;
    }
    this.#dueUs = nowUs + JOIN_EVERY_US;
    this.#sendJoin();
  }

  #sendJoin(): void {
    this.#sendControl({
      t: 'join',
      token: this.#wireToken,
      joinId: this.#joinId,
      epoch: this.#options.epoch,
      packetFrames: this.#options.packetFrames,
      startWhen: this.#options.startWhenPlayers,
      cookie: this.#cookie,
      startedAtUs: Math.round(this.#startAtUs),
      consent: this.#options.consent,
    });
  }

  #tickSeated(nowUs: number): void {
    if (nowUs - this.#heardUs > SILENCE_US_MAX) {
      this.#phase = 'joining';
      this.#cookie = '';
      this.counters.rejoined++;
      this.#tickJoining(nowUs);
      return;
    }
    this.#dueUs = nowUs + (this.#syncsSent < SYNC_FAST_COUNT ? SYNC_FAST_US : SYNC_SLOW_US);
    this.#syncsSent++;
    this.#sendSync(nowUs);
    if (this.#isFinished && !this.#ownFinishKnown)
      this.#sendControl({ t: 'finished', packets: this.#sender.packets });
  }

  #tickLeaving(nowUs: number): void {
    if (this.#leavesSent++ >= LEAVE_ATTEMPTS) {
      this.#phase = 'left';
      this.events.push({ kind: 'left' });
      return;
    }
    this.#dueUs = nowUs + LEAVE_EVERY_US;
    this.#sendControl({ t: 'leave' });
  }

  /** Takes one datagram as it came from the socket; never throws. */
  datagram(nowUs: number, bytes: Uint8Array): void {
    const header = decodeHeader(bytes);
    if (!header.ok) this.counters.malformed++;
    else if (header.value.type === PACKET_TYPE.audio) this.#takeAudio(nowUs, bytes, header.value);
    else this.#takeFromRelay(nowUs, bytes, header.value);
  }

  #takeAudio(nowUs: number, bytes: Uint8Array, header: Header): void {
    const stream = this.#byEpoch.get(header.epoch);
    if (stream === undefined) {
      this.counters.unknownStream++;
      return;
    }
    if (!stream.receiver.replay.isFresh(header.sequence)) {
      this.counters.replayed++;
      return;
    }
    const plain =
      (header.flags & FLAG_SEALED) === 0
        ? null
        : this.#options.crypto.open(
            stream.key,
            nonceOf(bytes),
            bytes.subarray(0, HEADER_BYTES),
            bodyOf(bytes, header),
          );
    if (plain === null) {
      this.counters.forged++;
      return;
    }
    stream.receiver.replay.accept(header.sequence);
    if (this.#body.read(plain) !== READ.fine) {
      this.counters.malformed++;
      return;
    }
    stream.receiver.put(
      header.sequence,
      header.sampleTime,
      this.#body,
      plain,
      this.#startAtUs,
      this.roomTimeUs(nowUs),
      nowUs,
    );
  }

  #takeFromRelay(nowUs: number, bytes: Uint8Array, header: Header): void {
    if (!hopTagFits(this.#options.crypto, this.#hopKey, bytes, header.bodyBytes)) {
      this.counters.forged++;
      return;
    }
    if (header.type === PACKET_TYPE.sync) {
      this.#takeSync(nowUs, bodyOf(bytes, header));
      return;
    }
    const message = decodeControl(bodyOf(bytes, header));
    if (message.ok) this.#takeControl(nowUs, message.value);
    else this.counters.malformed++;
  }

  #takeSync(nowUs: number, body: Uint8Array): void {
    const sync = decodeSyncBody(body);
    if (!sync.ok || sync.value.kind !== 'answer') {
      this.counters.malformed++;
      return;
    }
    if (this.#phase !== 'seated') return;
    this.#heardUs = nowUs;
    // Once sample 0 is scheduled a jump of the relay's clock must not move what we count as the room's time.
    this.clock.sample(sync.value.t0Us, sync.value.t1Us, sync.value.t2Us, nowUs);
  }

  #takeControl(nowUs: number, message: ControlMessage): void {
    switch (message.t) {
      case 'challenge':
        if (this.#phase !== 'joining' || this.#cookie === message.cookie) return;
        this.#cookie = message.cookie;
        this.#sendJoin();
        return;
      case 'welcome':
        if (this.#phase === 'joining') this.#takeSeat(nowUs, message.seat);
        return;
      case 'refused':
        if (this.#phase !== 'joining') return;
        this.#phase = 'refused';
        this.events.push({ kind: 'refused', code: message.code });
        return;
      case 'room':
        if (this.#room.take(message)) this.#takeRoom();
        return;
      case 'goodbye':
        if (this.#phase !== 'leaving') return;
        this.#phase = 'left';
        this.events.push({ kind: 'left' });
        return;
      default:
        this.counters.malformed++;
    }
  }

  #takeSeat(nowUs: number, seat: number): void {
    this.#phase = 'seated';
    this.#seat = seat;
    this.#heardUs = nowUs;
    this.#room.forgetVersion();
    this.#dueUs = nowUs;
    this.events.push({ kind: 'seated', seat });
    this.tick(nowUs);
  }

  #takeRoom(): void {
    if (this.#startAtUs === 0 && this.#room.startAtUs > 0) {
      this.#startAtUs = this.#room.startAtUs;
      this.events.push({ kind: 'start', startAtUs: this.#startAtUs });
    }
    for (const { receiver } of this.#streams.values()) receiver.isPresent = false;
    for (const member of this.#room.members) {
      if (member.joinId === this.#joinId) this.#ownFinishKnown = member.packets !== null;
      else this.#takeMember(member);
    }
  }

  #takeMember(member: RoomMember): void {
    const known = this.#streams.get(member.joinId);
    if (known !== undefined) {
      const packets = member.packets ?? known.receiver.member.packets;
      known.receiver.member = { ...member, founder: known.receiver.member.founder, packets };
      known.receiver.isPresent = true;
      return;
    }
    if (this.#streams.size >= STREAMS_MAX) return;
    const { crypto, roomKey, packetFrames, fixedDelayMs } = this.#options;
    const delay = fixedDelayMs === undefined ? {} : { fixedDelayMs };
    const receiver = new StreamReceiver(member, {
      packetFrames,
      reach: reachOf(this.#sender.plan),
      ...delay,
    });
    const stream = { receiver, key: senderKey(crypto, roomKey, member.joinId, PACKET_TYPE.audio) };
    this.#streams.set(member.joinId, stream);
    this.#byEpoch.set(member.epoch, stream);
    this.events.push({ kind: 'stream', player: member.player });
  }

  #sentAt(nowUs: number): number {
    return Math.max(0, Math.round(this.roomTimeUs(nowUs)));
  }

  #sendSync(nowUs: number): void {
    const datagram = new Uint8Array(HEADER_BYTES + SYNC_BODY_BYTES + HOP_TAG_BYTES);
    const body = {
      kind: 'request',
      ready: this.clock.isAgreed,
      roomVersion: this.#room.version,
      t0Us: Math.floor(nowUs),
    } as const;
    encodeSyncBody(datagram.subarray(HEADER_BYTES), body);
    this.#sendSigned(datagram, PACKET_TYPE.sync, this.#syncSequence++, SYNC_BODY_BYTES);
  }

  #sendControl(message: ControlMessage): void {
    const body = encodeControl(message);
    assert(
      HEADER_BYTES + body.length + HOP_TAG_BYTES <= DATAGRAM_BYTES_MAX,
      'control message fits a datagram',
    );
    const datagram = new Uint8Array(HEADER_BYTES + body.length + HOP_TAG_BYTES);
    datagram.set(body, HEADER_BYTES);
    this.#sendSigned(datagram, PACKET_TYPE.control, this.#controlSequence++, body.length);
  }

  #sendSigned(datagram: Uint8Array, type: PacketType, sequence: number, bodyBytes: number): void {
    encodeHeader(datagram, {
      type,
      stream: this.#seat,
      flags: 0,
      epoch: this.#options.epoch,
      sequence,
      sampleTime: 0,
      bodyBytes,
    });
    signHop(this.#options.crypto, this.#hopKey, datagram, bodyBytes);
    this.#push(datagram);
  }

  #push(datagram: Uint8Array): void {
    this.outgoing.push(datagram);
  }

  /** Length of one packet, µs. */
  get packetUs(): number {
    return (this.#options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
  }
}

function shapeOf(options: PeerOptions): PacketShape {
  return { frames: options.packetFrames, sampleBytes: options.sampleBits === 24 ? 3 : 2 };
}

function planOf(options: PeerOptions): RedundancyPlan {
  return options.redundancy ?? copiesPlan(options.redundancyOffsets);
}
