import { nodeSealCrypto, verifyEd25519 } from '@jamnet/jambox';
import { Relay } from '@jamnet/toast';
import type { EventQueue } from './event-queue.ts';
import type { FaultPlan } from './fault-plan.ts';
import { EPOCH_US, TOKEN_KEY } from './jam-member.ts';

/** Both relays have been up for a while. */
const UP_US = 10_000_000;

/** Two relays of one studio: the room lives on the first until that one dies; clocks of two machines differ. */
export class JamRelays {
  readonly #plan: FaultPlan;
  readonly #queue: EventQueue;
  readonly #relays: [Relay, Relay] = [newRelay('first'), newRelay('other')];

  constructor(plan: FaultPlan, queue: EventQueue) {
    this.#plan = plan;
    this.#queue = queue;
    for (const [index, relay] of this.#relays.entries()) relay.tick(this.#nowUs(index) - UP_US);
  }

  /** The first relay's process is killed and another takes its place, which knows of nothing. */
  restart(): void {
    this.#relays[0] = newRelay('second');
  }

  /** Where the studio's door says that the room lives. */
  get home(): number {
    return this.#isDead ? 1 : 0;
  }

  get players(): number {
    return this.#relays.reduce((sum, { players }, index) => (this.#isLiving(index) ? sum + players : sum), 0);
  }

  get waiting(): number {
    return Math.max(...this.#relays.map(({ outgoing }) => outgoing.length));
  }

  datagram(index: number, from: string, bytes: Uint8Array): void {
    if (this.#isLiving(index)) this.#relays[index === 0 ? 0 : 1].datagram(this.#nowUs(index), from, bytes);
  }

  tick(): void {
    for (const [index, relay] of this.#relays.entries())
      if (this.#isLiving(index)) relay.tick(this.#nowUs(index));
  }

  /** Takes what the relays want sent: to whom, what, and by which of them. */
  drain(send: (to: string, bytes: Uint8Array, index: number) => void): void {
    for (const [index, { outgoing }] of this.#relays.entries())
      for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift())
        send(next.to, next.bytes, index);
  }

  get #isDead(): boolean {
    const { relayDeathUs } = this.#plan;
    return relayDeathUs >= 0 && this.#queue.nowUs >= relayDeathUs;
  }

  #isLiving(index: number): boolean {
    return index === 1 || !this.#isDead;
  }

  #nowUs(index: number): number {
    return EPOCH_US + this.#queue.nowUs + (index === 1 ? this.#plan.otherRelayAheadUs : 0);
  }
}

function newRelay(label: string): Relay {
  const cookieKey = nodeSealCrypto.hmac(TOKEN_KEY, new TextEncoder().encode(label));
  return new Relay({ crypto: nodeSealCrypto, verify: verifyEd25519, tokenKey: TOKEN_KEY, cookieKey });
}
