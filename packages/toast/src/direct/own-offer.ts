import type { SealCrypto } from '../crypto/toast-crypto.ts';
import type { Outbox } from '../peer/outbox.ts';
import { isHostPort, isLoopback } from '../wire/host-port.ts';
import { ASK_AGAIN_US, ASK_EVERY_US, ASKS_MAX, OFFERED_MAX } from './direct-limits.ts';
import { sealOffer } from './offer.ts';

interface Surroundings {
  readonly crypto: SealCrypto;
  readonly roomKey: Uint8Array;
  readonly joinId: string;
  readonly outbox: Outbox;
}

/** What this peer lets the members know of itself, and its questions to the relay who else wants direct paths. */
export class OwnOffer {
  /** This peer's address as the relay sees it; empty before it said so. */
  reflexive = '';
  readonly #around: Surroundings;
  /** Own addresses, or `null` while no direct paths are wanted. */
  #addresses: readonly string[] | null = null;
  #version = 0;
  #asks = 0;
  #askUs = Number.POSITIVE_INFINITY;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Direct paths are wanted. */
  get isMade(): boolean {
    return this.#addresses !== null;
  }

  /** Only who offers an address of this machine itself may be told to send to programs of this machine. */
  get isOfThisMachine(): boolean {
    return this.#addresses?.some(isLoopback) === true;
  }

  get nextTickUs(): number {
    return this.#askUs;
  }

  make(nowUs: number, addresses: readonly string[]): void {
    this.#addresses = addresses.filter(isHostPort).slice(0, OFFERED_MAX);
    this.#version++;
    this.ask(nowUs);
  }

  /** Asks the relay anew: after each time that it gave a seat. */
  ask(nowUs: number): void {
    if (this.#addresses === null) return;
    this.#asks = 0;
    this.#askUs = nowUs;
  }

  answered(nowUs: number): void {
    this.#asks = ASKS_MAX;
    this.#askUs = Math.max(this.#askUs, nowUs + ASK_EVERY_US);
  }

  tick(nowUs: number): void {
    if (this.#addresses === null || nowUs < this.#askUs) return;
    const { crypto, roomKey, joinId, outbox } = this.#around;
    this.#asks++;
    // A relay that does not know the question never answers: then all stays with the relay.
    if (this.#asks < ASKS_MAX) this.#askUs = nowUs + ASK_EVERY_US;
    else this.#askUs = this.reflexive === '' ? Number.POSITIVE_INFINITY : nowUs + ASK_AGAIN_US;
    const sealed = sealOffer(crypto, roomKey, joinId, this.#version, this.#addresses);
    outbox.control({ t: 'direct', version: this.#version, sealed });
  }
}
