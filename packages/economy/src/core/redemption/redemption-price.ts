import type { UnitPrice } from '../money/unit-price.ts';
import type { Policy } from '../policy/policy.ts';
import { DAY_US } from '../records/calendar.ts';
import type { Valuation } from '../records/records.ts';

export interface RedemptionPrice {
  readonly price: UnitPrice;
  readonly valuation: Valuation | null;
}

/**
 * Forward pricing: the first valuation dated after the cut-off that is known at `nowUs` and at most the policy's days
 * old; `null` suspends the request. Nobody who asks can know the price, and an old one is never used.
 */
export function redemptionPrice(
  policy: Policy,
  valuations: readonly Valuation[],
  cutoffUs: bigint,
  nowUs: bigint,
): RedemptionPrice | null {
  if (policy.pricing.kind === 'fixed') {
    const { numerator, denominator } = policy.pricing.centsPerUnit;
    return { price: { cents: BigInt(numerator), units: BigInt(denominator) }, valuation: null };
  }
  const ageMaxUs = BigInt(policy.redemption.valuationAgeDaysMax) * DAY_US;
  let first: Valuation | null = null;
  for (const valuation of valuations) {
    const { datedAtUs } = valuation;
    if (datedAtUs <= cutoffUs || datedAtUs > nowUs || nowUs - datedAtUs > ageMaxUs) continue;
    if (
      first === null ||
      datedAtUs < first.datedAtUs ||
      (datedAtUs === first.datedAtUs && valuation.id < first.id)
    ) {
      first = valuation;
    }
  }
  return first && { price: { cents: first.valueCents, units: first.fullyDilutedUnits }, valuation: first };
}
