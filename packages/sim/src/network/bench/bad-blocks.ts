/** Frames of one judged block, as for the peers that JAMNet is compared with. */
export const BLOCK_FRAMES = 64;

/** Share in percent of the blocks whose residual against what was sent exceeds −40 dB of the sent block's mean energy. */
export function badBlockPercent(heard: Float32Array, sent: Float32Array): number {
  const blocks = Math.floor(sent.length / BLOCK_FRAMES);
  const nominal = energy(sent, sent, 0, blocks * BLOCK_FRAMES, 0) / blocks;
  let bad = 0;
  for (let block = 0; block < blocks; block++) {
    const residual = energy(heard, sent, block * BLOCK_FRAMES, (block + 1) * BLOCK_FRAMES, 1);
    if (residual > nominal * 1e-4) bad++;
  }
  return (100 * bad) / blocks;
}

function energy(a: Float32Array, b: Float32Array, start: number, end: number, minus: 0 | 1): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += ((a[i] ?? 0) - minus * (b[i] ?? 0)) ** 2;
  return sum;
}
