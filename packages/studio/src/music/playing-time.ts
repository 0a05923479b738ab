/** Blocks in which playing is told from silence: short enough for a staccato note. */
const BLOCK_MS = 20;
/** Root mean square of a block that counts as playing, full scale 1: −60 dBFS, above the noise of a 16-bit input. */
const PLAYING_RMS = 0.001;

/** Milliseconds of `samples` in which somebody plays: whole 20 ms blocks above −60 dBFS. */
export function playingTimeMs(samples: Float32Array, sampleRateHz: number): bigint {
  const frames = Math.round((sampleRateHz * BLOCK_MS) / 1000);
  let blocks = 0;
  for (let start = 0; start + frames <= samples.length; start += frames) {
    let energy = 0;
    for (let i = start; i < start + frames; i++) energy += (samples[i] ?? 0) ** 2;
    if (energy > PLAYING_RMS * PLAYING_RMS * frames) blocks++;
  }
  return BigInt(blocks * BLOCK_MS);
}
