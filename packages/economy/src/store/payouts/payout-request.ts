import { refuse } from '@jamnet/base';
import { isPayee } from '../../core/records/payee-id.ts';
import { amountOf, type PayoutRow, payoutIdOf } from './payout-table.ts';
import type { PayoutCode, PayoutRequest, RailSetup } from './payouts.ts';

/** The largest single payout, US cents. */
const CENTS_MAX = 10n ** 15n;

/** The row that a request begins with. */
export function reservingRow(nowUs: bigint, request: PayoutRequest, { rail, rate }: RailSetup): PayoutRow {
  return {
    id: payoutIdOf(request.payee, request.key),
    payee: request.payee,
    usd_cents: request.usdCents,
    rate_numerator: rate.numerator,
    rate_denominator: rate.denominator,
    rail: rail.name,
    state: 'reserving',
    batch_id: null,
    acknowledged: 0n,
    was_settled: 0n,
    posted: 0n,
    reason: null,
    attempts: 0n,
    requested_at_us: nowUs,
    withheld_cents: request.withheldCents ?? 0n,
    fee_cents: request.feeCents ?? 0n,
    policy_sha256: request.policySha256 ?? null,
    settled_at_us: null,
    returned_at_us: null,
  };
}

/** What is wrong with a request by itself, whoever asks and whatever he has. */
export function requestFault({ payee, usdCents, key }: PayoutRequest, row: PayoutRow) {
  if (
    !isPayee(payee) ||
    usdCents <= 0n ||
    usdCents > CENTS_MAX ||
    key.length < 1 ||
    key.length > 128 ||
    row.withheld_cents < 0n ||
    row.fee_cents < 0n
  )
    return refuse<PayoutCode>(
      'payout-malformed',
      'A payout names a payee, an amount above 0 and a key of 1 to 128 characters.',
    );
  if (amountOf(row) > 0n) return null;
  return refuse<PayoutCode>(
    'payout-malformed',
    'This is less than the smallest amount of the rail’s currency.',
  );
}
