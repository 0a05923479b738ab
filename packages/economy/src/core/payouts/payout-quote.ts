import { assert, ok, type Result, refuse } from '@jamnet/base';
import type { PayoutRules } from './payout-rules.ts';

/** `valid`, or missing for somebody who is (`us`) or is not (`foreign`) a United States person by his own word. */
export type TaxFormState = 'valid' | 'missing-us' | 'missing-foreign';
export type QuoteCode = 'tax-form-missing' | 'payout-too-small';

/** What becomes of an amount: `gross = net + withheld + fee`, all in cents. */
export interface PayoutQuote {
  readonly grossCents: bigint;
  readonly withheldCents: bigint;
  readonly feeCents: bigint;
  /** What is sent. */
  readonly netCents: bigint;
}

const PPM = 1_000_000n;
/** Backup withholding without a W-9: 24 %, IRC § 3406. Without a W-8: 30 %, IRC § 1441. */
const WITHHELD_PPM: Readonly<Record<TaxFormState, bigint>> = {
  valid: 0n,
  'missing-us': 240_000n,
  'missing-foreign': 300_000n,
};

/** Tax to the nearest cent, half up; the fee rounded down, between its bounds. */
export function quotePayout(
  grossCents: bigint,
  rules: PayoutRules,
  taxForm: TaxFormState,
): Result<PayoutQuote, QuoteCode> {
  if (taxForm !== 'valid' && rules.withoutTaxForm === 'refuse')
    return refuse('tax-form-missing', 'There is no valid tax form: hand one in.');
  const withheldCents = (grossCents * WITHHELD_PPM[taxForm] + PPM / 2n) / PPM;
  const feeCents = feeOf(grossCents, rules);
  const netCents = grossCents - withheldCents - feeCents;
  if (netCents <= 0n || grossCents < BigInt(rules.centsMin ?? '1'))
    return refuse('payout-too-small', 'This is too little to send: it waits until there is more.');
  assert(netCents + withheldCents + feeCents === grossCents, 'a quote divides the whole amount');
  return ok({ grossCents, withheldCents, feeCents, netCents });
}

function feeOf(grossCents: bigint, { conversionFee }: PayoutRules): bigint {
  if (!conversionFee) return 0n;
  const fee = (grossCents * BigInt(conversionFee.ppm)) / PPM;
  const [least, most] = [BigInt(conversionFee.centsMin), BigInt(conversionFee.centsMax)];
  if (fee < least) return least;
  return fee > most ? most : fee;
}
