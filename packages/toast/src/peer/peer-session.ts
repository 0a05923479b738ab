import { assert, ok, type Result, Ring, refuse, toHex } from '@jamnet/base';
import { type Addressed, TO_RELAY } from '../addressed.ts';
import type { ClockSync } from '../clock-sync.ts';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey, hopTagFits, KEY_BYTES } from '../crypto/toast-crypto.ts';
import { DirectDesk } from '../direct/direct-desk.ts';
import { type Way, wayOf } from '../direct/way.ts';
import { checkPlan, type PlanCode, type RedundancyPlan } from '../jellie/redundancy-plan.ts';
import {
  EVENTS_MAX,
  PACKET_FRAMES_MAX,
  PACKET_FRAMES_MIN,
  PLAYERS_PER_ROOM_MAX,
  SAMPLE_RATE_HZ,
} from '../limits.ts';
import type { RoomReport } from '../quality/room-report.ts';
import { type BeatTimeline, isTimelineEntry, type TimelineEntry } from '../timeline/beat-timeline.ts';
import { PROOFS_WAITING_MAX, type ProofTask } from '../trust/proof-task.ts';
import { type ControlMessage, decodeControl } from '../wire/control-message.ts';
import { bodyOf, decodeHeader, type Header, PACKET_TYPE, STREAM_RELAY } from '../wire/header.ts';
import { isMidiMessage } from '../wire/midi-body.ts';
import { MemberInbox } from './member-inbox.ts';
import { Membership } from './membership.ts';
import { Outbox } from './outbox.ts';
import { OwnStream } from './own-stream.ts';
import type { PeerCode, PeerCounters, PeerEvent, PeerPhase } from './peer-events.ts';
import { type PeerOptions, planOf, shapeOf } from './peer-options.ts';
import { RelayReplay } from './relay-replay.ts';
import type { RemotePlayer } from './remote-player.ts';
import { RoomSide } from './room-side.ts';
import type { StreamReceiver } from './stream-receiver.ts';

/** A player's side of a room, without socket or clock: feed datagrams and time, drain `outgoing` and `events`. */
export class PeerSession {
  readonly events = new Ring<PeerEvent>(EVENTS_MAX);
  /** Where proofs are deferred: what is to be signed and checked, until {@link signed} and {@link checked} answer it in any order. */
  readonly proofs = new Ring<ProofTask>(PROOFS_WAITING_MAX);
  readonly counters: PeerCounters = {
    malformed: 0,
    forged: 0,
    replayed: 0,
    unknownStream: 0,
    unknownKey: 0,
    rejoined: 0,
    strangers: 0,
    probesForged: 0,
    probesReplayed: 0,
    probesFlooded: 0,
    proofsDropped: 0,
    adapted: 0,
  };
  /** Latency of this peer's own sound card, µs, for the reports: set by the shell. */
  inputUs = 0;
  outputUs = 0;
  readonly #options: PeerOptions;
  readonly #hopKey: Uint8Array;
  readonly #outbox: Outbox;
  readonly #direct: DirectDesk;
  readonly #own: OwnStream;
  readonly #side: RoomSide;
  readonly #membership: Membership;
  readonly #inbox: MemberInbox;
  readonly #relayReplay = new RelayReplay();

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
    const { packetFrames } = options;
    if (
      !Number.isInteger(packetFrames) ||
      packetFrames < PACKET_FRAMES_MIN ||
      packetFrames > PACKET_FRAMES_MAX
    )
      return refuse(
        'packet-frames-malformed',
        `A packet has ${PACKET_FRAMES_MIN} to ${PACKET_FRAMES_MAX} frames.`,
      );
    const plan = checkPlan(shapeOf(options), planOf(options));
    if (!plan.ok) return plan;
    return ok(new PeerSession(options, token.value.claim.player, token.value.wire, token.value.secret));
  }

  private constructor(options: PeerOptions, player: string, wireToken: string, hopSecret: Uint8Array) {
    assert(options.joinIdBytes.length === 16, 'a join id has 16 bytes');
    const { crypto, epoch } = options;
    const { counters, events, proofs } = this;
    const joinId = toHex(options.joinIdBytes);
    this.#options = options;
    this.#hopKey = hopKey(crypto, hopSecret, joinId);
    const outbox = new Outbox(crypto, this.#hopKey, epoch);
    const direct = new DirectDesk({
      crypto,
      roomKey: options.roomKey,
      identity: options.identity ?? null,
      joinId,
      hopKey: this.#hopKey,
      outbox,
      counters,
      relayTripUs: () => this.clock.roundTripUs,
    });
    const own = new OwnStream(options, joinId, outbox, { tasks: proofs, counters });
    const side = new RoomSide({ player, options, joinId, own, outbox, direct, counters, proofs, events });
    const membership = new Membership({ options, wireToken, joinId, outbox, own, side, counters, events });
    this.#outbox = outbox;
    this.#direct = direct;
    this.#own = own;
    this.#side = side;
    this.#membership = membership;
    this.#inbox = new MemberInbox({ crypto, membership, side, counters });
  }

  /** Datagrams for the relay, and for other members where a direct path is proved. */
  get outgoing(): Ring<Addressed> {
    return this.#outbox.datagrams;
  }

  get phase(): PeerPhase {
    return this.#membership.phase;
  }

  get clock(): ClockSync {
    return this.#membership.clock;
  }

  /** The room's shared beat. */
  get timeline(): BeatTimeline {
    return this.#membership.timeline;
  }

  /** Room time of sample 0, or 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#membership.startAtUs;
  }

  get packetsSent(): number {
    return this.#own.sender.packets;
  }

  /** Everybody else's join that this peer has known, in the order in which they came. */
  get players(): readonly RemotePlayer[] {
    return [...this.#side.remotes.all];
  }

  get streams(): readonly StreamReceiver[] {
    return this.players.map((each) => each.receiver);
  }

  /** The relay knows where our stream ended. */
  get isFinishKnown(): boolean {
    return this.#membership.isFinishKnown;
  }

  /** When {@link tick} has something to do, local µs. */
  get nextTickUs(): number {
    const { nextTickUs, isMember } = this.#membership;
    const ownUs = isMember ? this.#own.nextTickUs : Number.POSITIVE_INFINITY;
    const sideUs = this.phase === 'seated' ? this.#side.nextTickUs : Number.POSITIVE_INFINITY;
    return Math.min(nextTickUs, ownUs, sideUs, this.#direct.nextTickUs);
  }

  /** Length of one packet, µs. */
  get packetUs(): number {
    return (this.#options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
  }

  roomTimeUs(localUs: number): number {
    return this.#membership.roomTimeUs(localUs);
  }

  localTimeUs(roomUs: number): number {
    return this.#membership.localTimeUs(roomUs);
  }

  /** The room's sample at a moment of our clock; negative before the start, and while nothing is scheduled. */
  sampleAt(localUs: number): number {
    return this.#membership.sampleAt(localUs);
  }

  /**
   * Lets members reach this peer without the relay, and reaches them where that is quicker: they learn the addresses given here
   * (`host:port`, those of this machine's own networks) and the one that the relay sees, and this peer learns theirs.
   */
  offerDirect(nowUs: number, addresses: readonly string[]): void {
    this.#direct.offer(nowUs, addresses);
  }

  /** The way to one member's join, by its join id. */
  wayTo(nowUs: number, joinId: string): Way {
    return wayOf(this.#direct.pathTo(joinId), nowUs);
  }

  /** What each datagram carries besides its own packet. */
  get redundancy(): RedundancyPlan {
    return this.#own.sender.plan;
  }

  /** Changes what the datagrams to come carry; nobody needs to be told. */
  setRedundancy(plan: RedundancyPlan): Result<RedundancyPlan, PlanCode> {
    const checked = checkPlan(shapeOf(this.#options), plan);
    if (checked.ok) this.#own.sender.plan = plan;
    return checked;
  }

  /** Bytes of all audio datagrams sent, by bytes of the samples in them; 0 before the first. */
  get bandwidthRatio(): number {
    const { payloadBytes, datagramBytes } = this.#own.sender;
    return payloadBytes === 0 ? 0 : datagramBytes / payloadBytes;
  }

  /** The shell has signed what a task of {@link proofs} asked for, 64 bytes of Ed25519. */
  signed(task: Extract<ProofTask, { kind: 'sign' }>, signature: Uint8Array): void {
    if (this.#membership.isMember) this.#own.signed(task.body, signature);
  }

  /** The shell has checked what a task of {@link proofs} asked about. */
  checked(task: Extract<ProofTask, { kind: 'check' }>, fits: boolean): void {
    this.#side.checked(task.joinId, task.body, fits);
  }

  /** Every link of the room as its listener reports it, this peer's own included. */
  report(): RoomReport {
    return this.#side.report(this.#ownStages());
  }

  #ownStages(): { inputUs: number; outputUs: number; clockErrorUs: number } {
    return { inputUs: this.inputUs, outputUs: this.outputUs, clockErrorUs: this.clock.roundTripUs / 2 };
  }

  /**
   * Sends the next packet of the own stream; the first call fixes where it begins on the room's timeline. Samples are
   * signed integers of `sampleBits` bits. Who only listens sends nothing.
   */
  sendAudio(nowUs: number, pcm: Int16Array | Int32Array, baseSample: number): void {
    if (this.#options.listens === true) return;
    this.#outbox.route = this.#direct.route(nowUs);
    this.#own.sendAudio(pcm, baseSample, this.#sentAt(nowUs));
  }

  /** Sends one MIDI 1.0 message of 1 to 3 bytes, at the room's sample that it is now unless one is given. */
  sendMidi(nowUs: number, message: Uint8Array, atSample = this.sampleAt(nowUs)): Result<number, PeerCode> {
    if (!isMidiMessage(message))
      return refuse('midi-malformed', 'Send one MIDI 1.0 message of 1 to 3 bytes, no system exclusive.');
    if (this.#options.listens === true || !this.#membership.isMember || atSample < 0)
      return refuse(
        'not-playing',
        'Notes have their place once the room has started, and are those of a player.',
      );
    this.#outbox.route = this.#direct.route(nowUs);
    this.#own.sendMidi(nowUs, { atSample, message: message.slice() }, this.sampleAt(nowUs));
    return ok(atSample);
  }

  /**
   * Asks for a change of the shared beat from `entry.atSample` on; it holds once the room shows it, at every peer from
   * the same sample. Asked again until then.
   */
  setTimeline(nowUs: number, entry: TimelineEntry): Result<TimelineEntry, PeerCode> {
    if (!isTimelineEntry(entry))
      return refuse(
        'tempo-malformed',
        'A beat has 20 to 400 a minute, 1 to 32 a bar, and a sample to begin at.',
      );
    this.#membership.wishFor(nowUs, entry);
    return ok(entry);
  }

  /** Ends the own stream; afterwards call {@link sendTrail} once per packet time until it answers false. */
  finish(nowUs: number): void {
    this.#own.finish();
    this.#membership.finished(nowUs);
  }

  sendTrail(nowUs: number): boolean {
    this.#outbox.route = this.#direct.route(nowUs);
    return this.#own.sendTrail(this.#sentAt(nowUs));
  }

  /** What `outgoing` has for the relay goes to another one from now on: the room lives there. */
  moved(nowUs: number): void {
    this.#membership.moved(nowUs);
  }

  leave(nowUs: number): void {
    this.#membership.leave(nowUs);
  }

  tick(nowUs: number): void {
    this.#direct.tick(nowUs);
    this.#outbox.route = this.#direct.route(nowUs);
    if (this.#membership.isMember) {
      this.#own.tick(nowUs, this.sampleAt(nowUs));
      this.#side.tickNotes(nowUs, this.sampleAt(nowUs));
    }
    if (this.phase === 'seated') this.#side.tick(nowUs, this.sampleAt(nowUs), this.#ownStages());
    this.#membership.tick(nowUs);
  }

  /** Takes one datagram as it came from the socket, and from where unless it was the relay; never throws. */
  datagram(nowUs: number, bytes: Uint8Array, from = TO_RELAY): void {
    const header = decodeHeader(bytes);
    if (!header.ok) this.counters.malformed++;
    else if (from !== TO_RELAY) this.#takeDirect(nowUs, from, bytes, header.value);
    else if (isFromMember(header.value)) this.#inbox.take(nowUs, bytes, header.value, 'relay');
    else this.#takeFromRelay(nowUs, bytes, header.value);
  }

  /** Straight from a member, as it seems: only the known addresses of members are listened to, and probes. */
  #takeDirect(nowUs: number, from: string, bytes: Uint8Array, header: Header): void {
    if (header.type === PACKET_TYPE.probe) {
      this.#direct.takeProbe(nowUs, from, bytes, header);
      return;
    }
    if (!isFromMember(header)) {
      this.counters.strangers++;
      return;
    }
    const path = this.#direct.sender(from, bytes, header);
    if (path !== null && this.#inbox.take(nowUs, bytes, header, 'direct')) path.heard(nowUs);
  }

  #takeFromRelay(nowUs: number, bytes: Uint8Array, header: Header): void {
    const wasJoining = this.phase === 'joining';
    if (!wasJoining && !this.#relayReplay.isFresh(header)) {
      this.counters.replayed++;
      return;
    }
    // Our own datagrams have the same key: one that comes back is not the relay's.
    const fits = hopTagFits(this.#options.crypto, this.#hopKey, bytes, header.bodyBytes);
    if (!fits || header.stream !== STREAM_RELAY) {
      this.counters.forged++;
      return;
    }
    this.#hearRelay(nowUs, bytes, header);
    if (this.phase === 'joining') return;
    if (wasJoining) this.#relayReplay.begin();
    this.#relayReplay.accept(header);
  }

  #hearRelay(nowUs: number, bytes: Uint8Array, header: Header): void {
    if (header.type === PACKET_TYPE.sync) {
      this.#membership.takeSync(nowUs, bodyOf(bytes, header));
      return;
    }
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok || !this.#takeControl(nowUs, message.value)) this.counters.malformed++;
  }

  /** False for a message that a peer does not get. */
  #takeControl(nowUs: number, message: ControlMessage): boolean {
    if (message.t === 'address') {
      this.#direct.introduce(nowUs, message);
      return true;
    }
    if (message.t === 'welcome') this.#direct.ask(nowUs);
    return this.#membership.takeControl(nowUs, message) || this.#side.takeControl(nowUs, message);
  }

  #sentAt(nowUs: number): number {
    return Math.max(0, Math.round(this.roomTimeUs(nowUs)));
  }
}

function isFromMember({ type }: Header): boolean {
  return type === PACKET_TYPE.audio || type === PACKET_TYPE.midi || type === PACKET_TYPE.stats;
}
