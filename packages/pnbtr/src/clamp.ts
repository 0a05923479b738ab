// realtime
/** `value` within ±`bound`; NaN, for which each comparison is false, becomes 0. */
export function clamp(value: number, bound: number): number {
  return value > bound ? bound : value >= -bound ? value : value < -bound ? -bound : 0;
}

/**
 * The same in place for `[from, to)` of an array; the bound stands at a place of an array. A number that is handed on to
 * another function may be boxed on the heap at every call, so what exceeds the bound is looked up once more.
 */
export function clampWithin(
  samples: Float32Array | Float64Array,
  from: number,
  to: number,
  bounds: Float64Array,
  at: number,
): void {
  const bound = bounds[at] ?? 0;
  for (let n = from; n < to; n++) {
    const sample = samples[n] ?? 0;
    if (!(sample <= bound && sample >= -bound)) clampOne(samples, n, bounds, at);
  }
}

function clampOne(samples: Float32Array | Float64Array, n: number, bounds: Float64Array, at: number): void {
  samples[n] = clamp(samples[n] ?? 0, bounds[at] ?? 0);
}
