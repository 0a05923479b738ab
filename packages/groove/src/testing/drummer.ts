import { type Chance, present, seededChance } from '@jamnet/base';
import { type Bar, barsOf, type Onset } from '../bars.ts';
import { barLineUs, type Grid, gridOf, sixteenthUs } from '../grid.ts';
import { instrumentOfCell, STEPS_PER_BAR, stepOfCell } from '../instruments.ts';
import type { MidiPerformance } from '../midi.ts';

/** 4/4 at 120 beats a minute from time 0: a sixteenth lasts 125 ms. */
export function gridAt120(): Grid {
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat: 500_000 }], firstBarOffsetUs: 0 });
  if (!grid.ok) throw new Error(grid.message);
  return grid.value;
}

/** Steps of a plain rock beat: [instrument, step, velocity]. */
const BEAT: readonly (readonly [number, number, number])[] = [
  ...[0, 6, 8].map((step) => [0, step, 100] as const),
  ...[4, 12].map((step) => [1, step, 110] as const),
  ...[0, 2, 4, 6, 8, 10, 12, 14].map((step) => [2, step, step % 4 === 0 ? 80 : 55] as const),
];

/** A drummer with habits: each cell has its own push or pull (± 25 ms) and weight, played with an error of about 10 ms. */
export function onsetsOfDrummer(seed: string, bars: number): Onset[] {
  const chance = seededChance(seed);
  const habits = BEAT.map(() => ({
    us: Math.round((chance.unit() - 0.5) * 50_000),
    velocity: chance.below(30) - 15,
  }));
  const grid = gridAt120();
  const onsets: Onset[] = [];
  for (let bar = 0; bar < bars; bar++)
    BEAT.forEach(([instrument, step, velocity], index) => {
      const habit = present(habits[index], 'habit');
      const timeUs =
        sixteenthUs(grid, 16 * bar + step) + habit.us + Math.round(10_000 * nearlyNormal(chance));
      onsets.push({
        instrument,
        timeUs,
        velocity: velocity + habit.velocity + Math.round(6 * nearlyNormal(chance)),
      });
    });
  return onsets.filter((onset) => onset.timeUs > barLineUs(grid, 0) - 60_000);
}

export function barsOfDrummer(seed: string, bars: number): Bar[] {
  return barsOf(onsetsOfDrummer(seed, bars), gridAt120(), bars);
}

/** Sum of twelve uniform numbers: mean 0, deviation 1. */
function nearlyNormal(chance: Chance): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += chance.unit();
  return sum;
}

/** The same bars as a performance read from a file. */
export function performanceOfDrummer(seed: string, bars: number): MidiPerformance {
  const hits = barsOfDrummer(seed, bars).flatMap((bar) =>
    bar.hits.map(({ cell, offsetUs, velocity }) => ({
      sixteenth: bar.index * STEPS_PER_BAR + stepOfCell(cell),
      instrument: instrumentOfCell(cell),
      offsetUs,
      velocity,
    })),
  );
  return { sixteenthUs: 125_000, hits };
}
