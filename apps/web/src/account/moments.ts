const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A day as the reader's country writes it; `atMs` is UTC milliseconds. */
export function dayOf(atMs: number): string {
  return DAY.format(atMs);
}

/** Day and time of day. */
export function momentOf(atMs: number): string {
  return MOMENT.format(atMs);
}
