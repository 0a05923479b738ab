import { barOfSixteenth } from './bars.ts';
import { ExpectedHits } from './expected-hits.ts';
import type { Forecaster } from './forecaster.ts';
import { barLineUs, gridOf, nearestSixteenth, sixteenthUs } from './grid.ts';
import { cellOf, instrumentOfPitch, pitchOfInstrument, STEPS_PER_BAR } from './instruments.ts';
import type { MidiPerformance } from './midi.ts';

/** What is sounded for strokes that are lost: all of a bar are, of each in turn. */
export interface LostStrokes {
  /** Strokes of bars after the first. */
  readonly strokes: number;
  /** Of those, how many the forecast has. */
  readonly sounded: number;
  /** Expected, and not played: they would sound if a loss hid that nothing came. */
  readonly unplayed: number;
  /** Of those sounded: Σ |expected − played|, µs, and of a stroke put on its sixteenth instead. */
  readonly forecastErrorUs: number;
  readonly gridErrorUs: number;
}

/** How well the strokes of each bar can be sounded from the bars before it alone. */
export function lostStrokes(
  { sixteenthUs: lengthUs, hits }: MidiPerformance,
  forecaster: Forecaster,
): LostStrokes {
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat: 4 * lengthUs }], firstBarOffsetUs: 0 });
  const sums = { strokes: 0, sounded: 0, unplayed: 0, forecastErrorUs: 0, gridErrorUs: 0 };
  if (!grid.ok) return sums;
  const expected = new ExpectedHits(grid.value, forecaster);
  const bars = barOfSixteenth(hits.at(-1)?.sixteenth ?? 0) + 1;
  let next = 0;
  for (let bar = 0; bar < bars; bar++) {
    const lineUs = barLineUs(grid.value, bar);
    const [beginUs, endUs] = [lineUs - lengthUs / 2, barLineUs(grid.value, bar + 1) - lengthUs / 2];
    // As time goes: what comes before the line is foretold while the bar before it runs.
    const early = expected.between(beginUs, lineUs);
    const foretold = new Map(
      [...early, ...expected.between(lineUs, endUs)].map(({ pitch, atUs }) => {
        const { sixteenth } = nearestSixteenth(grid.value, atUs);
        const cell = cellOf(instrumentOfPitch(pitch) ?? 0, sixteenth - bar * STEPS_PER_BAR);
        return [cell, atUs] as const;
      }),
    );
    for (let hit = hits[next]; hit && barOfSixteenth(hit.sixteenth) === bar; hit = hits[++next]) {
      const place = sixteenthUs(grid.value, hit.sixteenth);
      const atUs = place + hit.offsetUs;
      const cell = cellOf(hit.instrument, hit.sixteenth - bar * STEPS_PER_BAR);
      const sounded = foretold.get(cell);
      foretold.delete(cell);
      if (bar > 0) sums.strokes++;
      if (bar > 0 && sounded !== undefined) {
        sums.sounded++;
        sums.forecastErrorUs += Math.abs(sounded - atUs);
        sums.gridErrorUs += Math.abs(hit.offsetUs);
      }
      expected.hear(pitchOfInstrument(hit.instrument), atUs, hit.velocity);
    }
    sums.unplayed += bar > 0 ? foretold.size : 0;
  }
  return sums;
}
