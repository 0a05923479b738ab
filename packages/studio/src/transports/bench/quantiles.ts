export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Nearest rank, to the µs for values in ms; `NaN` without values. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    Math.round(
      1000 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN),
    ) / 1000;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}
