/** Samples of a period as signed integers: of 16 bits, or of 24 in 32. */
export type Samples = Int16Array | Int32Array;
export type SampleBits = 16 | 24;

export function newSamples(bits: SampleBits, frames: number): Samples {
  return bits === 16 ? new Int16Array(frames) : new Int32Array(frames);
}

/** Copies `from` in 16 bits, which is what takes keep: rounded to nearest, clipped. Both have one length. */
export function to16Bits(from: Samples, into: Int16Array): void {
  if (from instanceof Int16Array) into.set(from);
  else for (let i = 0; i < from.length; i++) into[i] = Math.min(32767, ((from[i] ?? 0) + 128) >> 8);
}

/** Full scale ±1 as samples of 24 bits: rounded to nearest, clipped; what is no number becomes 0. */
export function to24Bits(sound: Float32Array): Int32Array {
  return Int32Array.from(sound, (sample) =>
    Math.max(-8_388_608, Math.min(8_388_607, Math.round(sample * 8_388_608))),
  );
}
