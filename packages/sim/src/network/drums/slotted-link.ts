import { type Chance, seededChance } from '@jamnet/base';
import type { EventQueue } from '../event-queue.ts';
import { burstLoss, generateTrace } from '../gilbert-elliott.ts';

const SLOT_US = 5_000;

export interface DrumNetwork {
  readonly seed: string;
  /** Share of the time in which nothing passes, 0 to below 1, and how long that lasts on the mean, ms. */
  readonly loss: number;
  readonly burstMs: number;
  /** One way between a member and the relay, and the most that a moment adds to it, ms. */
  readonly wayMs: number;
  readonly jitterMs: number;
}

/**
 * One member's line to the relay, both ways. What is lost and held up is drawn for each 5 ms of time and not for each packet: two runs
 * that send different packets meet the same network.
 */
export class SlottedLink {
  readonly #queue: EventQueue;
  readonly #network: DrumNetwork;
  readonly #isLost: Uint8Array;
  readonly #held: Float64Array;

  constructor(queue: EventQueue, network: DrumNetwork, name: string, untilUs: number) {
    const chance: Chance = seededChance(`${network.seed} ${name}`);
    const slots = Math.ceil(untilUs / SLOT_US);
    const burst = Math.max(1, (network.burstMs * 1000) / SLOT_US);
    this.#queue = queue;
    this.#network = network;
    this.#isLost =
      network.loss > 0
        ? generateTrace(burstLoss(network.loss, burst), slots, chance.fork('loss'))
        : new Uint8Array(slots);
    const jitter = chance.fork('jitter');
    this.#held = Float64Array.from({ length: slots }, () => jitter.unit() ** 4);
  }

  carry(bytes: Uint8Array, arrive: (bytes: Uint8Array) => void): void {
    const slot = Math.floor(this.#queue.nowUs / SLOT_US);
    if (this.#isLost[slot] === 1) return;
    const { wayMs, jitterMs } = this.#network;
    const delayUs = 1000 * (wayMs + jitterMs * (this.#held[slot] ?? 0));
    const copy = bytes.slice();
    this.#queue.at(this.#queue.nowUs + delayUs, () => arrive(copy));
  }
}
