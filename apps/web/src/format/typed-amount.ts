/** Digits of an amount: more is no money, and keeps `BigInt` cheap. */
const DIGITS_MAX = 18;

interface Marks {
  readonly decimal: string;
  readonly group: string;
}

/**
 * An amount as somebody of this locale (BCP 47 tag) types it, in the smallest unit of what has so many decimals: `1.234,56` of a
 * German is 123456n with two. Thousands may be marked as the locale marks them. Null is no amount, and so is `1.000` where decimals
 * are possible: a thousand to one reader and one to another.
 */
export function typedAmount(typed: string, locale: string, decimals: number): bigint | null {
  for (const grouping of groupingsOf(locale)) {
    const amount = readAmount(typed, grouping, decimals);
    if (amount !== null) return amount;
  }
  return null;
}

function readAmount(typed: string, grouping: Intl.NumberFormat, decimals: number): bigint | null {
  const marks = marksOf(grouping);
  const text = plainMarks(typed.trim(), marks);
  const sign = text.startsWith('-') ? -1n : 1n;
  const [whole = '', fraction, ...rest] = text.replace(/^-/, '').split(marks.decimal);
  const digits = whole.replaceAll(marks.group, '');
  if (rest.length > 0 || !/^\d+$/.test(digits) || digits.length > DIGITS_MAX) return null;
  if (fraction !== undefined && (!/^\d+$/.test(fraction) || fraction.length > decimals)) return null;
  const isGrouped = whole !== digits;
  if (isGrouped && whole !== wholeOf(grouping, BigInt(digits))) return null;
  if (isGrouped && fraction === undefined && decimals > 0 && isAmbiguous(whole, marks)) return null;
  return sign * BigInt(digits + (fraction ?? '').padEnd(decimals, '0'));
}

/** An amount of smallest units as {@link typedAmount} reads it: an example of how to write one, too. */
export function amountAsTyped(amount: bigint, locale: string, decimals: number): string {
  const digits = `${amount}E-${decimals}` as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, {
    useGrouping: 'always',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(digits);
}

/** How a locale parts thousands: in numbers, and in money where that differs (de-AT). */
function groupingsOf(locale: string): readonly Intl.NumberFormat[] {
  const numbers = new Intl.NumberFormat(locale, { useGrouping: 'always' });
  const money = new Intl.NumberFormat(locale, { useGrouping: 'always', style: 'currency', currency: 'USD' });
  const [inNumbers, inMoney] = [marksOf(numbers), marksOf(money)];
  return inMoney.group !== inNumbers.group && inMoney.decimal === inNumbers.decimal
    ? [numbers, money]
    : [numbers];
}

function marksOf(grouping: Intl.NumberFormat): Marks {
  const parts = grouping.formatToParts(1234.5);
  const mark = (wanted: string, without: string): string =>
    parts.find(({ type }) => type === wanted)?.value ?? without;
  return { decimal: mark('decimal', '.'), group: mark('group', ',') };
}

/** A whole number with its thousands parted. */
function wholeOf(grouping: Intl.NumberFormat, number: bigint): string {
  return grouping
    .formatToParts(number)
    .filter(({ type }) => type === 'integer' || type === 'group')
    .map(({ value }) => value)
    .join('');
}

/** Marks that keyboards lack, as the locale has them: any space where it parts thousands by one, `'` where it does by `’`, a hyphen for minus. */
function plainMarks(text: string, { group }: Marks): string {
  const minus = text.replace(/^[-−]\s?/, '-');
  if (/\s/.test(group)) return minus.replaceAll(/\s/g, group);
  return group === '’' ? minus.replaceAll("'", group) : minus;
}

/** One point or comma alone could be meant as the decimal mark. */
function isAmbiguous(whole: string, { group }: Marks): boolean {
  return (group === '.' || group === ',') && whole.split(group).length === 2;
}
