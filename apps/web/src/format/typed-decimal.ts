/**
 * A number typed with the decimal mark of the reader's locale (BCP 47 tag), with a point instead: `12,5` of a German is `12.5`.
 * Text with another mark comes back empty, which is no amount: `1.000` means a thousand to one reader and one to another.
 */
export function plainDecimalOf(typed: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const mark = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
  const marks = typed.match(/[^\d\s-]/g) ?? [];
  return marks.every((each) => each === mark) ? typed.trim().replace(mark, '.') : '';
}
