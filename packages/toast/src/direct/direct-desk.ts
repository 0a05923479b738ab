import type { SealCrypto } from '../crypto/toast-crypto.ts';
import type { Outbox, Route } from '../peer/outbox.ts';
import type { PeerCounters } from '../peer/peer-events.ts';
import type { PeerIdentity } from '../trust/peer-identity.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';
import { HEADER_BYTES, type Header, HOP_TAG_BYTES, heldBytes } from '../wire/header.ts';
import { isLoopback } from '../wire/host-port.ts';
import { RouteChooser } from './choose-route.ts';
import { DirectPath } from './direct-path.ts';
import { openOffer } from './offer.ts';
import { OwnOffer } from './own-offer.ts';
import { pathKeys } from './path-keys.ts';
import { PathTable } from './path-table.ts';
import { ProbeInbox } from './probe-inbox.ts';
import { Prober } from './prober.ts';

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

/** This peer's straight ways to the other members: who is introduced, who is probed, whose datagrams are taken. */
export class DirectDesk {
  readonly #around: Surroundings;
  readonly #paths = new PathTable();
  readonly #offer: OwnOffer;
  readonly #prober: Prober;
  readonly #inbox: ProbeInbox;
  readonly #chooser: RouteChooser;

  constructor(around: Surroundings) {
    const { crypto, counters, relayTripUs } = around;
    this.#around = around;
    this.#offer = new OwnOffer(around);
    this.#prober = new Prober(around);
    this.#inbox = new ProbeInbox({ crypto, counters, relayTripUs, paths: this.#paths });
    this.#chooser = new RouteChooser(this.#paths);
  }

  get nextTickUs(): number {
    let next = this.#offer.nextTickUs;
    for (const path of this.#paths.all) next = Math.min(next, path.nextTickUs);
    return next;
  }

  pathTo(joinId: string): DirectPath | null {
    return this.#paths.ofJoin(joinId) ?? null;
  }

  /** From now on other members may learn this peer's addresses: those given, and the one that the relay sees. */
  offer(nowUs: number, addresses: readonly string[]): void {
    this.#offer.make(nowUs, addresses);
    for (const path of this.#paths.all) path.punch(nowUs);
  }

  /** Asks the relay anew: after each time that it gave a seat. */
  ask(nowUs: number): void {
    this.#offer.ask(nowUs);
  }

  members(others: readonly RoomMember[]): void {
    this.#paths.list(others);
  }

  introduce(nowUs: number, message: Introduction): void {
    const { joinId, roomKey, crypto, counters } = this.#around;
    this.#offer.answered(nowUs);
    if (!this.#offer.isMade) return;
    if (message.joinId === joinId) {
      this.#moved(nowUs, message.address);
      return;
    }
    const member = this.#paths.member(message.joinId);
    if (member === undefined) return;
    const hosts = openOffer(crypto, roomKey, message.joinId, message.version, message.sealed);
    if (hosts === null) counters.forged++;
    else this.#learn(nowUs, this.#pathOf(member), message, hosts);
  }

  #pathOf(member: RoomMember): DirectPath {
    const { crypto, roomKey, identity, joinId } = this.#around;
    const known = this.#paths.ofJoin(member.joinId);
    if (known !== undefined) return known;
    const path = new DirectPath(member, pathKeys({ crypto, roomKey, identity }, joinId, member));
    this.#paths.add(path);
    return path;
  }

  #learn(
    nowUs: number,
    path: DirectPath,
    { version, address }: Introduction,
    hosts: readonly string[],
  ): void {
    const isKnown = path.candidates.some((each) => each.address === address);
    if (version < path.version || (version === path.version && isKnown)) return;
    path.version = version;
    const isHere = this.#offer.isOfThisMachine;
    const targets = hosts.filter((each) => isHere || !isLoopback(each));
    path.tell(nowUs, targets, address);
  }

  /** The relay sees this peer elsewhere than before: the others are shown the new place by probes at once. */
  #moved(nowUs: number, address: string): void {
    if (this.#offer.reflexive !== '' && this.#offer.reflexive !== address)
      for (const path of this.#paths.all) path.punch(nowUs);
    this.#offer.reflexive = address;
  }

  tick(nowUs: number): void {
    if (!this.#offer.isMade) return;
    for (const path of this.#paths.all) {
      path.look(nowUs);
      // A relay that restarts forgets its members for a moment; who is heard has not left.
      if (!path.isListed && !path.isAlive(nowUs)) this.#paths.remove(path);
      else this.#prober.probe(nowUs, path);
    }
    this.#offer.tick(nowUs);
  }

  /** Whose datagram it is that came straight from `from`; `null`, and counted, when that is not known or its tag does not fit. */
  sender(from: string, bytes: Uint8Array, header: Header): DirectPath | null {
    const path = this.#paths.ofSource(from);
    if (path === undefined || path.member.epoch !== header.epoch || !tagFits(path, bytes, header)) {
      this.#around.counters.strangers++;
      return null;
    }
    return path;
  }

  takeProbe(nowUs: number, from: string, bytes: Uint8Array, header: Header): void {
    const path = this.#inbox.take(nowUs, from, bytes, header);
    if (path !== null) this.#prober.probe(nowUs, path);
  }

  /** Good until the next call. */
  route(nowUs: number): Route {
    return this.#chooser.route(nowUs);
  }
}

/** The bytes that only the member knows; whether it sealed what it sends, the seal says. */
function tagFits(path: DirectPath, bytes: Uint8Array, header: Header): boolean {
  const at = HEADER_BYTES + header.bodyBytes + heldBytes(header.flags);
  let difference = bytes.length < at + HOP_TAG_BYTES ? 1 : 0;
  for (let i = 0; i < HOP_TAG_BYTES; i++) difference |= (bytes[at + i] ?? 0) ^ (path.read.tag[i] ?? 0);
  return difference === 0;
}
