import { CELLS, INSTRUMENTS, instrumentOfCell, STEPS_PER_BAR, stepOfCell } from '../instruments.ts';

/** Which cells a bar hits: 0 or 1 for each of the 144. */
export type ScoreBar = Uint8Array;

export function scoreBarOf(cells: readonly number[]): ScoreBar {
  const bar = new Uint8Array(CELLS);
  for (const cell of cells) bar[cell] = 1;
  return bar;
}

/** Is this instrument hit so many steps from the start of the bar? Outside the bar nothing is known. */
export function isHit(bar: ScoreBar, instrument: number, step: number): boolean {
  return step >= 0 && step < STEPS_PER_BAR && bar[instrument * STEPS_PER_BAR + step] === 1;
}

/** Bit mask of the other instruments that sound on the cell's step. */
export function coincident(bar: ScoreBar, cell: number): number {
  let mask = 0;
  for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++)
    if (instrument !== instrumentOfCell(cell) && isHit(bar, instrument, stepOfCell(cell)))
      mask |= 1 << instrument;
  return mask;
}

/** Four bits: the same instrument one and two steps before and after. */
export function neighbourhood(bar: ScoreBar, cell: number): number {
  const [instrument, step] = [instrumentOfCell(cell), stepOfCell(cell)];
  let mask = 0;
  [-2, -1, 1, 2].forEach((away, bit) => {
    if (isHit(bar, instrument, step + away)) mask |= 1 << bit;
  });
  return mask;
}
