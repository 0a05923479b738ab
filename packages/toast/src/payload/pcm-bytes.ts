// realtime
/** Reads `frames` signed little-endian samples of 2 or 3 bytes. */
export function readPcm(
  source: Uint8Array,
  at: number,
  sampleBytes: number,
  target: Int32Array,
  targetAt: number,
  frames: number,
): void {
  for (let i = 0; i < frames; i++) {
    const from = at + i * sampleBytes;
    const low = source[from] ?? 0;
    const middle = source[from + 1] ?? 0;
    target[targetAt + i] =
      sampleBytes === 2
        ? ((low | (middle << 8)) << 16) >> 16
        : ((low | (middle << 8) | ((source[from + 2] ?? 0) << 16)) << 8) >> 8;
  }
}

/** Writes `frames` samples as 2 or 3 little-endian bytes each. */
export function writePcm(
  samples: Int32Array,
  samplesAt: number,
  frames: number,
  sampleBytes: number,
  target: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < frames; i++) {
    const value = samples[samplesAt + i] ?? 0;
    const to = at + i * sampleBytes;
    target[to] = value;
    target[to + 1] = value >> 8;
    if (sampleBytes === 3) target[to + 2] = value >> 16;
  }
}
