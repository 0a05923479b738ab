import type { Chance } from '@jamnet/base';
import type { EventQueue } from './event-queue.ts';
import type { FaultPlan } from './fault-plan.ts';

/** One way between a player and the relay without faults. */
export const PATH_US = 400;

/** One way straight between two players without faults. */
const STRAIGHT_US = 300;

/** Carries datagrams between members and relay, and straight between members; while the plan's faults last it loses, repeats, changes and delays them. */
export class FaultyNetwork {
  readonly #plan: FaultPlan;
  readonly #queue: EventQueue;
  readonly #chance: Chance;
  readonly #straightChance: Chance;
  /** Datagrams that arrived straight. */
  straight = 0;

  constructor(plan: FaultPlan, queue: EventQueue, chance: Chance) {
    this.#plan = plan;
    this.#queue = queue;
    this.#chance = chance;
    this.#straightChance = chance.fork('straight');
  }

  /** One way between member number `member` and the relay. */
  carry(member: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (!this.isReached(member)) return;
    this.#carry(PATH_US, this.#chance, bytes, deliver);
  }

  /** From one member straight to another. */
  carryStraight(from: number, to: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const { straightCutUs } = this.#plan;
    const isCut = this.#isFaulty && straightCutUs >= 0 && this.#queue.nowUs >= straightCutUs;
    if (isCut || !this.isReached(from) || !this.isReached(to)) return;
    this.#carry(STRAIGHT_US, this.#straightChance, bytes, (arrived) => {
      this.straight++;
      deliver(arrived);
    });
  }

  #carry(wayUs: number, chance: Chance, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const now = this.#queue.nowUs;
    const plan = this.#plan;
    if (!this.#isFaulty) {
      this.#queue.at(now + wayUs, () => deliver(bytes));
      return;
    }
    if (chance.unit() < plan.loss) return;
    const copies = chance.unit() < plan.duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const arrived = chance.unit() < plan.corruption ? corrupted(chance, bytes) : bytes;
      this.#queue.at(now + wayUs + chance.below(plan.jitterUs + 1), () => deliver(arrived));
    }
  }

  /** Whether anything passes to and from a member now. */
  isReached(member: number): boolean {
    return this.#plan.cutPlayer !== member || !this.#isFaulty;
  }

  get #isFaulty(): boolean {
    const { fromUs, healedUs } = this.#plan;
    return this.#queue.nowUs >= fromUs && this.#queue.nowUs < healedUs;
  }
}

function corrupted(chance: Chance, bytes: Uint8Array): Uint8Array {
  const isCut = chance.below(4) === 0;
  const copy = bytes.slice(0, isCut ? chance.below(bytes.length) : bytes.length);
  if (copy.length > 0) copy[chance.below(copy.length)] = chance.below(256);
  return copy;
}
