/** Fewer pairs than this tell nothing. */
export const PAIRS_MIN = 3;

/**
 * Spearman's rank correlation in millionths, rounded toward zero: Pearson's coefficient of the ranks, ties sharing the
 * mean of their places. Ranks are doubled so that half places stay whole; everything is integers but the one division
 * and the integer square root at the end. `null` with fewer than {@link PAIRS_MIN} pairs or when one side never differs.
 */
export function rankCorrelationPpm(pairs: readonly (readonly [bigint, bigint])[]): bigint | null {
  if (pairs.length < PAIRS_MIN) return null;
  const x = doubledRanks(pairs.map(([value]) => value));
  const y = doubledRanks(pairs.map(([, value]) => value));
  const n = BigInt(pairs.length);
  // The mean of all doubled ranks is n + 1, with ties or without.
  const mean = n + 1n;
  let [cross, squareX, squareY] = [0n, 0n, 0n];
  x.forEach((rank, index) => {
    const dx = rank - mean;
    const dy = (y[index] ?? 0n) - mean;
    cross += dx * dy;
    squareX += dx * dx;
    squareY += dy * dy;
  });
  if (squareX === 0n || squareY === 0n) return null;
  const scale = 1_000_000n;
  const root = squareRoot(squareX * squareY * scale * scale);
  const ppm = (cross * scale * scale) / root;
  return ppm > scale ? scale : ppm < -scale ? -scale : ppm;
}

/** Twice the rank of each value, from 2 up; equal values share the mean of their places. */
function doubledRanks(values: readonly bigint[]): bigint[] {
  const order = values.map((_, index) => index).sort((a, b) => compare(values[a] ?? 0n, values[b] ?? 0n));
  const ranks = new Array<bigint>(values.length).fill(0n);
  let start = 0;
  while (start < order.length) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end++;
    for (let place = start; place <= end; place++) ranks[order[place] ?? 0] = BigInt(start + end + 2);
    start = end + 1;
  }
  return ranks;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** ⌊√n⌋ by Newton's method from above. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let guess = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + n / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
