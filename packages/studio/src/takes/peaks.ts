/** Most buckets one request may ask for: twice the pixels of a wide screen. */
export const BUCKETS_MAX = 8192;

/**
 * Smallest and largest sample of each of `buckets` equal stretches, interleaved (min, max, min, max, …), rounded to
 * three decimals: what a waveform of that many pixels shows.
 */
export function peaksOf(samples: Float32Array, buckets: number): number[] {
  const count = Math.min(buckets, samples.length);
  const peaks: number[] = [];
  for (let bucket = 0; bucket < count; bucket++) {
    const from = Math.floor((bucket * samples.length) / count);
    const to = Math.floor(((bucket + 1) * samples.length) / count);
    let low = Infinity;
    let high = -Infinity;
    for (let i = from; i < to; i++) {
      const sample = samples[i] ?? 0;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    peaks.push(Math.round(low * 1000) / 1000, Math.round(high * 1000) / 1000);
  }
  return peaks;
}
