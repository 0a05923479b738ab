/** Where playing began: at `offsetSeconds` of the take, when the audio clock read `startedAt`. */
export interface PlayheadStart {
  readonly offsetSeconds: number;
  readonly startedAt: number;
}

/** Half-open stretch that is played round and round. */
export interface Loop {
  readonly from: number;
  readonly to: number;
}

/** The second of the take that sounds when the audio clock reads `clock`, given where playing began. */
export function playheadAt(
  start: PlayheadStart,
  clock: number,
  loop: Loop | null,
  durationSeconds: number,
): number {
  const straight = start.offsetSeconds + Math.max(0, clock - start.startedAt);
  if (loop === null || loop.to <= loop.from || straight < loop.to) return Math.min(straight, durationSeconds);
  return loop.from + ((straight - loop.from) % (loop.to - loop.from));
}
