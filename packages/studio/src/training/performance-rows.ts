import { ok, type Result, refuse } from '@jamnet/base';
import { BARS_MAX, INSTRUMENTS, type MidiPerformance, STEPS_PER_BAR } from '@jamnet/groove';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';

/** A drum performance as it is sent and kept: per stroke sixteenth, instrument, offset in µs, velocity 1..127. */
export const PerformanceRow = Type.Object(
  {
    sixteenthUs: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
    hits: Type.Array(
      Type.Tuple([
        Type.Integer({ minimum: 0, maximum: BARS_MAX * STEPS_PER_BAR - 1 }),
        Type.Integer({ minimum: 0, maximum: INSTRUMENTS.length - 1 }),
        Type.Integer({ minimum: -5_000_000, maximum: 5_000_000 }),
        Type.Integer({ minimum: 1, maximum: 127 }),
      ]),
      { minItems: 1, maxItems: 65_536 },
    ),
  },
  { additionalProperties: false },
);
export const PERFORMANCES_MAX = 10_000;
const Rows = Type.Array(PerformanceRow, { maxItems: PERFORMANCES_MAX });

export function performanceRows(performances: readonly MidiPerformance[]): Static<typeof PerformanceRow>[] {
  return performances.map(({ sixteenthUs, hits }) => ({
    sixteenthUs,
    hits: hits.map(({ sixteenth, instrument, offsetUs, velocity }) => [
      sixteenth,
      instrument,
      offsetUs,
      velocity,
    ]),
  }));
}

/** Rows of which each is a performance: strokes in order, none twice. */
export function readPerformanceRows(value: unknown): Result<MidiPerformance[], 'performances-malformed'> {
  if (!Check(Rows, value))
    return refuse(
      'performances-malformed',
      `Performances are at most ${PERFORMANCES_MAX} objects of sixteenthUs and hits.`,
    );
  const performances = value.map(
    ({ sixteenthUs, hits }): MidiPerformance => ({
      sixteenthUs,
      hits: hits.map(([sixteenth, instrument, offsetUs, velocity]) => ({
        sixteenth,
        instrument,
        offsetUs,
        velocity,
      })),
    }),
  );
  const isOrdered = ({ hits }: MidiPerformance): boolean =>
    hits.every((hit, i) => {
      const before = hits[i - 1];
      return !before || placeOf(before) < placeOf(hit);
    });
  return performances.every(isOrdered)
    ? ok(performances)
    : refuse(
        'performances-malformed',
        'The strokes of a performance are ordered by sixteenth and instrument.',
      );
}

function placeOf({ sixteenth, instrument }: { sixteenth: number; instrument: number }): number {
  return sixteenth * INSTRUMENTS.length + instrument;
}
