/** The nine drum classes, in the order of every table of this package. */
export const INSTRUMENTS = [
  'kick',
  'snare',
  'closed-hat',
  'open-hat',
  'low-tom',
  'mid-tom',
  'high-tom',
  'crash',
  'ride',
] as const;
export type Instrument = (typeof INSTRUMENTS)[number];

export const STEPS_PER_BAR = 16;
/** Cells of one bar: cell = instrument · 16 + step. */
export const CELLS = INSTRUMENTS.length * STEPS_PER_BAR;

/** General MIDI drum pitches, and those of the Groove MIDI Dataset's kit, for each class. */
const PITCHES: readonly (readonly number[])[] = [
  [36],
  [37, 38, 40],
  [22, 42, 44],
  [26, 46],
  [43, 58],
  [45, 47],
  [48, 50],
  [49, 52, 55, 57],
  [51, 53, 59],
];

const INSTRUMENT_OF_PITCH: ReadonlyMap<number, number> = new Map(
  PITCHES.flatMap((pitches, instrument) => pitches.map((pitch) => [pitch, instrument] as const)),
);

/** Index into {@link INSTRUMENTS} of a MIDI drum pitch, or `null` for pitches outside the nine classes. */
export function instrumentOfPitch(pitch: number): number | null {
  return INSTRUMENT_OF_PITCH.get(pitch) ?? null;
}

/** A pitch of the class, such as every drum module knows. */
export function pitchOfInstrument(instrument: number): number {
  return PITCHES[instrument]?.[0] ?? 0;
}

export function cellOf(instrument: number, step: number): number {
  return instrument * STEPS_PER_BAR + step;
}

export function instrumentOfCell(cell: number): number {
  return cell >> 4;
}

export function stepOfCell(cell: number): number {
  return cell & 15;
}
