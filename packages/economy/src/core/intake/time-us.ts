/** Seconds since 1970, a day, or ISO 8601 with its zone: a time without one would depend on this machine. Answers UTC µs. */
export function timeUs(text: string): bigint | null {
  if (/^\d{9,11}$/.test(text)) return BigInt(text) * 1_000_000n;
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/;
  if (!form.test(text)) return null;
  // Date.parse takes February 30 for March 2.
  const day = text.slice(0, 10);
  const noon = Date.parse(`${day}T12:00Z`);
  if (!Number.isFinite(noon) || new Date(noon).toISOString().slice(0, 10) !== day) return null;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && ms >= 0 ? BigInt(ms) * 1_000n : null;
}
