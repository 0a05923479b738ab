import { ok, type Result, refuse } from '@jamnet/base';
import type { Policy } from '../policy/policy.ts';
import { checkValuation, type RecordCode, type Valuation } from '../records/records.ts';

/** n = cents / units per whole JAM, kept as a ratio and never rounded. */
export interface UnitPrice {
  readonly cents: bigint;
  readonly units: bigint;
}

/** µJAM in a JAM. */
export const MICRO = 1_000_000n;

/** The price by the policy: V/S of the valuation, or the fixed one (which needs no valuation). */
export function unitPrice(
  policy: Policy,
  valuation: Valuation | null,
): Result<UnitPrice, RecordCode | 'valuation-missing'> {
  if (policy.pricing.kind === 'fixed') {
    const { numerator, denominator } = policy.pricing.centsPerUnit;
    return ok({ cents: BigInt(numerator), units: BigInt(denominator) });
  }
  if (valuation === null)
    return refuse('valuation-missing', 'nav pricing needs a board-approved valuation: post one first.');
  const checked = checkValuation(valuation);
  return checked.ok ? ok({ cents: valuation.valueCents, units: valuation.fullyDilutedUnits }) : checked;
}

/** ⌊φ·D·S·10⁶/V⌋ µJAM for D = parts / unit cents. */
export function issuedMicroJam(
  parts: bigint,
  unit: bigint,
  price: UnitPrice,
  issueShare: Policy['issueShare'],
): bigint {
  return (
    (BigInt(issueShare.numerator) * parts * price.units * MICRO) /
    (BigInt(issueShare.denominator) * price.cents * unit)
  );
}

/** What an amount is worth at a price: ⌊µJAM·V/(S·10⁶)⌋ cents. */
export function worthCents(microJam: bigint, price: UnitPrice): bigint {
  return (microJam * price.cents) / (price.units * MICRO);
}
