/** 16-bit PCM of samples in [-1, 1): rounded to nearest, clipped outside; a non-finite sample becomes 0. */
export function toInt16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const scaled = Math.round((samples[i] ?? 0) * 32768);
    pcm[i] = Math.max(-32768, Math.min(32767, scaled));
  }
  return pcm;
}

/** Exact inverse of {@link toInt16} on what it returns. */
export function fromInt16(pcm: Int16Array): Float32Array {
  const samples = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) samples[i] = (pcm[i] ?? 0) / 32768;
  return samples;
}

/** Little-endian bytes of 16-bit samples, on any machine. */
export function int16ToBytes(pcm: Int16Array): Uint8Array {
  const bytes = new Uint8Array(pcm.length * 2);
  for (let i = 0; i < pcm.length; i++) {
    const sample = pcm[i] ?? 0;
    bytes[2 * i] = sample & 255;
    bytes[2 * i + 1] = (sample >> 8) & 255;
  }
  return bytes;
}

/** Inverse of {@link int16ToBytes}; the length must be even. */
export function bytesToInt16(bytes: Uint8Array): Int16Array {
  const pcm = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < pcm.length; i++) pcm[i] = (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8);
  return pcm;
}
