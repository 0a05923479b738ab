// realtime
/** `value` within ±`bound`; NaN, for which each comparison is false, becomes 0. */
export function clamp(value: number, bound: number): number {
  return value > bound ? bound : value >= -bound ? value : value < -bound ? -bound : 0;
}
