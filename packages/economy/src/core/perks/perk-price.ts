import { divideRoundingUp } from '@jamnet/base';
import { MICRO, type UnitPrice } from '../money/unit-price.ts';

/** What `cents` cost at a price: ⌈cents·S·10⁶/V⌉ µJAM. Rounded up, so that no perk is had for less than it costs. */
export function perkCostMicroJam(cents: bigint, price: UnitPrice): bigint {
  return divideRoundingUp(cents * price.units * MICRO, price.cents);
}

/** What is set aside while the price is not known: the cost at the last valuation and a quarter more. */
export function usualHoldMicroJam(cents: bigint, price: UnitPrice): bigint {
  return divideRoundingUp(perkCostMicroJam(cents, price) * 5n, 4n);
}
