import { type LinkShape, predictMiss } from './predict-miss.ts';
import {
  checkPlan,
  codedPlan,
  copiesPlan,
  NO_REDUNDANCY,
  type PacketShape,
  planBytes,
  type RedundancyPlan,
} from './redundancy-plan.ts';

/** Packets that may be missed: an ear forgives one in two thousand. */
const MISS_GOAL = 0.0005;
/** A plan in use is left for a stronger one when it misses this many times the goal, for a cheaper one when that keeps
 * this share of the goal: between the two nothing changes. */
const STRONGER_FROM = 1.5;
const CHEAPER_BELOW = 0.4;

const CANDIDATES: readonly RedundancyPlan[] = [
  NO_REDUNDANCY,
  ...[[1], [2], [3], [5], [7], [10], [1, 2], [1, 3], [2, 5], [3, 7], [5, 10], [1, 2, 3], [1, 2, 4]].map(
    copiesPlan,
  ),
  ...[
    [2, 4, 7],
    [1, 2, 3, 4],
    [1, 3, 5, 8],
    [1, 2, 3, 4, 5],
  ].map(copiesPlan),
  ...[4, 6, 8, 12, 16].flatMap((depth) => [1, 2, 3].map((symbols) => codedPlan(symbols, depth))),
];

export interface DecisionLimits {
  readonly shape: PacketShape;
  readonly packetUs: number;
  /** How long after the quickest arrival of its own datagram a packet may come: the receiver's buffer. */
  readonly delayBudgetUs: number;
  /** Bytes of a datagram by bytes of its packet's samples. */
  readonly bandwidthMax: number;
  /** Bytes of a packed packet by its bytes in PCM, 1 when nothing packs: copies cost so much. */
  readonly packedShare: number;
}

export interface Decision extends RedundancyPlan {
  /** How many earlier packets each datagram helps. */
  readonly depth: number;
  /** Share of packets that will be missed. */
  readonly missShare: number;
}

/**
 * The cheapest plan that one receiver's link needs within its delay budget and the bandwidth cap, or the one that misses
 * least when none suffices. `previous` stays unless another is clearly better: links waver.
 */
export function decide(link: LinkShape, limits: DecisionLimits, previous: RedundancyPlan | null): Decision {
  const judged = CANDIDATES.filter((plan) => isAllowed(plan, limits)).map((plan) =>
    judge(plan, link, limits),
  );
  const inUse = previous !== null && isAllowed(previous, limits) ? judge(previous, link, limits) : null;
  const best = choose(judged, MISS_GOAL, limits);
  if (inUse === null) return best;
  if (inUse.missShare > STRONGER_FROM * MISS_GOAL && best.missShare < 0.7 * inUse.missShare) return best;
  const cheaper = choose(judged, CHEAPER_BELOW * MISS_GOAL, limits);
  const saves = costOf(cheaper, limits) < costOf(inUse, limits);
  return saves && cheaper.missShare <= CHEAPER_BELOW * MISS_GOAL ? cheaper : inUse;
}

function choose(judged: readonly Decision[], goal: number, limits: DecisionLimits): Decision {
  let best: Decision | null = null;
  for (const each of judged) if (best === null || isBetter(each, best, goal, limits)) best = each;
  return best ?? { ...NO_REDUNDANCY, depth: 0, missShare: 1 };
}

function isBetter(a: Decision, b: Decision, goal: number, limits: DecisionLimits): boolean {
  const [aHolds, bHolds] = [a.missShare <= goal, b.missShare <= goal];
  if (aHolds !== bHolds) return aHolds;
  const [aCost, bCost] = [costOf(a, limits), costOf(b, limits)];
  if (aHolds) return aCost < bCost || (aCost === bCost && a.missShare < b.missShare);
  // Nothing is gained by bytes that hardly help.
  const closer = a.missShare / Math.max(1e-12, b.missShare);
  return closer < 0.95 || (closer < 1.05 && aCost < bCost);
}

function judge(plan: RedundancyPlan, link: LinkShape, limits: DecisionLimits): Decision {
  const missShare = predictMiss(plan, link, limits.delayBudgetUs, limits.packetUs);
  return { ...plan, depth: plan.offsets.length, missShare };
}

function isAllowed(plan: RedundancyPlan, limits: DecisionLimits): boolean {
  return checkPlan(limits.shape, plan).ok && costOf(plan, limits) <= limits.bandwidthMax;
}

/** Datagram bytes by payload bytes. Repair symbols do not pack. */
function costOf(plan: RedundancyPlan, limits: DecisionLimits): number {
  const packet = limits.shape.frames * limits.shape.sampleBytes;
  const blocks = plan.scheme === 'copies' ? 1 + plan.offsets.length : 1;
  return (planBytes(limits.shape, plan) - blocks * packet * (1 - limits.packedShare)) / packet;
}

/** What one stream carries for several receivers: the plan of the one who needs most. */
export function strongest(decisions: readonly Decision[], limits: DecisionLimits): Decision | null {
  let best: Decision | null = null;
  for (const each of decisions) if (best === null || costOf(each, limits) > costOf(best, limits)) best = each;
  return best;
}
