import type { EpochCode } from '../core/epoch/epoch-terms.ts';
import type { ClaimCodeCode } from '../core/hardware/claim-code.ts';
import type { OrderCode } from '../core/hardware/order.ts';
import type { RateCode } from '../core/intake/exchange-rate.ts';
import type { IncomingCode } from '../core/intake/incoming-receipt.ts';
import type { LiquidityCode } from '../core/money/liquidity.ts';
import type { PolicyCode } from '../core/policy/policy.ts';
import type { PerkCode } from './perks/perk-codes.ts';

/** Why an order, a claim or a session is refused. */
type HardwareCode =
  | 'no-hardware-rules'
  | 'order-differs'
  | 'unknown-order'
  | 'order-undone'
  | 'unknown-claim-code'
  | 'claim-code-used'
  | 'device-claimed'
  | 'device-malformed'
  | 'device-signature-wrong'
  | 'device-not-claimed'
  | 'session-not-verified'
  | 'session-used';

/** Why a signed event is refused. */
type WebhookCode =
  | 'webhook-not-set-up'
  | 'webhook-signature-wrong'
  | 'webhook-too-old'
  | 'webhook-malformed'
  | 'webhook-test-mode'
  | 'webhook-unassigned'
  | 'webhook-type-unknown';

/** Every reason for which the economy refuses: a closed list. A refused call writes nothing. */
export type EconomyCode =
  | PolicyCode
  | PerkCode
  | EpochCode
  | IncomingCode
  | RateCode
  | 'rate-differs'
  | 'seat-malformed'
  | 'seat-taken'
  | 'too-many-seats'
  | 'unknown-seat'
  | OrderCode
  | ClaimCodeCode
  | HardwareCode
  | WebhookCode
  | 'policy-unreadable'
  | 'no-policy'
  | 'policy-after-epoch-began'
  | 'pool-below-authorised'
  | 'top-up-needs-notice'
  | 'top-up-needs-valuation'
  | 'another-process-leads'
  | LiquidityCode
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
  | 'payee-unverified'
  | 'redemption-malformed'
  | 'redemption-key-reused'
  | 'redemption-too-small'
  | 'too-many-redemptions'
  | 'not-enough-jam'
  | 'unknown-redemption'
  | 'cut-off-passed'
  | 'redemption-state';
