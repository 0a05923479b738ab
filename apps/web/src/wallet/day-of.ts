import type { Formats } from '../language/formats.ts';

/** The day of a moment in UTC µs, decimal. */
export function dayOf(format: Formats, atUs: string): string {
  return format.day(Number(BigInt(atUs) / 1000n));
}
