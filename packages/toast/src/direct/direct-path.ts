import { ReplayWindow } from '../replay-window.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { RoomMember } from '../wire/control-message.ts';
import type { Probe } from '../wire/probe-body.ts';
import { Candidate, type CandidateKind } from './candidate.ts';
import {
  CANDIDATES_MAX,
  ECHO_EVERY_US,
  KEEP_EVERY_US,
  PROBES_KNOWN,
  REST_US,
  SILENCE_US_MAX,
  SOURCES_PER_MEMBER_MAX,
  STAGGER_US,
  TIE_US,
  WORSE_US,
} from './direct-limits.ts';
import type { PathKeys } from './path-keys.ts';

/** A proof that is newer by so much counts more than a shorter way. */
const FRESHER_US = 2 * KEEP_EVERY_US + 20_000;
/** The other's way is the shorter one when it takes less than this share. */
const SHORTER_SHARE = 0.8;

/** What is known of the straight way to one member: where it may be, where it was found, and whether it is worth taking. */
export class DirectPath {
  member: RoomMember;
  readonly send: PathKeys;
  readonly read: PathKeys;
  /** Of the probes of this member that were taken. */
  readonly replay = new ReplayWindow();
  readonly bucket = new TokenBucket(PROBES_KNOWN.perSecond, PROBES_KNOWN.burst);
  /** Addresses from which the member's datagrams are taken, the newest last. */
  readonly sources: string[] = [];
  /** Version of the member's offer, −1 before it is known that it has one. */
  version = -1;
  isListed = true;
  /** Times that sound went back to the relay. */
  fallbacks = 0;
  readonly #candidates: Candidate[] = [];
  #best: Candidate | null = null;
  #heardUs = Number.NEGATIVE_INFINITY;
  #relayTripUs = Number.POSITIVE_INFINITY;
  #isQuicker = false;
  #restUs: number = REST_US.first;
  #againUs = Number.POSITIVE_INFINITY;

  constructor(member: RoomMember, keys: { readonly send: PathKeys; readonly read: PathKeys }) {
    this.member = member;
    this.send = keys.send;
    this.read = keys.read;
  }

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** Where this member's datagrams go; `null` while no address is proved. */
  get best(): Candidate | null {
    return this.#best;
  }

  /** Round trip over the relay between both peers, as both measured their half, µs; infinite while unknown. */
  get relayTripUs(): number {
    return this.#relayTripUs;
  }

  /** When {@link look} or a candidate has something to do. */
  get nextTickUs(): number {
    let next = this.#againUs;
    for (const candidate of this.#candidates) next = Math.min(next, candidate.dueUs);
    return this.#best === null ? next : Math.min(next, this.#heardUs + SILENCE_US_MAX + 1);
  }

  /** Addresses that were told anew: what was found stays, what is new is tried, the member's own addresses first. */
  tell(nowUs: number, hosts: readonly string[], reflexive: string): void {
    for (const address of hosts) this.#add(address, 'host');
    this.#add(reflexive, 'reflexive');
    const told = new Set([...hosts, reflexive]);
    for (let i = this.#candidates.length - 1; i >= 0; i--) {
      const each = this.#candidates[i];
      if (each === undefined || told.has(each.address) || each.kind === 'peer-reflexive') continue;
      if (each !== this.#best) this.#candidates.splice(i, 1);
    }
    this.#restUs = REST_US.first;
    this.punch(nowUs);
  }

  /** Begins a round: host addresses first, then what the relay saw, then what we saw. */
  punch(nowUs: number): void {
    const order: Record<CandidateKind, number> = { host: 0, reflexive: 1, 'peer-reflexive': 2 };
    this.#candidates.sort((a, b) => order[a.kind] - order[b.kind]);
    this.#candidates.forEach((each, i) => {
      if (each !== this.#best) each.punch(nowUs + i * STAGGER_US);
    });
    this.#againUs = nowUs + this.#restUs;
    this.#restUs = Math.min(REST_US.last, 2 * this.#restUs);
  }

  #add(address: string, kind: CandidateKind): Candidate | null {
    const known = this.#candidates.find((each) => each.address === address);
    if (known !== undefined) {
      // Seen on a probe before it was told.
      if (known.kind === 'peer-reflexive') known.kind = kind;
      return known;
    }
    if (this.#candidates.length === CANDIDATES_MAX) {
      const oldest = this.#candidates.findIndex((each) => each !== this.#best && !each.isProved);
      if (oldest < 0) return null;
      this.#candidates.splice(oldest, 1);
    }
    const candidate = new Candidate(address, kind);
    this.#candidates.push(candidate);
    return candidate;
  }

  /** Takes a probe whose tag fitted and that was not seen before; answers a source that gives way to a newer one. */
  take(nowUs: number, from: string, probe: Probe, ownRelayTripUs: number): string | null {
    this.#heardUs = nowUs;
    const source = this.#add(from, 'peer-reflexive');
    if (source !== null) this.#takeFrom(nowUs, source, probe);
    const { echo, heldUs, taken } = probe;
    if (echo !== null)
      for (const candidate of this.#candidates) if (candidate.answered(nowUs, echo, heldUs, taken)) break;
    this.#choose();
    this.#compare(ownRelayTripUs + probe.relayTripUs);
    return this.#note(from);
  }

  #takeFrom(nowUs: number, source: Candidate, probe: Probe): void {
    source.taken++;
    source.echo = probe.challenge;
    source.echoUs = nowUs;
    // One datagram of the same length for one that proved itself, and not for each: nothing to amplify with.
    if (!source.isProved || probe.isUnproved)
      source.dueUs = Math.min(source.dueUs, Math.max(nowUs, source.sentUs + ECHO_EVERY_US));
  }

  #note(from: string): string | null {
    const at = this.sources.indexOf(from);
    if (at >= 0) this.sources.splice(at, 1);
    this.sources.push(from);
    return this.sources.length > SOURCES_PER_MEMBER_MAX ? (this.sources.shift() ?? null) : null;
  }

  /** Something that the member sealed came straight from it. */
  heard(nowUs: number): void {
    this.#heardUs = nowUs;
  }

  #choose(): void {
    for (const candidate of this.#candidates) {
      if (!candidate.isProved || candidate === this.#best) continue;
      const best = this.#best;
      const isFresher = best === null || candidate.provedUs > best.provedUs + FRESHER_US;
      const isStale = best !== null && best.provedUs > candidate.provedUs + FRESHER_US;
      if (isFresher || (!isStale && candidate.tripUs < SHORTER_SHARE * best.tripUs)) this.#best = candidate;
    }
    if (this.#best === null) return;
    this.#restUs = REST_US.first;
    this.#againUs = Number.POSITIVE_INFINITY;
  }

  #compare(relayTripUs: number): void {
    this.#relayTripUs = relayTripUs;
    const tripUs = this.#best?.tripUs ?? Number.POSITIVE_INFINITY;
    this.#isQuicker = tripUs <= relayTripUs + (this.#isQuicker ? WORSE_US : TIE_US);
  }

  /** Both directions were proved, and were heard lately. */
  isAlive(nowUs: number): boolean {
    const best = this.#best;
    if (best === null || nowUs - this.#heardUs > SILENCE_US_MAX) return false;
    return nowUs - best.provedUs <= SILENCE_US_MAX + 2 * KEEP_EVERY_US + best.tripUs;
  }

  /** Alive, and quicker than the relay. */
  isWorthwhile(nowUs: number): boolean {
    return this.#isQuicker && this.isAlive(nowUs);
  }

  /** How much quicker than the relay, µs. */
  get gainUs(): number {
    return this.#relayTripUs - (this.#best?.tripUs ?? Number.POSITIVE_INFINITY);
  }

  /** Gives up what went silent and begins to look for a new way. */
  look(nowUs: number): void {
    if (this.#best !== null && !this.isAlive(nowUs)) {
      if (this.#isQuicker) this.fallbacks++;
      this.#best = null;
      this.#isQuicker = false;
      for (const candidate of this.#candidates) candidate.doubt();
      this.#restUs = REST_US.first;
      this.punch(nowUs);
    } else if (nowUs >= this.#againUs) this.punch(nowUs);
  }
}
