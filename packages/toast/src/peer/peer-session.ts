import { assert, ok, type Result, Ring, refuse, toHex } from '@jamnet/base';
import type { Addressed } from '../addressed.ts';
import { ClockSync } from '../clock-sync.ts';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey, hopTagFits, KEY_BYTES, nonceOf } from '../crypto/toast-crypto.ts';
import { checkPlan, type PlanCode, type RedundancyPlan } from '../jellie/redundancy-plan.ts';
import { EVENTS_MAX, PLAYERS_PER_ROOM_MAX, SAMPLE_RATE_HZ } from '../limits.ts';
import type { RoomReport } from '../quality/room-report.ts';
import {
  BEATS_PER_BAR_MAX,
  BeatTimeline,
  TEMPO_MILLI_BPM,
  type TimelineEntry,
} from '../timeline/beat-timeline.ts';
import { announceKeys } from '../trust/peer-identity.ts';
import { AudioBodyReader, READ } from '../wire/audio-body.ts';
import { type ControlMessage, decodeControl } from '../wire/control-message.ts';
import { bodyOf, decodeHeader, FLAG_SEALED, HEADER_BYTES, type Header, PACKET_TYPE } from '../wire/header.ts';
import { isMidiMessage } from '../wire/midi-body.ts';
import { decodeSyncBody } from '../wire/sync-body.ts';
import { Outbox } from './outbox.ts';
import { OwnStream } from './own-stream.ts';
import type { PeerCode, PeerCounters, PeerEvent, PeerPhase } from './peer-events.ts';
import {
  JOIN_EVERY_US,
  LEAVE_ATTEMPTS,
  LEAVE_EVERY_US,
  type PeerOptions,
  planOf,
  SILENCE_US_MAX,
  SYNC_FAST_COUNT,
  SYNC_FAST_US,
  SYNC_SLOW_US,
  shapeOf,
  UNREACHABLE_AFTER_US,
} from './peer-options.ts';
import type { RemotePlayer } from './remote-player.ts';
import { RoomSide } from './room-side.ts';
import { RoomView } from './room-view.ts';
import type { StreamReceiver } from './stream-receiver.ts';

/** A player's side of a room, without socket or clock: feed datagrams and time, drain `outgoing` and `events`. */
export class PeerSession {
  readonly events = new Ring<PeerEvent>(EVENTS_MAX);
  readonly counters: PeerCounters = {
    malformed: 0,
    forged: 0,
    replayed: 0,
    unknownStream: 0,
    unknownKey: 0,
    rejoined: 0,
    adapted: 0,
  };
  readonly clock = new ClockSync();
  /** The room's shared beat. */
  readonly timeline = new BeatTimeline();
  /** Latency of this peer's own sound card, µs, for the reports: set by the shell. */
  inputUs = 0;
  outputUs = 0;
  readonly #options: PeerOptions;
  readonly #wireToken: string;
  readonly #joinId: string;
  readonly #hopKey: Uint8Array;
  readonly #outbox: Outbox;
  readonly #own: OwnStream;
  readonly #room = new RoomView();
  readonly #side: RoomSide;
  readonly #body = new AudioBodyReader();
  readonly #announcedKeys: string;
  #phase: PeerPhase = 'joining';
  #cookie = '';
  #startAtUs = 0;
  #isStartTold = false;
  #ownFinishKnown = false;
  /** The change of the beat that this peer asked for, until the room shows it. */
  #wish: TimelineEntry | null = null;
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
    return ok(new PeerSession(options, token.value.claim.player, token.value.wire, token.value.secret));
  }

  private constructor(options: PeerOptions, player: string, wireToken: string, hopSecret: Uint8Array) {
    assert(options.joinIdBytes.length === 16, 'a join id has 16 bytes');
    const { crypto, roomKey, epoch, identity } = options;
    this.#options = options;
    this.#wireToken = wireToken;
    this.#joinId = toHex(options.joinIdBytes);
    this.#hopKey = hopKey(crypto, hopSecret, this.#joinId);
    this.#announcedKeys = identity === undefined ? '' : announceKeys(crypto, roomKey, this.#joinId, identity);
    this.#outbox = new Outbox(crypto, this.#hopKey, epoch);
    this.#own = new OwnStream(options, this.#joinId, this.#hopKey, this.#outbox);
    this.#side = new RoomSide({
      player,
      options,
      joinId: this.#joinId,
      own: this.#own,
      outbox: this.#outbox,
      counters: this.counters,
      events: this.events,
    });
  }

  /** Datagrams for the relay, and for other members where a direct path is proved. */
  get outgoing(): Ring<Addressed> {
    return this.#outbox.datagrams;
  }

  get phase(): PeerPhase {
    return this.#phase;
  }

  /** Room time of sample 0, or 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#startAtUs;
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
    return this.#ownFinishKnown;
  }

  /** When {@link tick} has something to do, local µs. */
  get nextTickUs(): number {
    return Math.min(this.#dueUs, this.#own.nextTickUs, this.#side.nextTickUs);
  }

  /** Length of one packet, µs. */
  get packetUs(): number {
    return (this.#options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
  }

  roomTimeUs(localUs: number): number {
    return localUs + this.clock.offsetUs;
  }

  localTimeUs(roomUs: number): number {
    return roomUs - this.clock.offsetUs;
  }

  /** The room's sample at a moment of our clock; negative before the start, and while nothing is scheduled. */
  sampleAt(localUs: number): number {
    if (this.#startAtUs === 0) return -1;
    return Math.floor(((this.roomTimeUs(localUs) - this.#startAtUs) * SAMPLE_RATE_HZ) / 1e6);
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

  /** Every link of the room as its listener reports it, this peer's own included. */
  report(): RoomReport {
    return this.#side.report(this.#ownStages());
  }

  #ownStages(): { inputUs: number; outputUs: number; clockErrorUs: number } {
    return { inputUs: this.inputUs, outputUs: this.outputUs, clockErrorUs: this.clock.roundTripUs / 2 };
  }

  /**
   * Sends the next packet of the own stream; the first call fixes where it begins on the room's timeline. Samples are
   * signed integers of `sampleBits` bits.
   */
  sendAudio(nowUs: number, pcm: Int16Array | Int32Array, baseSample: number): void {
    this.#own.sendAudio(pcm, baseSample, this.#sentAt(nowUs));
  }

  /** Sends one MIDI 1.0 message of 1 to 3 bytes, at the room's sample that it is now unless one is given. */
  sendMidi(nowUs: number, message: Uint8Array, atSample = this.sampleAt(nowUs)): Result<number, PeerCode> {
    if (!isMidiMessage(message))
      return refuse('midi-malformed', 'Send one MIDI 1.0 message of 1 to 3 bytes, no system exclusive.');
    if (this.#phase !== 'seated' || atSample < 0)
      return refuse('not-playing', 'Notes have their place once the room has started.');
    this.#own.sendMidi(nowUs, { atSample, message: message.slice() }, this.sampleAt(nowUs));
    return ok(atSample);
  }

  /**
   * Asks for a change of the shared beat from `entry.atSample` on; it holds once the room shows it, at every peer from
   * the same sample. Asked again until then.
   */
  setTimeline(nowUs: number, entry: TimelineEntry): Result<TimelineEntry, PeerCode> {
    const { tempoMilliBpm, beatsPerBar, atSample, bar, id } = entry;
    const isWhole = [tempoMilliBpm, beatsPerBar, atSample, bar, id].every(
      (value) => Number.isSafeInteger(value) && value >= 0,
    );
    if (
      !isWhole ||
      id > 0xffffffff ||
      bar > 0xffffffff ||
      tempoMilliBpm < TEMPO_MILLI_BPM.least ||
      tempoMilliBpm > TEMPO_MILLI_BPM.most ||
      beatsPerBar < 1 ||
      beatsPerBar > BEATS_PER_BAR_MAX
    )
      return refuse(
        'tempo-malformed',
        'A beat has 20 to 400 a minute, 1 to 32 a bar, and a sample to begin at.',
      );
    this.#wish = entry;
    this.#dueUs = Math.min(this.#dueUs, nowUs);
    return ok(entry);
  }

  /** Ends the own stream; afterwards call {@link sendTrail} once per packet time until it answers false. */
  finish(nowUs: number): void {
    this.#own.finish();
    this.#dueUs = Math.min(this.#dueUs, nowUs + SYNC_FAST_US);
  }

  sendTrail(nowUs: number): boolean {
    return this.#own.sendTrail(this.#sentAt(nowUs));
  }

  leave(nowUs: number): void {
    if (this.#phase !== 'joining' && this.#phase !== 'seated') return;
    this.#phase = 'leaving';
    this.#dueUs = nowUs;
    this.tick(nowUs);
  }

  tick(nowUs: number): void {
    if (this.#firstTickUs < 0) this.#firstTickUs = nowUs;
    if (this.#phase === 'seated') {
      this.#own.tick(nowUs, this.sampleAt(nowUs));
      this.#side.tick(nowUs, this.sampleAt(nowUs), this.#ownStages());
    }
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
    this.#outbox.control({
      t: 'join',
      token: this.#wireToken,
      joinId: this.#joinId,
      epoch: this.#options.epoch,
      packetFrames: this.#options.packetFrames,
      startWhen: this.#options.startWhenPlayers,
      cookie: this.#cookie,
      startedAtUs: Math.round(this.#startAtUs),
      consent: this.#options.consent,
      keys: this.#announcedKeys,
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
    this.#outbox.sync({
      kind: 'request',
      ready: this.clock.isAgreed,
      roomVersion: this.#room.version,
      t0Us: Math.floor(nowUs),
    });
    if (this.#own.isFinished && !this.#ownFinishKnown)
      this.#outbox.control({ t: 'finished', packets: this.#own.sender.packets });
    if (this.#wish !== null) this.#outbox.control({ t: 'timeline', entry: this.#wish });
  }

  #tickLeaving(nowUs: number): void {
    if (this.#leavesSent++ >= LEAVE_ATTEMPTS) {
      this.#phase = 'left';
      this.events.push({ kind: 'left' });
      return;
    }
    this.#dueUs = nowUs + LEAVE_EVERY_US;
    this.#outbox.control({ t: 'leave' });
  }

  /** Takes one datagram as it came from the socket; never throws. */
  datagram(nowUs: number, bytes: Uint8Array): void {
    const header = decodeHeader(bytes);
    if (!header.ok) this.counters.malformed++;
    else if (header.value.type === PACKET_TYPE.audio) this.#takeAudio(nowUs, bytes, header.value);
    else if (header.value.type === PACKET_TYPE.midi || header.value.type === PACKET_TYPE.stats)
      this.#takeSealed(nowUs, bytes, header.value);
    else this.#takeFromRelay(nowUs, bytes, header.value);
  }

  #takeAudio(nowUs: number, bytes: Uint8Array, header: Header): void {
    const remote = this.#remoteOf(header);
    // Without the room's time nobody can say how late it is.
    if (remote === null || !this.clock.isAgreed) return;
    const { receiver, verifier } = remote;
    if (!receiver.replay.isFresh(header.sequence)) {
      this.counters.replayed++;
      return;
    }
    const plain = this.#unseal(remote, bytes, header);
    if (plain === null) return;
    receiver.replay.accept(header.sequence);
    if (verifier !== null) {
      verifier.note(header.sequence, bytes, header.bodyBytes);
      this.#side.noteForged(remote);
    }
    if (this.#body.read(plain) !== READ.fine) {
      this.counters.malformed++;
      return;
    }
    const roomUs = this.roomTimeUs(nowUs);
    receiver.put(header.sequence, header.sampleTime, this.#body, plain, this.#startAtUs, roomUs, nowUs);
  }

  #takeSealed(nowUs: number, bytes: Uint8Array, header: Header): void {
    const remote = this.#remoteOf(header);
    if (remote === null) return;
    const replay = header.type === PACKET_TYPE.midi ? remote.midiReplay : remote.statsReplay;
    if (!replay.isFresh(header.sequence)) {
      this.counters.replayed++;
      return;
    }
    const plain = this.#unseal(remote, bytes, header);
    if (plain === null) return;
    replay.accept(header.sequence);
    if (header.type === PACKET_TYPE.midi) this.#side.takeMidi(nowUs, remote, header.sampleTime, plain);
    else this.#side.takeStats(remote, plain);
  }

  #remoteOf(header: Header): RemotePlayer | null {
    const remote = this.#side.remotes.ofEpoch(header.epoch);
    if (remote === undefined) this.counters.unknownStream++;
    return remote ?? null;
  }

  #unseal(remote: RemotePlayer, bytes: Uint8Array, header: Header): Uint8Array | null {
    const isSealed = (header.flags & FLAG_SEALED) !== 0;
    const key = isSealed ? remote.keys.of(header.generation, header.type) : null;
    if (isSealed && key === null) {
      this.counters.unknownKey++;
      return null;
    }
    const plain =
      key === null
        ? null
        : this.#options.crypto.open(
            key,
            nonceOf(bytes),
            bytes.subarray(0, HEADER_BYTES),
            bodyOf(bytes, header),
          );
    if (plain === null) this.counters.forged++;
    return plain;
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
    this.clock.sample(sync.value.t0Us, sync.value.t1Us, sync.value.t2Us, nowUs);
    this.#tellStart();
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
        if (this.#room.take(message)) this.#takeRoom(nowUs);
        return;
      case 'key':
        this.#side.takeKey(message.seat, message.generation, message.sealed);
        return;
      case 'key-taken':
        this.#side.takeKeyTaken(nowUs, message.seat, message.generation);
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
    this.#outbox.seat = seat;
    this.#heardUs = nowUs;
    this.#room.forgetVersion();
    this.#dueUs = nowUs;
    this.events.push({ kind: 'seated', seat });
    this.tick(nowUs);
  }

  #takeRoom(nowUs: number): void {
    if (this.#startAtUs === 0) this.#startAtUs = this.#room.startAtUs;
    this.#tellStart();
    const own = this.#room.members.find((member) => member.joinId === this.#joinId);
    if (own !== undefined) this.#ownFinishKnown = own.packets !== null;
    const others = this.#room.members.filter((member) => member !== own);
    this.#side.takeMembers(nowUs, this.sampleAt(nowUs), others);
    this.#takeTimeline();
  }

  /** Only once our clock agrees with the room's: who joins late hears of the start before that. */
  #tellStart(): void {
    if (this.#isStartTold || this.#startAtUs === 0 || !this.clock.isAgreed) return;
    this.#isStartTold = true;
    this.events.push({ kind: 'start', startAtUs: this.#startAtUs });
  }

  #takeTimeline(): void {
    const entries = this.#room.timeline;
    if (entries.some((entry) => entry.id === this.#wish?.id)) this.#wish = null;
    const known = this.timeline.entries;
    if (entries.length === known.length && entries.every((entry, i) => entry.id === known[i]?.id)) return;
    // A relay that has forgotten says nothing of the beat; what was agreed goes on.
    if (entries.length === 0) return;
    this.timeline.replace(entries);
    this.events.push({ kind: 'timeline' });
  }

  #sentAt(nowUs: number): number {
    return Math.max(0, Math.round(this.roomTimeUs(nowUs)));
  }
}
