import type { Hit } from '../bars.ts';
import { cellOf, STEPS_PER_BAR } from '../instruments.ts';
import { profileOf, strokesOf } from './groove-profile.ts';

/** Mean absolute errors over the second half of performances, against what their drummers played there. */
export interface ProfileGain {
  readonly strokes: number;
  /** Exactly on the grid, each stroke at the mean velocity of the first half. */
  readonly quantised: { readonly offsetMs: number; readonly velocity: number };
  /** The same score, played by the profile of the first half. */
  readonly profiled: { readonly offsetMs: number; readonly velocity: number };
}

/** Bars that a performance needs so that its halves say anything. */
const BARS_MIN = 8;

/** What "play it the way this drummer does" brings: profiles are learnt from first halves and heard against second ones. */
export function measureProfiles(performances: readonly (readonly Hit[])[]): ProfileGain {
  const sums = { strokes: 0, grid: 0, flat: 0, offset: 0, velocity: 0 };
  for (const hits of performances) {
    const bars = Math.floor((hits.at(-1)?.sixteenth ?? 0) / STEPS_PER_BAR) + 1;
    const half = (bars >> 1) * STEPS_PER_BAR;
    const first = hits.filter(({ sixteenth }) => sixteenth < half);
    if (bars < BARS_MIN || first.length === 0) continue;
    const strokes = strokesOf(profileOf(first));
    const mean = first.reduce((sum, { velocity }) => sum + velocity, 0) / first.length;
    for (const { sixteenth, instrument, offsetUs, velocity } of hits.slice(first.length)) {
      const step = ((sixteenth % STEPS_PER_BAR) + STEPS_PER_BAR) % STEPS_PER_BAR;
      const played = strokes[cellOf(instrument, step)] ?? { offsetUs: 0, velocity: mean };
      sums.strokes++;
      sums.grid += Math.abs(offsetUs);
      sums.flat += Math.abs(velocity - mean);
      sums.offset += Math.abs(offsetUs - played.offsetUs);
      sums.velocity += Math.abs(velocity - played.velocity);
    }
  }
  const per = (sum: number): number => (sums.strokes === 0 ? 0 : sum / sums.strokes);
  return {
    strokes: sums.strokes,
    quantised: { offsetMs: per(sums.grid) / 1000, velocity: per(sums.flat) },
    profiled: { offsetMs: per(sums.offset) / 1000, velocity: per(sums.velocity) },
  };
}
