import { ok, type Result, refuse } from '@jamnet/base';
import { COPIES_MAX, COPY_OFFSET_MAX, COVERED_MAX, DATAGRAM_BYTES_MAX, SYMBOLS_MAX } from '../limits.ts';
import { plannedDatagramBytes } from '../wire/audio-layout.ts';

/**
 * What each datagram carries besides its own packet. `copies`: the packets `offsets` back, whole; any one copy
 * suffices. `coded`: `symbols` linear combinations over GF(256) of the packets `offsets` back; as many missing ones
 * can be solved as symbols over them arrived.
 */
export interface RedundancyPlan {
  readonly scheme: 'copies' | 'coded';
  /** Ascending, from 1. */
  readonly offsets: readonly number[];
  /** Blocks of repair per datagram: for `copies` as many as offsets. */
  readonly symbols: number;
}

/** Samples per packet and bytes per sample, 2 or 3. */
export interface PacketShape {
  readonly frames: number;
  readonly sampleBytes: 2 | 3;
}

export const NO_REDUNDANCY: RedundancyPlan = { scheme: 'copies', offsets: [], symbols: 0 };

export function copiesPlan(offsets: readonly number[]): RedundancyPlan {
  return { scheme: 'copies', offsets, symbols: offsets.length };
}

/** `symbols` combinations of the last `depth` packets in each datagram. */
export function codedPlan(symbols: number, depth: number): RedundancyPlan {
  return { scheme: 'coded', offsets: Array.from({ length: depth }, (_, i) => i + 1), symbols };
}

export type PlanCode = 'offsets-malformed' | 'symbols-malformed' | 'datagram-too-long';

/** Checks a plan against the wire's limits: ascending offsets, block counts, and one datagram, unpacked. */
export function checkPlan(shape: PacketShape, plan: RedundancyPlan): Result<RedundancyPlan, PlanCode> {
  const { scheme, offsets, symbols } = plan;
  const most = scheme === 'copies' ? COPIES_MAX : COVERED_MAX;
  const ascending = offsets.every((offset, i) => Number.isInteger(offset) && offset > (offsets[i - 1] ?? 0));
  if (!ascending || offsets.length > most || (offsets.at(-1) ?? 0) > COPY_OFFSET_MAX) {
    return refuse(
      'offsets-malformed',
      `Redundancy offsets ascend from 1 to ${COPY_OFFSET_MAX}, at most ${most} of them.`,
    );
  }
  const symbolsFit =
    scheme === 'copies'
      ? symbols === offsets.length
      : symbols >= 1 && symbols <= SYMBOLS_MAX && symbols <= offsets.length;
  if (!Number.isInteger(symbols) || !symbolsFit) {
    return refuse(
      'symbols-malformed',
      `Coded redundancy has 1 to ${SYMBOLS_MAX} symbols over at least as many packets; copies have one per offset.`,
    );
  }
  const bytes = planBytes(shape, plan);
  if (bytes > DATAGRAM_BYTES_MAX) {
    return refuse(
      'datagram-too-long',
      `This redundancy needs ${bytes} bytes a datagram: use less of it or smaller packets.`,
    );
  }
  return ok(plan);
}

/** Bytes of a whole datagram under the plan when nothing packs. */
export function planBytes(shape: PacketShape, plan: RedundancyPlan): number {
  const isCoded = plan.scheme === 'coded';
  return plannedDatagramBytes({
    frames: shape.frames,
    sampleBytes: shape.sampleBytes,
    blocks: isCoded ? 1 : 1 + plan.offsets.length,
    symbols: isCoded ? plan.symbols : 0,
    covered: isCoded ? plan.offsets.length : 0,
  });
}

/** How many packets later the last help for a packet comes. */
export function reachOf(plan: RedundancyPlan): number {
  return plan.offsets.at(-1) ?? 0;
}
