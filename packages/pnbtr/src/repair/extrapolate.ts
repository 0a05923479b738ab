/** Continues `signal[.., start)` through `frames` samples by the model; samples before index 0 count as zero. */
export function extrapolateForward(
  signal: Float64Array,
  start: number,
  frames: number,
  a: Float64Array,
): void {
  for (let n = start; n < start + frames; n++) {
    let sum = 0;
    for (let k = 1; k < a.length && k <= n; k++) sum -= (a[k] ?? 0) * (signal[n - k] ?? 0);
    signal[n] = sum;
  }
}

/** Continues what follows the hole backwards through it: an autoregressive model reads the same in both directions. */
export function extrapolateBackward(
  signal: Float64Array,
  start: number,
  frames: number,
  a: Float64Array,
): void {
  for (let n = start + frames - 1; n >= start; n--) {
    let sum = 0;
    for (let k = 1; k < a.length && n + k < signal.length; k++) sum -= (a[k] ?? 0) * (signal[n + k] ?? 0);
    signal[n] = sum;
  }
}
