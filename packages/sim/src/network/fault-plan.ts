import type { Chance } from '@jamnet/base';

/** What a seed does to the network between two moments; outside of them it is clean. */
export interface FaultPlan {
  readonly fromUs: number;
  readonly healedUs: number;
  /** Shares of the datagrams. */
  readonly loss: number;
  readonly duplication: number;
  readonly corruption: number;
  /** Extra delay, uniform from 0: what makes datagrams overtake each other. */
  readonly jitterUs: number;
  /** When the relay forgets everything, or −1. */
  readonly relayRestartUs: number;
  /** A player from whom and to whom nothing passes for that time, or −1. */
  readonly cutPlayer: number;
  /** Card and clock of each player run this much too fast. */
  readonly driftPpm: readonly number[];
  /** A player whose clock is set by `clockStepUs` at a moment, or −1. */
  readonly stepPlayer: number;
  readonly stepAtUs: number;
  readonly clockStepUs: number;
  /** A player whose process dies at `vanishUs` and comes back with a new join when the network is healed, or −1. */
  readonly vanishPlayer: number;
  readonly vanishUs: number;
}

export function drawFaults(chance: Chance, players: number): FaultPlan {
  const fromUs = 1_100_000;
  const healedUs = fromUs + 400_000 + chance.below(900_000);
  return {
    fromUs,
    healedUs,
    loss: chance.unit() * 0.4,
    duplication: chance.unit() * 0.2,
    corruption: chance.unit() * 0.1,
    jitterUs: chance.below(15_000),
    relayRestartUs: chance.below(2) === 0 ? -1 : fromUs + chance.below(healedUs - fromUs),
    cutPlayer: chance.below(2) === 0 ? -1 : chance.below(players),
    driftPpm: Array.from({ length: players }, () => chance.below(601) - 300),
    stepPlayer: chance.below(2) === 0 ? -1 : chance.below(players),
    stepAtUs: fromUs + chance.below(healedUs - fromUs),
    clockStepUs: chance.below(100_001) - 50_000,
    vanishPlayer: chance.below(3) > 0 ? -1 : chance.below(players),
    vanishUs: fromUs + chance.below(healedUs - fromUs),
  };
}
