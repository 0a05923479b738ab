import { examplesOf, FEATURES, HOUSE_PRIORS, type MidiPerformance } from '@jamnet/groove';
import { knnShapley, type LabelledPoints } from '../music/knn-shapley.ts';

/** Neighbours: few, for a stroke is like a handful of others. */
const NEIGHBOURS = 5;
/** Strokes that are valued and that are valued by; of more, evenly spaced ones. */
export const VALUED_STROKES_MAX = 4096;
export const PROBE_STROKES_MAX = 256;
/** Classes of strokes: how early or late they lie, in steps of 10 ms; more than 50 ms is one class on either side. */
const CLASS_US = 10_000;
const CLASSES_EACH_SIDE = 5;

/** Features lie within ± 4: in steps of 1/256 distances are integers, and the same on every machine. */
const STEPS_PER_UNIT = 256;

/**
 * What each performance adds to forecasting what is held out, in `SHAPLEY_UNIT` per probe stroke: the sum of its strokes' shares, in
 * the space of the features that the model sees, below 0 where it misleads. A neighbour's answer is no network's: this tells takes that
 * resemble nothing from takes that help, not by how much a released model gained.
 */
export function takeValues(takes: readonly MidiPerformance[], heldOut: readonly MidiPerformance[]): bigint[] {
  const train = pointsOf(takes, VALUED_STROKES_MAX);
  const probe = pointsOf(heldOut, PROBE_STROKES_MAX);
  const values = takes.map(() => 0n);
  knnShapley(train.points, probe.points, NEIGHBOURS).forEach((share, row) => {
    const take = train.owners[row] ?? 0;
    values[take] = (values[take] ?? 0n) + share;
  });
  return values;
}

function pointsOf(
  performances: readonly MidiPerformance[],
  most: number,
): { readonly points: LabelledPoints; readonly owners: readonly number[] } {
  const { count, features, played } = examplesOf(
    performances.map(({ hits }) => hits),
    HOUSE_PRIORS,
    'bar',
  );
  const owners = performances.flatMap(({ hits }, index) => hits.map(() => index));
  const kept = Array.from({ length: Math.min(count, most) }, (_, i) =>
    Math.floor((i * count) / Math.min(count, most)),
  );
  const values = new Int16Array(kept.length * FEATURES);
  kept.forEach((stroke, row) => {
    for (let d = 0; d < FEATURES; d++)
      values[row * FEATURES + d] = Math.round(STEPS_PER_UNIT * (features[stroke * FEATURES + d] ?? 0));
  });
  const labels = kept.map((stroke) => {
    const steps = Math.round((played[2 * stroke] ?? 0) / CLASS_US);
    return Math.max(-CLASSES_EACH_SIDE, Math.min(CLASSES_EACH_SIDE, steps));
  });
  return {
    points: { dimensions: FEATURES, values, labels },
    owners: kept.map((stroke) => owners[stroke] ?? 0),
  };
}
