import { integersOfBytes, type SampleBits, wavHeader } from '@jamnet/jdat';

/** Bytes that are read in pieces: a `Blob` is one. */
export interface PiecedFile {
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A track of a take as a WAV of one channel in the browser's storage, from the take's first sound to its last. */
export interface TrackSound {
  readonly track: number;
  readonly file: PiecedFile;
  readonly frames: number;
  readonly bits: SampleBits;
  readonly sampleRateHz: number;
}

/** Reads frames `from` to `to` of a track, full scale ±1; beyond its end there is silence. */
export async function readSound(
  { file, frames, bits, sampleRateHz }: TrackSound,
  from: number,
  to: number,
): Promise<Float32Array<ArrayBuffer>> {
  const head = wavHeader({ sampleRateHz, channels: 1, bitsPerSample: bits, frames }).length;
  const end = Math.min(to, frames);
  const samples = new Float32Array(to - from);
  if (end <= from) return samples;
  const bytes = await file.slice(head + (from * bits) / 8, head + (end * bits) / 8).arrayBuffer();
  const scale = 1 / 2 ** (bits - 1);
  integersOfBytes(new Uint8Array(bytes), bits).forEach((sample, i) => {
    samples[i] = sample * scale;
  });
  return samples;
}
