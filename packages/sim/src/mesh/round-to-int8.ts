import { chunkOf } from '@jamnet/mesh/chunks';

const CHUNKS = 8;

/**
 * The lie of the sample evening: of a result's eight chunks the loudest is rounded to 8 bits of its own full scale, as a
 * host would return that ran an eighth of the work in int8. Integer results lose their low bits likewise.
 */
export function roundOneChunkToInt8(kind: string, result: Uint8Array): Uint8Array {
  const float = kind === 'take.repair';
  const lied = result.slice();
  const views = Array.from({ length: CHUNKS }, (_, chunk) => viewOf(chunkOf(lied, CHUNKS, chunk)));
  const peaks = views.map((view) => peakOf(view, float));
  const loudest = views[peaks.indexOf(Math.max(...peaks))];
  if (loudest) round(loudest, Math.max(...peaks), float);
  return lied;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function read(view: DataView, at: number, float: boolean): number {
  return float ? view.getFloat32(at, true) : view.getInt32(at, true);
}

function peakOf(view: DataView, float: boolean): number {
  let peak = 0;
  for (let at = 0; at + 4 <= view.byteLength; at += 4) peak = Math.max(peak, Math.abs(read(view, at, float)));
  return peak;
}

function round(view: DataView, peak: number, float: boolean): void {
  const step = peak / 127;
  if (step === 0) return;
  for (let at = 0; at + 4 <= view.byteLength; at += 4) {
    const rounded = Math.round(read(view, at, float) / step) * step;
    if (float) view.setFloat32(at, rounded, true);
    else view.setInt32(at, rounded, true);
  }
}
