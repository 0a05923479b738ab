export type SampleCoding = 'int16' | 'int24' | 'int32' | 'float32';

interface Layout {
  readonly coding: SampleCoding;
  /** Byte offset of the first sample. */
  readonly start: number;
  readonly strideBytes: number;
  readonly count: number;
}

/** Samples of one interleaved channel, full scale ±1. The layout must lie within `view`. */
export function readSamples(view: DataView, layout: Layout): Float32Array {
  const { coding, start, strideBytes, count } = layout;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) samples[i] = readSample(view, coding, start + i * strideBytes);
  return samples;
}

function readSample(view: DataView, coding: SampleCoding, at: number): number {
  switch (coding) {
    case 'int16':
      return view.getInt16(at, true) / 2 ** 15;
    case 'int24':
      return (view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getInt8(at + 2) << 16)) / 2 ** 23;
    case 'int32':
      return view.getInt32(at, true) / 2 ** 31;
    case 'float32':
      return view.getFloat32(at, true);
  }
}
