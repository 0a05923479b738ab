import { DAY_US, monthOf } from './calendar.ts';

/** The UTC day of a moment as YYYY-MM-DD. */
export function dateOf(atUs: bigint): string {
  const month = monthOf(atUs);
  const day = (atUs - month.startUs) / DAY_US + 1n;
  return `${month.id}-${day.toString().padStart(2, '0')}`;
}

/** A moment as ISO 8601 in UTC, to the second. */
export function isoTimeOf(atUs: bigint): string {
  const second = (atUs % DAY_US) / 1_000_000n;
  const two = (value: bigint): string => value.toString().padStart(2, '0');
  return `${dateOf(atUs)}T${two(second / 3_600n)}:${two((second / 60n) % 60n)}:${two(second % 60n)}Z`;
}
