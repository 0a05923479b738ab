import { ok, type Result, refuse } from '@jamnet/base';
import { unitPrice } from '../money/unit-price.ts';
import type { Valuation } from '../records/records.ts';
import type { EpochCode, EpochTerms } from './epoch-terms.ts';
import { countRevenue } from './revenue.ts';
import { contributorShare } from './settle.ts';

type PriceTerms = Pick<EpochTerms, 'policy' | 'window' | 'valuation'>;

/** Those figures of an epoch that its receipts alone decide. */
export interface OpenFigures {
  /** R, cents. */
  readonly revenueCents: bigint;
  /** D = ⌈θR⌉, cents. */
  readonly contributorShareCents: bigint;
  readonly valuation: Valuation | null;
}

/** Why an epoch has no price; `null` where it has one. */
export function priceFault({ policy, window, valuation }: PriceTerms) {
  const price = unitPrice(policy, valuation);
  if (!price.ok) return price;
  return valuation && valuation.datedAtUs >= window.endUs
    ? refuse<EpochCode>(
        'valuation-after-epoch',
        `Valuation ${valuation.id} is dated after the epoch: use the last one before its end.`,
      )
    : null;
}

/** DESIGN §5, steps 1 and 2: what a close would say of revenue and share, without a look at contributions and uses. */
export function openFigures(
  terms: PriceTerms & Pick<EpochTerms, 'receipts' | 'deficitInCents'>,
): Result<OpenFigures, EpochCode> {
  const fault = priceFault(terms);
  if (fault) return fault;
  const { policy, window, receipts, deficitInCents, valuation } = terms;
  const counted = countRevenue(policy, window.id, window.endUs, receipts, deficitInCents);
  if (!counted.ok) return counted;
  const { revenueCents } = counted.value;
  return ok({ revenueCents, contributorShareCents: contributorShare(policy, revenueCents), valuation });
}
