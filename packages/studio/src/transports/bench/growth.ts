/** How a quantity went over a run: medians of its first and last thirds. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  readonly bound: number;
  readonly isWithin: boolean;
}

/** Judges a series against what it may grow by; a series of fewer than three values has not shown anything. */
export function growthOf(series: readonly number[], growthMax: number): Growth {
  const third = Math.floor(series.length / 3);
  const first = medianOf(series.slice(0, third));
  const last = medianOf(series.slice(series.length - third));
  return { first, last, bound: growthMax, isWithin: third > 0 && last - first <= growthMax };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
