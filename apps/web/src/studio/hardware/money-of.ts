import { currencyNamed, formatMinor } from '@jamnet/economy/page';

/** An amount of a currency's smallest unit as the reader writes it; yen have no hundredths. */
export function moneyOf(amountMinor: string, currency: string, locale: string): string {
  const known = currencyNamed(currency);
  if (known === null) return `${amountMinor} ${currency}`;
  // A decimal text, which Intl takes without rounding to a Number.
  const plain = formatMinor(BigInt(amountMinor), known) as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(plain);
}
