// realtime
/**
 * Writes out[k] = Σ a[from + k + i] · b[i] over i in [0, count), for k in [0, outputs). Four sums run side by side, because a
 * single one waits for each of its additions; up to 3 places more are written, and `a` is read as far as they ask.
 */
export function correlate(
  out: Float64Array,
  outputs: number,
  a: Float64Array,
  from: number,
  b: Float64Array,
  count: number,
): void {
  for (let k = 0; k < outputs; k += 4) fourSums(out, k, a, from + k, b, count);
}

/**
 * The convolution of a noise with a response, both `length` long, all of it last sample first:
 * out[k] = Σ noise[k + i] · response[i] over i in [0, length − k). Behind `noise` stand 3 zeros, behind `out` 3 spare places.
 */
export function convolveBackwards(
  out: Float64Array,
  length: number,
  noise: Float64Array,
  response: Float64Array,
): void {
  for (let k = 0; k < length; k += 4) fourSums(out, k, noise, k, response, length - k);
}

/** Writes the sums over `count` products to four places from `at` on; what `a` does not hold counts as 0. */
function fourSums(
  out: Float64Array,
  at: number,
  a: Float64Array,
  from: number,
  b: Float64Array,
  count: number,
): void {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < count; i++) {
    const factor = b[i] ?? 0;
    const n = from + i;
    first += (a[n] ?? 0) * factor;
    second += (a[n + 1] ?? 0) * factor;
    third += (a[n + 2] ?? 0) * factor;
    fourth += (a[n + 3] ?? 0) * factor;
  }
  out[at] = first;
  out[at + 1] = second;
  out[at + 2] = third;
  out[at + 3] = fourth;
}
