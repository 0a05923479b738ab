import { assert } from '@jamnet/base';
import { lesser } from '../money/amounts.ts';
import { MICRO, type UnitPrice } from '../money/unit-price.ts';
import type { Policy } from '../policy/policy.ts';

/** Parts of a whole that gates count in: fine enough that rounding never opens a gate by a cent. */
export const GATE_PARTS = 1_000_000_000_000n;
const PPM = 1_000_000n;

export interface GateState {
  /** L, cents. */
  readonly reserveCents: bigint;
  /** U: all units outside the pool, µJAM. */
  readonly outstandingMicroJam: bigint;
  readonly price: UnitPrice;
  /** Redeemed shares of U so far, of {@link GATE_PARTS}. */
  readonly monthUsedParts: bigint;
  readonly quarterUsedParts: bigint;
}

/**
 * The most that may be redeemed now, cents (DESIGN §5.6). With ρ = L/(n·U) ≥ 1 everybody could be paid: (1−b)·L. Below:
 * min(g·n·U, (1−b)·L), g = min(month's rest, quarter's rest)·min(1, ρ/full). All in integers, rounded down.
 */
export function redemptionCapCents(limits: Policy['redemption'], state: GateState): bigint {
  const { reserveCents, outstandingMicroJam, price } = state;
  assert(reserveCents >= 0n && outstandingMicroJam >= 0n, 'gate: reserve and units are never negative');
  const freeCents = (reserveCents * (PPM - BigInt(limits.bufferPpm))) / PPM;
  // n·U cents = worth / scale; ρ = reserve·scale / worth.
  const worth = price.cents * outstandingMicroJam;
  const scale = price.units * MICRO;
  if (reserveCents * scale >= worth) return freeCents;
  const gate = gateParts(limits, state);
  const full = BigInt(limits.fullReservePpm);
  const gated =
    reserveCents * scale * PPM >= worth * full
      ? (gate * worth) / (scale * GATE_PARTS)
      : (gate * reserveCents * PPM) / (full * GATE_PARTS);
  return lesser(gated, freeCents);
}

function gateParts(limits: Policy['redemption'], { monthUsedParts, quarterUsedParts }: GateState): bigint {
  const ppm = GATE_PARTS / PPM;
  const month = BigInt(limits.monthlyPpm) * ppm - monthUsedParts;
  const quarter = BigInt(limits.quarterlyPpm) * ppm - quarterUsedParts;
  const least = lesser(month, quarter);
  return least > 0n ? least : 0n;
}

/** The share of U that an amount is, rounded up so that gates never open too far. */
export function usedParts(microJam: bigint, outstandingMicroJam: bigint): bigint {
  if (outstandingMicroJam === 0n) return 0n;
  return (microJam * GATE_PARTS + outstandingMicroJam - 1n) / outstandingMicroJam;
}
