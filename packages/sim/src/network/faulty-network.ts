import type { Chance } from '@jamnet/base';
import type { EventQueue } from './event-queue.ts';
import type { FaultPlan } from './fault-plan.ts';

/** One way between a player and the relay without faults. */
export const PATH_US = 400;

/** Carries datagrams between members and relay; while the plan's faults last it loses, repeats, changes and delays them. */
export class FaultyNetwork {
  readonly #plan: FaultPlan;
  readonly #queue: EventQueue;
  readonly #chance: Chance;

  constructor(plan: FaultPlan, queue: EventQueue, chance: Chance) {
    this.#plan = plan;
    this.#queue = queue;
    this.#chance = chance;
  }

  /** One way between member number `member` and the relay. */
  carry(member: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const now = this.#queue.nowUs;
    const plan = this.#plan;
    if (now < plan.fromUs || now >= plan.healedUs) {
      this.#queue.at(now + PATH_US, () => deliver(bytes));
      return;
    }
    if (plan.cutPlayer === member || this.#chance.unit() < plan.loss) return;
    const copies = this.#chance.unit() < plan.duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const arrived = this.#chance.unit() < plan.corruption ? this.#corrupted(bytes) : bytes;
      this.#queue.at(now + PATH_US + this.#chance.below(plan.jitterUs + 1), () => deliver(arrived));
    }
  }

  /** Whether anything passes to and from a member now. */
  isReached(member: number): boolean {
    const { fromUs, healedUs, cutPlayer } = this.#plan;
    return cutPlayer !== member || this.#queue.nowUs < fromUs || this.#queue.nowUs >= healedUs;
  }

  #corrupted(bytes: Uint8Array): Uint8Array {
    const isCut = this.#chance.below(4) === 0;
    const copy = bytes.slice(0, isCut ? this.#chance.below(bytes.length) : bytes.length);
    if (copy.length > 0) copy[this.#chance.below(copy.length)] = this.#chance.below(256);
    return copy;
  }
}
