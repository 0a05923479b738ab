import { assert } from '@jamnet/base';
import type { RepairOptions } from './repair.ts';
import { LIKENESS_REACH_FRAMES, likenessCostFlops } from './repair-likeness.ts';
import { NOISE_FRAMES } from './repair-mix.ts';
import { DRAFT_ORDER_MAX, modelsOf, REPAIR_DEFAULTS, REPAIR_SPAN_FRAMES_MAX } from './repair-models.ts';

/**
 * Stated operations (one addition or multiplication each) to repair one span, for work units. Integer, from the sizes
 * alone: a host is paid by this count, never by the time it claims. With order p, context c on each side, span n,
 * window w = 2c + n: the draft's lattice 20·p₀·c; per round and model correlations 2·p·w, Vos's recursion 11·p²; per
 * fill autocorrelation p², right-hand side 4·n·p, Levinson 8·n²; a round searches the take for the like of the hole,
 * and each of its models fills twice, measures both fills and inverts its system.
 */
export function repairCostFlops(
  spanFrames: number,
  options: RepairOptions = {},
  takeFrames: number = 2 * LIKENESS_REACH_FRAMES,
): bigint {
  assert(Number.isInteger(spanFrames) && spanFrames >= 1, 'a span of whole samples');
  const { order, contextFrames, rounds } = { ...REPAIR_DEFAULTS, ...options };
  const n = BigInt(Math.min(spanFrames, REPAIR_SPAN_FRAMES_MAX));
  const draftOrder = BigInt(Math.min(order, DRAFT_ORDER_MAX));
  let round = likenessCostFlops(takeFrames);
  for (const model of modelsOf(order, contextFrames)) {
    const [p, w] = [BigInt(model.order), 2n * BigInt(model.contextFrames) + n];
    round += 2n * p * w + 11n * p * p + 3n * fillCost(n, p) + 8n * BigInt(NOISE_FRAMES) * p;
  }
  return 20n * draftOrder * BigInt(contextFrames) + fillCost(n, draftOrder) + BigInt(rounds) * round;
}

function fillCost(n: bigint, p: bigint): bigint {
  return p * p + 4n * n * p + 8n * n * n;
}
