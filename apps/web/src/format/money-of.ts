import { CURRENCY_DECIMALS, currencyNamed, formatMinor } from '@jamnet/economy/page';
import { amountAsTyped, typedAmount } from './typed-amount.ts';

/** An amount of a currency's smallest unit as the reader writes it; yen have no hundredths. */
export function moneyOf(amountMinor: string, currency: string, locale: string): string {
  const known = currencyNamed(currency);
  if (known === null) return `${amountMinor} ${currency}`;
  // A decimal text, which Intl takes without rounding to a Number.
  const plain = formatMinor(BigInt(amountMinor), known) as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(plain);
}

/** What was typed as an amount of a currency (ISO 4217), in its smallest unit; null is none, or a currency that is not known. */
export function typedMoney(typed: string, currency: string, locale: string): bigint | null {
  const known = currencyNamed(currency);
  return known === null ? null : typedAmount(typed, locale, CURRENCY_DECIMALS[known]);
}

/** An amount of a currency as the reader types one. */
export function moneyExample(wholeUnits: number, currency: string, locale: string): string {
  const decimals = CURRENCY_DECIMALS[currencyNamed(currency) ?? 'USD'];
  return amountAsTyped(BigInt(wholeUnits) * 10n ** BigInt(decimals), locale, decimals);
}
