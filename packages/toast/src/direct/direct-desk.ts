import { hopTagFits, type SealCrypto } from '../crypto/toast-crypto.ts';
import { type Outbox, OVER_THE_RELAY, type Route } from '../peer/outbox.ts';
import type { PeerCounters } from '../peer/peer-events.ts';
import { TokenBucket } from '../relay/source-limit.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';
import { bodyOf, HEADER_BYTES, type Header, HOP_TAG_BYTES, heldBytes } from '../wire/header.ts';
import { isHostPort, isLoopback } from '../wire/host-port.ts';
import { decodeProbe } from '../wire/probe-body.ts';
import type { Candidate } from './candidate.ts';
import {
  ASK_AGAIN_US,
  ASK_EVERY_US,
  ASKS_MAX,
  OFFERED_MAX,
  PATHS_USED_MAX,
  PROBES_SENT,
  PROBES_UNKNOWN,
} from './direct-limits.ts';
import { DirectPath } from './direct-path.ts';
import { openOffer, sealOffer } from './offer.ts';
import { challengeFor, pathKeys } from './path-keys.ts';

/** While the budget is spent, a probe waits so long for its next chance. */
const BUDGET_WAIT_US = 5_000;

type Introduction = Extract<ControlMessage, { t: 'address' }>;

interface Surroundings {
  readonly crypto: SealCrypto;
  readonly roomKey: Uint8Array;
  readonly identity: PeerIdentity | null;
  readonly joinId: string;
  readonly hopKey: Uint8Array;
  readonly outbox: Outbox;
  readonly counters: PeerCounters;
  /** Round trip to the relay, µs. */
  readonly relayTripUs: () => number;
}

/** This peer's straight ways to the other members: finds them, keeps them, and says which are worth taking. */
export class DirectDesk {
  readonly #around: Surroundings;
  readonly #paths = new Map<string, DirectPath>();
  readonly #bySource = new Map<string, DirectPath>();
  readonly #budget = new TokenBucket(PROBES_SENT.perSecond, PROBES_SENT.burst);
  readonly #strangers = new TokenBucket(PROBES_UNKNOWN.perSecond, PROBES_UNKNOWN.burst);
  readonly #used: DirectPath[] = [];
  /** Own addresses, or `null` while no direct paths are wanted. */
  #offered: readonly string[] | null = null;
  #version = 0;
  #members: readonly RoomMember[] = [];
  #asks = 0;
  #askUs = Number.POSITIVE_INFINITY;
  #challenges = 0;
  #reflexive = '';

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** This peer's address as the relay sees it; empty before it said so. */
  get reflexive(): string {
    return this.#reflexive;
  }

  get nextTickUs(): number {
    let next = this.#askUs;
    for (const path of this.#paths.values()) next = Math.min(next, path.nextTickUs);
    return next;
  }

  pathTo(joinId: string): DirectPath | null {
    return this.#paths.get(joinId) ?? null;
  }

  /** From now on other members may learn this peer's addresses: those given, and the one that the relay sees. */
  offer(nowUs: number, addresses: readonly string[]): void {
    this.#offered = addresses.filter(isHostPort).slice(0, OFFERED_MAX);
    this.#version++;
    this.ask(nowUs);
    for (const path of this.#paths.values()) path.punch(nowUs);
  }

  /** Asks the relay anew: after each time that it gave a seat. */
  ask(nowUs: number): void {
    if (this.#offered === null) return;
    this.#asks = 0;
    this.#askUs = nowUs;
  }

  members(others: readonly RoomMember[]): void {
    this.#members = others;
    for (const path of this.#paths.values()) path.isListed = false;
    for (const member of others) {
      const path = this.#paths.get(member.joinId);
      if (path === undefined) continue;
      path.member = member;
      path.isListed = true;
    }
  }

  introduce(nowUs: number, message: Introduction): void {
    const { joinId, roomKey, crypto, identity, counters } = this.#around;
    this.#asks = ASKS_MAX;
    this.#askUs = Math.max(this.#askUs, nowUs + ASK_EVERY_US);
    if (this.#offered === null) return;
    if (message.joinId === joinId) {
      this.#moved(nowUs, message.address);
      return;
    }
    const member = this.#members.find((each) => each.joinId === message.joinId);
    if (member === undefined) return;
    const hosts = openOffer(crypto, roomKey, message.joinId, message.version, message.sealed);
    if (hosts === null) {
      counters.forged++;
      return;
    }
    let path = this.#paths.get(message.joinId);
    if (path === undefined) {
      path = new DirectPath(member, pathKeys({ crypto, roomKey, identity }, joinId, member));
      this.#paths.set(message.joinId, path);
    }
    const reflexive = message.address;
    const isNew =
      path.version < message.version || !path.candidates.some((each) => each.address === reflexive);
    if (message.version < path.version || !isNew) return;
    path.version = message.version;
    // Only who lives on this machine itself may be sent to programs of this machine.
    const isHere = this.#offered.some(isLoopback);
    const targets = hosts.filter((each) => isHere || !isLoopback(each));
    path.tell(nowUs, targets, reflexive);
  }

  /** The relay sees this peer elsewhere than before: the others are shown the new place by probes at once. */
  #moved(nowUs: number, address: string): void {
    if (this.#reflexive !== '' && this.#reflexive !== address)
      for (const path of this.#paths.values()) path.punch(nowUs);
    this.#reflexive = address;
  }

  tick(nowUs: number): void {
    if (this.#offered === null) return;
    for (const [joinId, path] of this.#paths) {
      path.look(nowUs);
      // A relay that restarts forgets its members for a moment; who is heard has not left.
      if (!path.isListed && !path.isAlive(nowUs)) this.#forget(joinId, path);
      else this.#probe(nowUs, path);
    }
    if (nowUs >= this.#askUs) this.#ask(nowUs, this.#offered);
  }

  #forget(joinId: string, path: DirectPath): void {
    this.#paths.delete(joinId);
    for (const source of path.sources) this.#bySource.delete(source);
  }

  #ask(nowUs: number, offered: readonly string[]): void {
    const { crypto, roomKey, joinId, outbox } = this.#around;
    // A relay that does not know the question never answers: then all stays with the relay.
    if (this.#asks < ASKS_MAX) this.#askUs = nowUs + ASK_EVERY_US;
    else this.#askUs = this.#reflexive === '' ? Number.POSITIVE_INFINITY : nowUs + ASK_AGAIN_US;
    this.#asks++;
    const sealed = sealOffer(crypto, roomKey, joinId, this.#version, offered);
    outbox.control({ t: 'direct', version: this.#version, sealed });
  }

  #probe(nowUs: number, path: DirectPath): void {
    for (const candidate of path.candidates) {
      if (candidate.dueUs > nowUs) continue;
      if (this.#budget.take(nowUs)) this.#send(nowUs, path, candidate);
      else candidate.dueUs = nowUs + BUDGET_WAIT_US;
    }
  }

  #send(nowUs: number, path: DirectPath, candidate: Candidate): void {
    const { crypto, hopKey, outbox, relayTripUs } = this.#around;
    const challenge = challengeFor(crypto, hopKey, candidate.address, this.#challenges++);
    const { echo, echoUs, isProved, taken } = candidate;
    const probe = {
      challenge,
      echo,
      heldUs: echo === null ? 0 : nowUs - echoUs,
      isUnproved: !isProved,
      relayTripUs: relayTripUs(),
      taken,
    };
    outbox.probe(candidate.address, path.send.probe, probe);
    candidate.sent(nowUs, challenge, candidate === path.best);
  }

  /** Whose datagram it is that came straight from `from`; `null`, and counted, when that is not known or its tag does not fit. */
  sender(from: string, bytes: Uint8Array, header: Header): DirectPath | null {
    const path = this.#bySource.get(from);
    if (path === undefined || path.member.epoch !== header.epoch || !tagFits(path, bytes, header)) {
      this.#around.counters.strangers++;
      return null;
    }
    return path;
  }

  takeProbe(nowUs: number, from: string, bytes: Uint8Array, header: Header): void {
    const { counters, crypto, relayTripUs } = this.#around;
    const known = this.#bySource.get(from);
    if (!(known?.bucket ?? this.#strangers).take(nowUs)) {
      counters.probesFlooded++;
      return;
    }
    const path = this.#ofEpoch(header.epoch);
    if (path === null) {
      counters.strangers++;
      return;
    }
    if (!hopTagFits(crypto, path.read.probe, bytes, header.bodyBytes)) {
      counters.probesForged++;
      return;
    }
    if (!path.replay.isFresh(header.sequence)) {
      counters.probesReplayed++;
      return;
    }
    const probe = decodeProbe(bodyOf(bytes, header));
    if (!probe.ok) {
      counters.malformed++;
      return;
    }
    // A member that puts another's address on its datagrams must not take that one's place.
    if (known !== undefined && known !== path && known.isAlive(nowUs)) {
      counters.strangers++;
      return;
    }
    path.replay.accept(header.sequence);
    const gone = path.take(nowUs, from, probe.value, relayTripUs());
    if (gone !== null) this.#bySource.delete(gone);
    this.#bySource.set(from, path);
    this.#probe(nowUs, path);
  }

  #ofEpoch(epoch: number): DirectPath | null {
    for (const path of this.#paths.values()) if (path.member.epoch === epoch) return path;
    return null;
  }

  /** Good until the next call. */
  route(nowUs: number): Route {
    if (this.#paths.size === 0) return OVER_THE_RELAY;
    const used = this.#used;
    used.length = 0;
    // Also to one whom a restarted relay does not list yet: who is heard has not left.
    for (const path of this.#paths.values()) if (path.isWorthwhile(nowUs)) used.push(path);
    if (used.length > PATHS_USED_MAX) {
      used.sort((a, b) => b.gainUs - a.gainUs);
      used.length = PATHS_USED_MAX;
    }
    let held = 0;
    let listed = 0;
    for (const path of used) {
      if (!path.isListed) continue;
      held |= 1 << path.member.seat;
      listed++;
    }
    return { direct: used, held, isRelayNeeded: listed === 0 || listed < this.#members.length };
  }
}

/** The bytes that only the member knows; whether it sealed what it sends, the seal says. */
function tagFits(path: DirectPath, bytes: Uint8Array, header: Header): boolean {
  const at = HEADER_BYTES + header.bodyBytes + heldBytes(header.flags);
  let difference = bytes.length < at + HOP_TAG_BYTES ? 1 : 0;
  for (let i = 0; i < HOP_TAG_BYTES; i++) difference |= (bytes[at + i] ?? 0) ^ (path.read.tag[i] ?? 0);
  return difference === 0;
}
