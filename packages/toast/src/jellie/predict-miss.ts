import type { RedundancyPlan } from './redundancy-plan.ts';

/** A link as its receiver measured it. */
export interface LinkShape {
  /** Share of datagrams that never come, [0, 1), and the mean run of lost ones, at least 1. */
  readonly lossShare: number;
  readonly burstDatagrams: number;
  /** Lateness behind the quickest datagram, µs, ascending. */
  readonly lateUsP50: number;
  readonly lateUsP99: number;
  readonly lateUsP999: number;
}

/** Share of the datagrams later than `us`: exponential between and beyond the three known quantiles. */
export function laterShare(link: LinkShape, us: number): number {
  const { lateUsP50, lateUsP99, lateUsP999 } = link;
  if (us < 0) return 1;
  if (us <= lateUsP50) return 1 - (0.5 * us) / Math.max(1, lateUsP50);
  if (us <= lateUsP99) return tail(us, lateUsP50, 0.5, lateUsP99, 0.01);
  return tail(us, lateUsP99, 0.01, Math.max(lateUsP999, lateUsP99 + 1), 0.001);
}

function tail(us: number, fromUs: number, from: number, toUs: number, to: number): number {
  return toUs <= fromUs ? 0 : from * (to / from) ** ((us - fromUs) / (toUs - fromUs));
}

/**
 * Share of the packets that a plan will not bring within `budgetUs` after the quickest arrival of a packet's own
 * datagram. Losses follow Gilbert's chain (1960), lateness is independent.
 */
export function predictMiss(
  plan: RedundancyPlan,
  link: LinkShape,
  budgetUs: number,
  packetUs: number,
): number {
  return plan.scheme === 'copies'
    ? missOfCopies(plan.offsets, link, budgetUs, packetUs)
    : missOfCoded(plan, link, budgetUs, packetUs);
}

interface Chain {
  readonly loss: number;
  readonly toBad: number;
  readonly toGood: number;
  /** Correlation of neighbouring datagrams. */
  readonly memory: number;
}

function chainOf(link: LinkShape): Chain {
  const loss = Math.min(0.95, link.lossShare);
  const toGood = Math.min(1 - loss, 1 / Math.max(1, link.burstDatagrams));
  const toBad = loss === 0 ? 0 : (toGood * loss) / (1 - loss);
  return { loss, toBad, toGood, memory: Math.max(0, 1 - toGood - toBad) };
}

function missOfCopies(
  offsets: readonly number[],
  link: LinkShape,
  budgetUs: number,
  packetUs: number,
): number {
  const { loss, memory } = chainOf(link);
  let miss = 1;
  let before = 0;
  /** Of the misses so far, the share whose last datagram was lost rather than late. */
  let lostShare = 0;
  for (const offset of [0, ...offsets]) {
    const together = loss + (1 - loss) * memory ** (offset - before);
    const lost = offset === 0 ? loss : lostShare * together + (1 - lostShare) * loss;
    const late = laterShare(link, budgetUs - offset * packetUs);
    const here = lost + (1 - lost) * late;
    miss *= here;
    lostShare = here === 0 ? 0 : lost / here;
    before = offset;
  }
  return miss;
}

/** The missing packet's neighbours are unknowns too; each datagram in time brings `symbols` equations. */
function missOfCoded(plan: RedundancyPlan, link: LinkShape, budgetUs: number, packetUs: number): number {
  const { loss, toBad, toGood } = chainOf(link);
  const window = Math.min(plan.offsets.at(-1) ?? 0, Math.max(0, Math.floor(budgetUs / packetUs)));
  const late = laterShare(link, budgetUs);
  const missing = loss + (1 - loss) * late;
  // counts[n]: chance of n datagrams in time, by the chain's state after the last one looked at.
  let good = new Float64Array(window + 1);
  let bad = new Float64Array(window + 1);
  bad[0] = loss;
  good[0] = (1 - loss) * late;
  for (let offset = 1; offset <= window; offset++) {
    const inTime = 1 - laterShare(link, budgetUs - offset * packetUs);
    const nextGood = new Float64Array(window + 1);
    const nextBad = new Float64Array(window + 1);
    for (let n = 0; n < offset; n++) {
      const toGoodNow = (good[n] ?? 0) * (1 - toBad) + (bad[n] ?? 0) * toGood;
      nextBad[n] = (nextBad[n] ?? 0) + (good[n] ?? 0) * toBad + (bad[n] ?? 0) * (1 - toGood);
      nextGood[n] = (nextGood[n] ?? 0) + toGoodNow * (1 - inTime);
      nextGood[n + 1] = (nextGood[n + 1] ?? 0) + toGoodNow * inTime;
    }
    good = nextGood;
    bad = nextBad;
  }
  let fails = 0;
  for (let n = 0; n <= window; n++)
    if (plan.symbols * n < 1 + (window - n)) fails += (good[n] ?? 0) + (bad[n] ?? 0);
  // On the safe side: symbols behind the window may still solve its end, and so its beginning.
  return Math.min(missing, fails);
}
