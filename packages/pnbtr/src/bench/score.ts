/** Lost sound of one file, compared with what was played in its place. */
export interface FileScore {
  readonly className: string;
  readonly errorEnergy: number;
  readonly signalEnergy: number;
  /** Error over signal of each run of lost packets that is not near-silent, in dB. */
  readonly gapsDb: readonly number[];
}

export interface Summary {
  readonly files: number;
  readonly gaps: number;
  readonly pooledDb: number;
  readonly meanFileDb: number;
  readonly gapMedianDb: number;
  /** Share of gaps whose error is louder than the sound that was lost. */
  readonly worseThanSilencePercent: number;
}

/** Gaps whose sound has less mean power than −60 dBFS count in no gap figure. */
const GAP_POWER_FLOOR = 1e-6;

/**
 * Error over signal in the lost packets of one file (NMSE; filling with zeros gives 0 dB). Samples past the last whole
 * packet are not scored.
 */
export function scoreFile(
  reference: Float32Array,
  played: Float32Array,
  trace: Uint8Array,
  file: { readonly packetFrames: number; readonly className: string },
): FileScore {
  const { packetFrames, className } = file;
  const gapsDb: number[] = [];
  let errorEnergy = 0;
  let signalEnergy = 0;
  const packets = Math.floor(reference.length / packetFrames);
  for (let p = 0; p < packets; p++) {
    if (trace[p] !== 1) continue;
    const start = p * packetFrames;
    while (p < packets && trace[p] === 1) p++;
    const end = p * packetFrames;
    const gap = energies(reference, played, start, end);
    errorEnergy += gap.error;
    signalEnergy += gap.signal;
    if (gap.signal / (end - start) > GAP_POWER_FLOOR) gapsDb.push(decibels(gap.error / gap.signal));
  }
  return { className, errorEnergy, signalEnergy, gapsDb };
}

function energies(
  reference: Float32Array,
  played: Float32Array,
  start: number,
  end: number,
): { error: number; signal: number } {
  let error = 0;
  let signal = 0;
  for (let n = start; n < end; n++) {
    const sample = reference[n] ?? 0;
    error += (sample - (played[n] ?? 0)) ** 2;
    signal += sample * sample;
  }
  return { error, signal };
}

/** Files without a lost sound are left out. */
export function summarise(scores: readonly FileScore[]): Summary {
  const counted = scores.filter((score) => score.signalEnergy > 0);
  const gapsDb = counted.flatMap((score) => score.gapsDb).sort((a, b) => a - b);
  const sum = (of: (score: FileScore) => number): number =>
    counted.reduce((total, score) => total + of(score), 0);
  return {
    files: counted.length,
    gaps: gapsDb.length,
    pooledDb: decibels(sum((score) => score.errorEnergy) / sum((score) => score.signalEnergy)),
    meanFileDb: sum((score) => decibels(score.errorEnergy / score.signalEnergy)) / counted.length,
    gapMedianDb: medianOf(gapsDb),
    worseThanSilencePercent: (100 * gapsDb.filter((db) => db > 0).length) / Math.max(1, gapsDb.length),
  };
}

/** Of numbers in order; the mean of the two in the middle when their count is even. */
function medianOf(sorted: readonly number[]): number {
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (lower + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio + 1e-30);
}
