import { ASSET_SCALE } from '@jamnet/base';
import { type Language, localeOf } from './languages.ts';

/** How values are written for one reader. Amounts are decimal texts or `bigint` of the smallest unit and stay exact. */
export interface Formats {
  /** BCP 47 tag that everything below follows. */
  readonly locale: string;
  /** A count or measure, at most so many decimals (default 0). */
  number(value: number | bigint, decimalsMax?: number): string;
  /** A part of 1 as per cent: 0.034 is `3.4 %`; one decimal below ten, none above; what is there never shows as 0. */
  percent(part: number): string;
  /** A change as per cent of one, with its sign and one decimal: `+3.4%`. */
  gain(part: number): string;
  /** JAM of µJAM, two to six decimals: `12.50 JAM`. */
  jam(microJam: string | bigint): string;
  /** An amount of hundredths of a currency (ISO 4217). */
  money(cents: string | bigint, currency: string): string;
  /** Dollars of cents. */
  dollars(cents: string | bigint): string;
  /** Dollars of ten thousandths of one, two to four decimals: what a JAM is worth. */
  unitPrice(tenThousandths: string | bigint): string;
  /** Milliseconds: one decimal below 100, none above. */
  milliseconds(ms: number): string;
  /** Loudness units relative to full scale (EBU R128), one decimal. */
  lufs(lufs: number): string;
  /** A day, of UTC milliseconds. */
  day(atMs: number): string;
  /** Day and time of day, of UTC milliseconds. */
  moment(atMs: number): string;
  /** A musical place; bars and beats count from 1: `bar 3, beat 2`, `Takt 3, Schlag 2`. */
  bar(bar: number, beat?: number): string;
  /** Minutes and seconds of a length in seconds: `3:07`. */
  duration(seconds: number): string;
  /** Bytes in the largest decimal unit that leaves one or more: `1.5 MB`. */
  bytes(bytes: number): string;
  /** Several as one enumeration: `a, b and c`. */
  list(parts: readonly string[]): string;
}

const PLACES: Readonly<Record<Language, (bar: string, beat: string | null) => string>> = {
  en: (bar, beat) => (beat === null ? `bar ${bar}` : `bar ${bar}, beat ${beat}`),
  de: (bar, beat) => (beat === null ? `Takt ${bar}` : `Takt ${bar}, Schlag ${beat}`),
};
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** How values are written in a language for a reader of these languages (BCP 47 tags, the best first). */
export function formatsOf(language: Language, wanted: readonly string[]): Formats {
  const locale = localeOf(language, wanted);
  const decimals = [0, 1, 2, 3].map((most) => new Intl.NumberFormat(locale, { maximumFractionDigits: most }));
  const number = (value: number | bigint, decimalsMax = 0): string =>
    (decimals[decimalsMax] ?? new Intl.NumberFormat(locale, { maximumFractionDigits: decimalsMax })).format(
      value,
    );
  const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percents = [0, 1].map(
    (most) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: most }),
  );
  const gain = new Intl.NumberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const jam = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
  const dollars = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
  });
  const unitPrices = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: 4,
  });
  const sizes = BYTE_UNITS.map(
    (unit) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: 1,
      }),
  );
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const seconds = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const percentIn = (part: number, most: number): string => percents[most]?.format(part) ?? '';
  return {
    locale,
    number,
    percent: (part) => {
      if (part > 0 && part < 0.001) return `< ${percentIn(0.001, 1)}`;
      return percentIn(part, Math.abs(part) < 0.1 ? 1 : 0);
    },
    gain: (part) => gain.format(part),
    jam: (microJam) => `${jam.format(decimalOf(microJam, ASSET_SCALE.JAM))} JAM`,
    money: (cents, currency) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
        decimalOf(cents, ASSET_SCALE.USD),
      ),
    dollars: (cents) => dollars.format(decimalOf(cents, ASSET_SCALE.USD)),
    unitPrice: (tenThousandths) => unitPrices.format(decimalOf(tenThousandths, 4)),
    milliseconds: (ms) => `${ms < 100 ? oneDecimal.format(ms) : number(ms)} ms`,
    lufs: (lufs) => `${oneDecimal.format(lufs)} LUFS`,
    day: (atMs) => days.format(atMs),
    moment: (atMs) => moments.format(atMs),
    bar: (bar, beat) => PLACES[language](number(bar), beat === undefined ? null : number(beat)),
    duration: (length) => `${number(Math.floor(length / 60))}:${seconds.format(Math.floor(length % 60))}`,
    bytes: (bytes) => {
      const unit = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
      return sizes[unit]?.format(bytes / 1000 ** unit) ?? '';
    },
    list: (parts) => lists.format(parts),
  };
}

/** A smallest unit as a decimal text, which Intl takes without rounding to a Number (ECMA-402, 2023: string numerics). */
function decimalOf(amount: string | bigint, scale: number): Intl.StringNumericLiteral {
  const digits = BigInt(amount).toString();
  return `${digits}E-${scale}` as Intl.StringNumericLiteral;
}
