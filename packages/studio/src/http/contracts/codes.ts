import type { Door } from './doors.ts';

/** What any route may refuse with. */
export const COMMON_CODES = [
  'request-invalid',
  'body-too-large',
  'media-type-unsupported',
  'too-many-requests',
  'host-refused',
  'origin-refused',
  'proxy-only',
  'internal',
] as const;

/** What the gate of each kind of door says to whom it does not let in. */
export const DOOR_CODES: Readonly<Record<Door, readonly string[]>> = {
  open: [],
  members: ['not-signed-in', 'unauthorized', 'scope-missing'],
  voices: ['not-signed-in', 'role-missing', 'scope-missing'],
  ...forAll(
    [
      'ownOrHere',
      'membersOrToken',
      'readers',
      'operator',
      'operatorOrLink',
      'operatorOrGuest',
      'judges',
      'judgesAndReaders',
    ],
    ['token-missing', 'token-wrong', 'role-missing', 'scope-missing'],
  ),
};

function forAll<Key extends string>(
  keys: readonly Key[],
  codes: readonly string[],
): Record<Key, readonly string[]> {
  // Every key is given its value here.
  return Object.fromEntries(keys.map((key) => [key, codes])) as Record<Key, readonly string[]>;
}

// Why routes of a kind refuse; each group is what the part behind them may say.

export const INVITATION_CODES = ['invitation-malformed', 'invitation-forged', 'invitation-expired'] as const;
export const TICKET_CODES = ['token-malformed', 'token-forged', 'token-expired', 'name-malformed'] as const;
/** Of routes that the operator and who sits in a room may ask. */
export const GUEST_CODES = [...TICKET_CODES] as const;
export const LOG_CODES = [
  'not-accepted',
  'not-published',
  'sizes-malformed',
  'tile-absent',
  'checkpoint-damaged',
] as const;
export const REDEEM_CODES = [
  'payee-malformed',
  'payee-unverified',
  'redemption-malformed',
  'redemption-key-reused',
  'redemption-too-small',
  'too-many-redemptions',
  'not-enough-jam',
  'no-policy',
  'epoch-settling',
  'another-process-leads',
] as const;
export const LIVE_CODES = [
  'not-playing',
  'node-unknown',
  'signature-invalid',
  'announcement-malformed',
  'performer-key-taken',
  'performance-waiting',
  'too-many-today',
  'too-many-open',
  'performance-unknown',
  'not-drawn',
  'start-malformed',
  'start-forged',
] as const;
export const STREAM_CODES = [
  'bar-malformed',
  'bar-gap',
  'bar-again',
  'bar-early',
  'bar-forged',
  'stream-full',
] as const;
export const ROUND_CODES = [
  'not-open',
  'closed',
  'already-open',
  'undrained',
  'unknown-host',
  'not-asked',
  'late',
  'void',
  'double',
  'malformed',
  'not-committed',
  'mismatch',
] as const;
export const MULTITRACK_CODES = [
  'take-empty',
  'take-version-unknown',
  'take-header-malformed',
  'take-line-malformed',
  'take-line-too-long',
  'take-track-unknown',
  'take-tracks-too-many',
  'take-spans-too-many',
  'take-midi-too-many',
  'take-beats-too-many',
  'take-too-long',
  'take-order',
  'take-sound-damaged',
  'take-hash-differs',
  'take-after-end',
] as const;
export const STATEMENT_CODES = ['payee-malformed', 'payee-unknown', 'epoch-not-closed'] as const;
export const POLICY_CODES = [
  'policy-malformed',
  'share-below-half',
  'share-above-one',
  'kind-split-not-whole',
  'kind-without-meter',
  'issue-share-range',
  'price-zero',
  'nav-without-opinion',
  'sample-mark',
  'sample-refund-window',
  'payout-rules',
  'redemption-limits',
  'product-unknown',
  'reward-without-meter',
  'code-without-meter',
  'music-without-meter',
  'policy-after-epoch-began',
  'policy-unreadable',
  'pool-below-authorised',
  'top-up-needs-notice',
  'top-up-needs-valuation',
  'another-process-leads',
] as const;
export const CLOSE_CODES = [
  'epoch-not-over',
  'previous-epoch-open',
  'epoch-settling',
  'valuation-missing',
  'valuation-after-epoch',
  'wrong-currency',
  'receipt-malformed',
  'contribution-malformed',
  'use-malformed',
  'valuation-malformed',
  'duplicate-receipt',
  'refund-of-other-payer',
  'unknown-meter',
  'meter-of-other-kind',
  'contribution-after-epoch',
  'duplicate-contribution',
  'use-of-unknown-contribution',
  'epoch-too-large',
  'row-key-malformed',
  'pool-too-small',
  'no-policy',
  'policy-unreadable',
  'another-process-leads',
] as const;
export const RECEIPT_CODES = [
  'receipt-malformed',
  'receipt-differs',
  'duplicate-receipt',
  'refund-of-other-payer',
  'refund-of-unknown-receipt',
  'refund-of-other-currency',
  'refund-too-large',
  'unknown-product',
  'stream-unknown',
  'currency-not-accepted',
  'rate-missing',
  'amount-too-small',
  'wrong-currency',
  'too-many-records',
  'in-the-future',
  'no-policy',
  'another-process-leads',
] as const;
export const ORDER_CODES = [
  'order-malformed',
  'product-not-hardware',
  'no-hardware-rules',
  'order-differs',
  'unknown-order',
  'order-undone',
  'discount-unknown',
  'discount-spent',
  ...RECEIPT_CODES,
] as const;
export const DEVICE_CODES = [
  'claim-code-malformed',
  'unknown-claim-code',
  'claim-code-used',
  'device-claimed',
  'device-malformed',
  'device-signature-wrong',
  'device-not-claimed',
  'session-not-verified',
  'session-used',
  'no-hardware-rules',
  'order-undone',
  'payee-malformed',
  'payee-differs',
  'unknown-meter',
  'contribution-differs',
  'no-policy',
  'another-process-leads',
] as const;
export const WEBHOOK_CODES = [
  'webhook-not-set-up',
  'webhook-signature-wrong',
  'webhook-too-old',
  'webhook-malformed',
  'webhook-test-mode',
  'webhook-unassigned',
  'webhook-type-unknown',
  'order-malformed',
  'product-not-hardware',
  'no-hardware-rules',
  'order-differs',
  'unknown-order',
  'order-undone',
] as const;
export const PAYEE_CODES = [
  'payee-event-malformed',
  'nothing-submitted',
  'evidence-differs',
  'too-many-holds',
  'unknown-hold',
  'payee-incomplete',
  'payee-held',
  'check-expired',
  'name-differs',
  'bank-detail-too-new',
  'personal-data-malformed',
  'account-unfit',
  'tax-form-incomplete',
  'payee-malformed',
  'changed-meanwhile',
  'no-destination',
] as const;
export const RAILS_CODES = ['payouts-not-set-up', 'payout-settings-wrong', 'rail-unavailable'] as const;
/** Of files that a bank sends. */
export const BANK_CODES = [
  'xml-malformed',
  'xml-too-large',
  'xml-with-doctype',
  'report-unknown',
  'report-malformed',
  'nacha-unknown',
  'nacha-malformed',
  'too-many-answers',
  'rail-unavailable',
] as const;
export const PERK_CODES = [
  'payee-malformed',
  'perk-state',
  'perk-used-up',
  'perk-expired',
  'no-policy',
  'perk-malformed',
  'perk-unknown',
  'perk-limit',
  'perk-key-reused',
  'perk-price-unknown',
  'too-many-perks',
  'not-enough-jam',
  'grant-unknown',
  'pool-too-small',
  'epoch-settling',
  'discount-unknown',
  'discount-spent',
] as const;
export const BOUNTY_CODES = [
  'bounty-unknown',
  'bounty-malformed',
  'bounty-decided',
  'bounty-own-work',
  'repositories-malformed',
] as const;
export const FILING_CODES = [
  'code-not-measured',
  'code-not-read',
  'code-without-meter',
  'epoch-closed',
  'unknown-epoch',
  'repositories-malformed',
  'repository-unknown',
  'workload-malformed',
  'workload-not-fixed',
  'workload-not-pinned',
  'no-policy',
  'another-process-leads',
] as const;
