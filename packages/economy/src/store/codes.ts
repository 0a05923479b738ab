import type { EpochCode } from '../core/epoch/epoch-terms.ts';
import type { PolicyCode } from '../core/policy/policy.ts';

/** Every reason for which the economy refuses: a closed list. A refused call writes nothing. */
export type EconomyCode =
  | PolicyCode
  | EpochCode
  | 'policy-unreadable'
  | 'no-policy'
  | 'policy-after-epoch-began'
  | 'pool-below-authorised'
  | 'top-up-needs-notice'
  | 'top-up-needs-valuation'
  | 'unknown-epoch'
  | 'epoch-not-closed'
  | 'epoch-not-over'
  | 'previous-epoch-open'
  | 'too-many-records'
  | 'in-the-future'
  | 'receipt-differs'
  | 'refund-of-unknown-receipt'
  | 'refund-too-large'
  | 'valuation-differs'
  | 'contribution-differs'
  | 'use-differs'
  | 'payee-malformed'
  | 'payee-differs'
  | 'redemption-malformed'
  | 'redemption-key-reused'
  | 'redemption-too-small'
  | 'too-many-redemptions'
  | 'not-enough-jam'
  | 'unknown-redemption'
  | 'cut-off-passed'
  | 'redemption-state';
