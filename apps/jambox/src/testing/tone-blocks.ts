/** One block of a tone as the ear got it. */
export interface ToneBlock {
  /** Of the best sine. */
  readonly hz: number;
  /** Energy that the best sine leaves, against the whole, dB: noise, clicks and holes, but no slow change of speed. */
  readonly residualDb: number;
}

const RATE_HZ = 48_000;

/** Fits a sine near `hz`, its frequency too, to each block of `frames`. */
export function toneBlocks(sound: Float32Array, hz: number, frames = 4800): ToneBlock[] {
  const blocks: ToneBlock[] = [];
  for (let at = 0; at + frames <= sound.length; at += frames)
    blocks.push(fitTone(sound.subarray(at, at + frames), hz));
  return blocks;
}

/** Cents between the lowest and the highest of the blocks. */
export function wobbleCents(blocks: readonly ToneBlock[]): number {
  const heights = blocks.map((block) => block.hz);
  return 1200 * Math.log2(Math.max(...heights) / Math.min(...heights));
}

/** Gauss–Newton on amplitude, phase and frequency together; three steps from within 0.1 % are enough for doubles. */
function fitTone(sound: Float32Array, nearHz: number): ToneBlock {
  let omega = (2 * Math.PI * nearHz) / RATE_HZ;
  let slope = 0;
  let [a, b] = [0, 0];
  for (let round = 0; round < 6; round++) {
    omega += slope;
    const fitted = leastSquares(sound, omega, a, b);
    [a, b, slope] = fitted;
  }
  let [left, whole] = [0, 0];
  const middle = (sound.length - 1) / 2;
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i] ?? 0;
    const angle = omega * (i - middle);
    left += (x - a * Math.cos(angle) - b * Math.sin(angle)) ** 2;
    whole += x * x;
  }
  return { hz: (omega * RATE_HZ) / (2 * Math.PI), residualDb: 10 * Math.log10(left / whole) };
}

/** Best a, b of a·cos + b·sin, and by how much ω is off, to first order around the last a and b. */
function leastSquares(sound: Float32Array, omega: number, a: number, b: number): [number, number, number] {
  const middle = (sound.length - 1) / 2;
  const m = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const v = [0, 0, 0];
  const isFirst = a === 0 && b === 0;
  for (let i = 0; i < sound.length; i++) {
    const t = i - middle;
    const c = Math.cos(omega * t);
    const s = Math.sin(omega * t);
    const row = [c, s, isFirst ? 0 : t * (b * c - a * s)];
    for (let p = 0; p < 3; p++) {
      v[p] = (v[p] ?? 0) + (row[p] ?? 0) * (sound[i] ?? 0);
      for (let q = 0; q < 3; q++) m[3 * p + q] = (m[3 * p + q] ?? 0) + (row[p] ?? 0) * (row[q] ?? 0);
    }
  }
  if (isFirst) m[8] = 1;
  return solve(m, v);
}

function solve(m: readonly number[], v: readonly number[]): [number, number, number] {
  const at = (row: number, column: number): number => m[3 * row + column] ?? 0;
  const minor = (r: number, c: number): number => {
    const rows = [0, 1, 2].filter((each) => each !== r);
    const columns = [0, 1, 2].filter((each) => each !== c);
    const [r0 = 0, r1 = 0] = rows;
    const [c0 = 0, c1 = 0] = columns;
    return at(r0, c0) * at(r1, c1) - at(r0, c1) * at(r1, c0);
  };
  const sign = (r: number, c: number): number => ((r + c) % 2 === 0 ? 1 : -1);
  const determinant = [0, 1, 2].reduce((sum, c) => sum + sign(0, c) * at(0, c) * minor(0, c), 0);
  const x = (c: number): number =>
    [0, 1, 2].reduce((sum, r) => sum + sign(r, c) * minor(r, c) * (v[r] ?? 0), 0) / determinant;
  return [x(0), x(1), x(2)];
}
