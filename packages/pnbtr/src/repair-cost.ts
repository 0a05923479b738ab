import { assert } from '@jamnet/base';
import { REPAIR_DEFAULTS, REPAIR_SPAN_FRAMES_MAX, type RepairOptions } from './repair.ts';

/**
 * Stated operations (one addition or multiplication each) to repair one span, for work units. Integer, from the
 * sizes alone: a host is paid by this count, never by the time it claims. Terms, with order p, context c on each
 * side, span n: Burg 10·p·2c, autocorrelation p², right-hand side 4·n·p, Levinson 8·n²; times the rounds.
 */
export function repairCostFlops(spanFrames: number, options: RepairOptions = {}): bigint {
  assert(Number.isInteger(spanFrames) && spanFrames >= 1, 'a span of whole samples');
  const { order, contextFrames, rounds } = { ...REPAIR_DEFAULTS, ...options };
  const [p, c, r] = [BigInt(order), BigInt(contextFrames), BigInt(rounds)];
  const n = BigInt(Math.min(spanFrames, REPAIR_SPAN_FRAMES_MAX));
  return r * (20n * p * c + p * p + 4n * n * p + 8n * n * n);
}
