import { assert } from '@jamnet/base';

export const DAY_US = 86_400_000_000n;

/** Half-open span of acceptance times that one epoch covers: [startUs, endUs), UTC µs. */
export interface EpochWindow {
  readonly id: string;
  readonly startUs: bigint;
  readonly endUs: bigint;
}

/** Later than any time that the formats carry (int64 µs): the end of a sample epoch, which closes when told to. */
export const END_OF_TIME_US = 9_223_372_036_854_775_807n;

/** The UTC calendar month that holds `atUs`, with the id `YYYY-MM`. */
export function monthOf(atUs: bigint): EpochWindow {
  assert(atUs >= 0n, 'time before 1970');
  const { year, month } = civilOfDay(Number(atUs / DAY_US));
  return monthWindow(year, month);
}

/** The month named `YYYY-MM`, or `null` when the text names none (1970–9999). */
export function monthNamed(id: string): EpochWindow | null {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(id);
  const year = Number(match?.[1]);
  return match && year >= 1970 ? monthWindow(year, Number(match[2])) : null;
}

/** The quarter (`YYYY-Qn`) of a moment: the period of the second redemption gate. */
export function quarterIdOf(atUs: bigint): string {
  const { year, month } = civilOfDay(Number(atUs / DAY_US));
  return `${year}-Q${Math.floor((month - 1) / 3) + 1}`;
}

function monthWindow(year: number, month: number): EpochWindow {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return {
    id: `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`,
    startUs: BigInt(dayOfCivil(year, month)) * DAY_US,
    endUs: BigInt(dayOfCivil(next.year, next.month)) * DAY_US,
  };
}

/** Days from 1970-01-01 to the first of a month, proleptic Gregorian (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
function dayOfCivil(year: number, month: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Inverse of {@link dayOfCivil} (same source, civil_from_days). */
function civilOfDay(day: number): { year: number; month: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthShifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthShifted < 10 ? monthShifted + 3 : monthShifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month };
}
