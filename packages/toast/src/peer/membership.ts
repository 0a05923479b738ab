import type { Ring } from '@jamnet/base';
import { ClockSync } from '../clock-sync.ts';
import { SAMPLE_RATE_HZ } from '../limits.ts';
import { BeatTimeline, type TimelineEntry } from '../timeline/beat-timeline.ts';
import { proveName } from '../trust/name-proof.ts';
import { announceKeys } from '../trust/peer-identity.ts';
import type { ControlMessage } from '../wire/control-message.ts';
import { decodeSyncBody } from '../wire/sync-body.ts';
import type { Outbox } from './outbox.ts';
import type { OwnStream } from './own-stream.ts';
import type { PeerCounters, PeerEvent, PeerPhase } from './peer-events.ts';
import {
  JOIN_EVERY_US,
  LEAVE_ATTEMPTS,
  LEAVE_EVERY_US,
  type PeerOptions,
  SILENCE_US_MAX,
  SYNC_FAST_COUNT,
  SYNC_FAST_US,
  SYNC_SLOW_US,
  SYNCS_OPEN_MAX,
  UNREACHABLE_AFTER_US,
} from './peer-options.ts';
import type { RoomSide } from './room-side.ts';
import { RoomView } from './room-view.ts';

interface Surroundings {
  readonly options: PeerOptions;
  /** The part of the join token that travels. */
  readonly wireToken: string;
  readonly joinId: string;
  readonly outbox: Outbox;
  readonly own: OwnStream;
  readonly side: RoomSide;
  readonly counters: PeerCounters;
  readonly events: Ring<PeerEvent>;
}

/** What goes on between this peer and the relay: joining and leaving, the room's clock, its list and its beat. */
export class Membership {
  readonly clock = new ClockSync();
  readonly timeline = new BeatTimeline();
  readonly #around: Surroundings;
  readonly #announcedKeys: string;
  readonly #room = new RoomView();
  #phase: PeerPhase = 'joining';
  #cookie = '';
  /** Made once per challenge: a signature is more work than all else of a join. */
  #proof = '';
  #startAtUs = 0;
  #isStartTold = false;
  #isFinishKnown = false;
  #isSilenceTold = false;
  /** The change of the beat that this peer asked for, until the room shows it. */
  #wish: TimelineEntry | null = null;
  #syncsSent = 0;
  /** When the requests were sent that nobody has answered, oldest first: an answer to another one says nothing of the way. */
  readonly #openT0sUs = new Set<number>();
  #leavesSent = 0;
  #dueUs = 0;
  #heardUs = -1;
  #firstTickUs = -1;

  constructor(around: Surroundings) {
    this.#around = around;
    const { crypto, roomKey, identity } = around.options;
    this.#announcedKeys =
      identity === undefined ? '' : announceKeys(crypto, roomKey, around.joinId, identity);
  }

  get phase(): PeerPhase {
    return this.#phase;
  }

  /** Room time of sample 0, or 0 while nothing is scheduled. */
  get startAtUs(): number {
    return this.#startAtUs;
  }

  /** It has a seat, or had one and asks for it again: a relay that only fell silent passes on what it gets meanwhile. */
  get isMember(): boolean {
    return this.#phase === 'seated' || (this.#phase === 'joining' && this.#heardUs >= 0);
  }

  /** The relay knows where our stream ended. */
  get isFinishKnown(): boolean {
    return this.#isFinishKnown;
  }

  get nextTickUs(): number {
    return this.#dueUs;
  }

  roomTimeUs(localUs: number): number {
    return localUs + this.clock.offsetAt(localUs);
  }

  localTimeUs(roomUs: number): number {
    return this.clock.localTimeUs(roomUs);
  }

  /** The room's sample at a moment of our clock; negative before the start, and while nothing is scheduled. */
  sampleAt(localUs: number): number {
    if (this.#startAtUs === 0) return -1;
    return Math.floor(((this.roomTimeUs(localUs) - this.#startAtUs) * SAMPLE_RATE_HZ) / 1e6);
  }

  /** Asks for a change of the beat until the room shows it. */
  wishFor(nowUs: number, entry: TimelineEntry): void {
    this.#wish = entry;
    this.#dueUs = Math.min(this.#dueUs, nowUs);
  }

  /** The own stream has ended: the relay is told again soon, in case it did not hear of it. */
  finished(nowUs: number): void {
    this.#dueUs = Math.min(this.#dueUs, nowUs + SYNC_FAST_US);
  }

  /** What is sent to the relay goes to another one from now on: joins there with the same keys, and says when the room began. */
  moved(nowUs: number): void {
    if (this.#phase !== 'joining' && this.#phase !== 'seated') return;
    if (this.#phase === 'seated') this.#around.counters.rejoined++;
    this.#phase = 'joining';
    this.#forgetChallenge();
    if (this.#heardUs >= 0) this.#heardUs = nowUs;
    this.#firstTickUs = nowUs;
    this.#isSilenceTold = false;
    this.#dueUs = nowUs;
    this.tick(nowUs);
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
      this.#around.events.push(wasSeated ? { kind: 'lost' } : { kind: 'refused', code: 'relay-unreachable' });
      return;
    }
    this.#tellSilence(nowUs);
    this.#dueUs = nowUs + JOIN_EVERY_US;
    this.#sendJoin();
  }

  /** Once until it is heard, or another relay's turn comes; also of a relay that died before it gave us a seat. */
  #tellSilence(nowUs: number): void {
    const sinceUs = this.#heardUs >= 0 ? this.#heardUs : this.#firstTickUs;
    if (this.#isSilenceTold || nowUs - sinceUs <= SILENCE_US_MAX) return;
    this.#isSilenceTold = true;
    this.#around.events.push({ kind: 'silent' });
  }

  #answerChallenge(cookie: string): void {
    const { options, wireToken, joinId } = this.#around;
    const join = { token: wireToken, joinId, cookie };
    this.#cookie = cookie;
    this.#proof = options.identity === undefined ? '' : proveName(options.identity, join);
  }

  /** Another relay, or one that forgot: it has not challenged this peer yet. */
  #forgetChallenge(): void {
    this.#cookie = '';
    this.#proof = '';
  }

  #sendJoin(): void {
    const { options, wireToken, joinId, outbox } = this.#around;
    outbox.control({
      t: 'join',
      token: wireToken,
      joinId,
      epoch: options.epoch,
      packetFrames: options.packetFrames,
      startWhen: options.startWhenPlayers,
      listens: options.listens === true,
      cookie: this.#cookie,
      startedAtUs: Math.round(this.#startAtUs),
      consent: options.consent,
      keys: this.#announcedKeys,
      proof: this.#proof,
    });
  }

  #tickSeated(nowUs: number): void {
    const { counters, outbox, own } = this.#around;
    if (nowUs - this.#heardUs > SILENCE_US_MAX) {
      this.#phase = 'joining';
      this.#forgetChallenge();
      counters.rejoined++;
      this.#tickJoining(nowUs);
      return;
    }
    // Requests that no relay answered have not brought the clock nearer.
    const isHurried = this.#syncsSent < SYNC_FAST_COUNT || !this.clock.isAgreed;
    this.#dueUs = nowUs + (isHurried ? SYNC_FAST_US : SYNC_SLOW_US);
    this.#syncsSent++;
    const t0Us = Math.floor(nowUs);
    this.#open(t0Us);
    outbox.sync({ kind: 'request', ready: this.clock.isAgreed, roomVersion: this.#room.version, t0Us });
    if (own.isFinished && !this.#isFinishKnown)
      outbox.control({ t: 'finished', packets: own.sender.packets });
    this.#tellTimeline();
  }

  #open(t0Us: number): void {
    this.#openT0sUs.add(t0Us);
    const [oldestUs] = this.#openT0sUs;
    if (this.#openT0sUs.size > SYNCS_OPEN_MAX && oldestUs !== undefined) this.#openT0sUs.delete(oldestUs);
  }

  #tellTimeline(): void {
    const { outbox } = this.#around;
    if (this.#wish !== null) outbox.control({ t: 'timeline', entry: this.#wish, recalled: false });
    if (this.#room.version === 0 || this.#room.timeline.length > 0) return;
    for (const entry of this.timeline.entries) outbox.control({ t: 'timeline', entry, recalled: true });
  }

  #tickLeaving(nowUs: number): void {
    const { events, outbox } = this.#around;
    if (this.#leavesSent++ >= LEAVE_ATTEMPTS) {
      this.#phase = 'left';
      events.push({ kind: 'left' });
      return;
    }
    this.#dueUs = nowUs + LEAVE_EVERY_US;
    outbox.control({ t: 'leave' });
  }

  takeSync(nowUs: number, body: Uint8Array): void {
    const sync = decodeSyncBody(body);
    if (!sync.ok || sync.value.kind !== 'answer') {
      this.#around.counters.malformed++;
      return;
    }
    if (this.#phase !== 'seated') return;
    if (!this.#openT0sUs.delete(sync.value.t0Us)) {
      this.#around.counters.replayed++;
      return;
    }
    this.#heardUs = nowUs;
    this.clock.sample(sync.value.t0Us, sync.value.t1Us, sync.value.t2Us, nowUs);
    this.#tellStart();
  }

  /** What the relay itself says; false for a message that is not of this peer's membership. */
  takeControl(nowUs: number, message: ControlMessage): boolean {
    switch (message.t) {
      case 'challenge':
        if (this.#phase !== 'joining' || this.#cookie === message.cookie) return true;
        this.#answerChallenge(message.cookie);
        this.#sendJoin();
        return true;
      case 'welcome':
        if (this.#phase === 'joining') this.#takeSeat(nowUs, message.seat);
        return true;
      case 'refused':
        // With a seat only the one that lost it is meant: an answer to a join may be late.
        if (this.#phase !== 'joining' && !(this.#phase === 'seated' && message.code === 'replaced'))
          return true;
        this.#phase = 'refused';
        this.#around.events.push({ kind: 'refused', code: message.code });
        return true;
      case 'room':
        if (this.#room.take(message)) this.#takeRoom(nowUs);
        return true;
      case 'goodbye':
        if (this.#phase !== 'leaving') return true;
        this.#phase = 'left';
        this.#around.events.push({ kind: 'left' });
        return true;
      default:
        return false;
    }
  }

  #takeSeat(nowUs: number, seat: number): void {
    this.#phase = 'seated';
    this.#isSilenceTold = false;
    this.#around.outbox.seat = seat;
    this.#heardUs = nowUs;
    this.#room.forgetVersion();
    this.#openT0sUs.clear();
    this.#dueUs = nowUs;
    this.#around.events.push({ kind: 'seated', seat });
    this.tick(nowUs);
  }

  #takeRoom(nowUs: number): void {
    const { joinId, side } = this.#around;
    if (this.#isSuperseded) {
      this.#leaveVoidTimeline(nowUs);
      return;
    }
    if (this.#startAtUs === 0) this.#startAtUs = this.#room.startAtUs;
    this.#tellStart();
    const own = this.#room.members.find((member) => member.joinId === joinId);
    if (own !== undefined) this.#isFinishKnown = own.packets !== null;
    const others = this.#room.members.filter((member) => member !== own);
    side.takeMembers(nowUs, this.sampleAt(nowUs), others);
    this.#takeTimeline();
    // The relay minds what we say of seats once it knows that we know them.
    if (this.#phase === 'seated') this.#dueUs = nowUs;
  }

  /** The relay had forgotten and began anew, and was then told when the room had really begun; or we bring a start from elsewhere. */
  get #isSuperseded(): boolean {
    const { startAtUs } = this.#room;
    return startAtUs !== 0 && this.#startAtUs !== 0 && startAtUs !== Math.round(this.#startAtUs);
  }

  #leaveVoidTimeline(nowUs: number): void {
    this.#around.outbox.control({ t: 'leave' });
    this.#phase = 'left';
    this.#dueUs = nowUs;
    this.#around.events.push({ kind: 'superseded' });
  }

  /** Only once our clock agrees with the room's: who joins late hears of the start before that. */
  #tellStart(): void {
    if (this.#isStartTold || this.#startAtUs === 0 || !this.clock.isAgreed) return;
    this.#isStartTold = true;
    this.#around.events.push({ kind: 'start', startAtUs: this.#startAtUs });
  }

  #takeTimeline(): void {
    const entries = this.#room.timeline;
    if (entries.some((entry) => entry.id === this.#wish?.id)) this.#wish = null;
    const known = this.timeline.entries;
    const isSame = (a: TimelineEntry, b: TimelineEntry | undefined): boolean =>
      a.id === b?.id && a.atSample === b.atSample;
    if (entries.length === known.length && entries.every((entry, i) => isSame(entry, known[i]))) return;
    // A relay that has forgotten says nothing of the beat; what was agreed goes on, and is told to it.
    if (entries.length === 0) return;
    this.timeline.replace(entries);
    this.#around.events.push({ kind: 'timeline' });
  }
}
