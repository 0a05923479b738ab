/** A gentle low-pass whose taps sum to 1: what folds back is repeated as faithfully as the rest. */
export function hann(length: number): Float64Array {
  const taps = Float64Array.from(
    { length },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
