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
  /** When the relay dies for good, so that the room moves to another one, or −1; that one's clock against the first's. */
  readonly relayDeathUs: number;
  readonly otherRelayAheadUs: number;
  /** A player from whom and to whom nothing passes for that time, or −1. */
  readonly cutPlayer: number;
  /** Card and clock of each member run this much too fast. */
  readonly driftPpm: readonly number[];
  /** A player whose clock is set by `clockStepUs` at a moment, or −1. */
  readonly stepPlayer: number;
  readonly stepAtUs: number;
  readonly clockStepUs: number;
  /** A player whose process dies at `vanishUs` and comes back with a new join when the network is healed, or −1. */
  readonly vanishPlayer: number;
  readonly vanishUs: number;
  /** Who plays from the start; who only listens; who comes while the faults last and plays. */
  readonly players: number;
  readonly listeners: number;
  readonly lateJoiners: number;
  readonly lateJoinUs: number;
  /** A player who says goodbye while the faults last, so that all others change their keys, or −1. */
  readonly leavePlayer: number;
  readonly leaveUs: number;
  /** Members have key pairs: streams are signed, keys change when somebody leaves. */
  readonly hasIdentities: boolean;
  /** The redundancy follows what the listeners report. */
  readonly isAdaptive: boolean;
  /** Holes are filled by PNBTR's concealer instead of silence. */
  readonly isConcealed: boolean;
  /** Members want direct paths, which have the same faults; from `straightCutUs` until all is healed nothing passes straight, or −1. */
  readonly hasDirect: boolean;
  readonly straightCutUs: number;
}

/** Length of the faults: mostly some round trips of a rejoin, at times longer than the relay's patience with the silent. */
function drawFaultsUs(chance: Chance): number {
  return chance.below(16) === 0 ? 5_000_000 + chance.below(2_000_000) : 400_000 + chance.below(900_000);
}

export function drawFaults(chance: Chance): FaultPlan {
  const fromUs = 1_300_000;
  const healedUs = fromUs + drawFaultsUs(chance);
  const during = (): number => fromUs + chance.below(healedUs - fromUs);
  const players = 2 + chance.below(3);
  const listeners = chance.below(3) === 0 ? 1 : 0;
  const lateJoiners = chance.below(3) === 0 ? 1 : 0;
  const oneOf = (share: number): number => (chance.below(share) > 0 ? -1 : chance.below(players));
  const vanishPlayer = oneOf(3);
  const leaving = players > 2 ? oneOf(3) : -1;
  const plan = {
    fromUs,
    healedUs,
    loss: chance.unit() * 0.4,
    duplication: chance.unit() * 0.2,
    corruption: chance.unit() * 0.1,
    jitterUs: chance.below(15_000),
    relayRestartUs: chance.below(2) === 0 ? -1 : during(),
    cutPlayer: oneOf(2),
    driftPpm: Array.from({ length: players + listeners + lateJoiners }, () => chance.below(601) - 300),
    stepPlayer: oneOf(2),
    stepAtUs: during(),
    clockStepUs: chance.below(100_001) - 50_000,
    vanishPlayer,
    vanishUs: during(),
    players,
    listeners,
    lateJoiners,
    lateJoinUs: during(),
    leavePlayer: leaving === vanishPlayer ? -1 : leaving,
    leaveUs: during(),
    hasIdentities: chance.below(2) === 0,
    isAdaptive: chance.below(2) === 0,
    isConcealed: chance.below(4) === 0,
  };
  const isDying = plan.relayRestartUs < 0 && chance.below(2) === 0;
  return {
    ...plan,
    relayDeathUs: isDying ? during() : -1,
    otherRelayAheadUs: isDying ? chance.below(40_001) - 20_000 : 0,
    hasDirect: chance.below(2) === 0,
    straightCutUs: chance.below(3) === 0 ? during() : -1,
  };
}
