import { ok, type Result, refuse } from '@jamnet/base';

/**
 * Currencies that receipts may be in, with the decimals of their smallest unit (ISO 4217). Only those whose smallest unit
 * Stripe counts the same way: it gives ISK and UGX two decimals that they do not have.
 */
export const CURRENCY_DECIMALS = {
  USD: 2,
  EUR: 2,
  GBP: 2,
  CHF: 2,
  AUD: 2,
  BRL: 2,
  CAD: 2,
  CZK: 2,
  DKK: 2,
  HKD: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  MXN: 2,
  NOK: 2,
  NZD: 2,
  PLN: 2,
  SEK: 2,
  SGD: 2,
  ZAR: 2,
} as const;

export type Currency = keyof typeof CURRENCY_DECIMALS;

// Object.keys types its answer as string[]; these are the keys of the constant above.
export const CURRENCIES = Object.keys(CURRENCY_DECIMALS) as readonly Currency[];

export function currencyNamed(code: string): Currency | null {
  return CURRENCIES.find((known) => known === code) ?? null;
}

/** `12.5` in EUR is 1250: the amount in the currency's smallest unit; more decimals than it has are refused. */
export function parseMinor(text: string, currency: Currency): Result<bigint, 'amount-malformed'> {
  const decimals = CURRENCY_DECIMALS[currency];
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text.trim());
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > decimals) {
    return refuse(
      'amount-malformed',
      `${text || 'nothing'} is no amount of ${currency}: write it with at most ${decimals} decimals, without thousands separators.`,
    );
  }
  const magnitude = BigInt((match[2] ?? '') + fraction.padEnd(decimals, '0'));
  return ok(match[1] === '-' ? -magnitude : magnitude);
}

/** Inverse of {@link parseMinor}. */
export function formatMinor(amountMinor: bigint, currency: Currency): string {
  const decimals = CURRENCY_DECIMALS[currency];
  if (decimals === 0) return amountMinor.toString();
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
