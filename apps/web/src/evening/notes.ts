/** Quarter notes in a bar: a step's progress is told in fourths. */
export const NOTES_PER_BAR = 4;

/** Notes of a bar that are played, 0…4, from its step's progress in [0, 1]. Only a finished step fills its bar. */
export function notesPlayed(progress: number, done: boolean): number {
  if (done) return NOTES_PER_BAR;
  return Math.min(NOTES_PER_BAR - 1, Math.max(0, Math.floor(progress * NOTES_PER_BAR)));
}

/** Staff places of the four notes of a bar, 0 (lowest line) … 8 (highest): a line that rises over the evening and comes home. */
export function pitchesOf(bar: number): readonly number[] {
  const figures = [
    [0, 2, 4, 3],
    [2, 4, 5, 4],
    [4, 3, 5, 7],
    [7, 6, 4, 5],
    [5, 7, 8, 6],
    [6, 4, 3, 1],
    [1, 3, 2, 0],
  ];
  return figures[bar % figures.length] ?? [];
}

/** What fits under a bar: the first line of a step's detail. A failed step's may be a whole stack; the terminal has it. */
export function firstLine(detail: string): string {
  return detail.split('\n', 1)[0] ?? '';
}

/** Whole percent of a progress in [0, 1], clamped: a server's rounding must not draw outside the bar. */
export function percentOf(progress: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, progress)));
}
