/** Longer figures are no figures of a studio, and would only make the page slow. */
const DIGITS_MAX = 15;

/** A whole number as it was typed, digits alone; `null` for anything else. */
export function wholeOf(typed: string): bigint | null {
  const plain = typed.trim();
  return plain.length <= DIGITS_MAX && /^\d+$/.test(plain) ? BigInt(plain) : null;
}

/** Cents of whole dollars. */
export function centsOf(typed: string): bigint | null {
  const dollars = wholeOf(typed);
  return dollars === null ? null : 100n * dollars;
}
