/** Bits of a sample in a take. */
export type SampleBits = 16 | 24;

/** Little-endian two's complement of integer samples. */
export function integerBytes(samples: Int32Array, bits: SampleBits): Uint8Array {
  const width = bits / 8;
  const bytes = new Uint8Array(samples.length * width);
  for (let i = 0, at = 0; i < samples.length; i++, at += width) {
    const sample = samples[i] ?? 0;
    bytes[at] = sample & 255;
    bytes[at + 1] = (sample >> 8) & 255;
    if (width === 3) bytes[at + 2] = (sample >> 16) & 255;
  }
  return bytes;
}

/** Inverse of {@link integerBytes}; bytes of a sample cut short are left out. */
export function integersOfBytes(bytes: Uint8Array, bits: SampleBits): Int32Array {
  const width = bits / 8;
  const samples = new Int32Array(Math.floor(bytes.length / width));
  for (let i = 0, at = 0; i < samples.length; i++, at += width) {
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    samples[i] = width === 2 ? (low << 16) >> 16 : ((low | ((bytes[at + 2] ?? 0) << 16)) << 8) >> 8;
  }
  return samples;
}

/** Integers of samples of full scale ±1, rounded to nearest and clipped; what is not finite becomes 0. */
export function toIntegers(samples: Float32Array, bits: SampleBits): Int32Array {
  const scale = 2 ** (bits - 1);
  const integers = new Int32Array(samples.length);
  for (let i = 0; i < samples.length; i++)
    integers[i] = Math.max(-scale, Math.min(scale - 1, Math.round((samples[i] ?? 0) * scale))) || 0;
  return integers;
}

/** Full scale ±1 of integer samples: exact, as float32 holds 24 bits. */
export function fromIntegers(integers: Int32Array, bits: SampleBits): Float32Array {
  const scale = 2 ** (bits - 1);
  const samples = new Float32Array(integers.length);
  for (let i = 0; i < integers.length; i++) samples[i] = (integers[i] ?? 0) / scale;
  return samples;
}
