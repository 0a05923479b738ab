/** What an alarm and its thread share: 32-bit cells by index, then the due time as a double at byte `dueAt`. */
export const ALARM_CELLS = { set: 0, rung: 1, stop: 2, dueAt: 16, bytes: 24 } as const;

/** The clock that all threads of a machine share. */
export function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1000;
}
