/**
 * Solves T·x = y for a symmetric positive definite Toeplitz matrix given by its first column (Levinson 1947;
 * Golub, Van Loan, Matrix Computations, algorithm 4.7.2), in 4·n² operations. `null` when a pivot is not positive.
 */
export function solveToeplitz(column: Float64Array, y: Float64Array): Float64Array | null {
  const n = y.length;
  const scale = column[0] ?? 0;
  if (!(scale > 0)) return null;
  const x = new Float64Array(n);
  const z = new Float64Array(n);
  const next = new Float64Array(n);
  const r = column.map((value) => value / scale);
  x[0] = (y[0] ?? 0) / scale;
  if (n === 1) return x;
  let alpha = -(r[1] ?? 0);
  let beta = 1;
  z[0] = alpha;
  for (let k = 1; k < n; k++) {
    beta *= 1 - alpha * alpha;
    if (!(beta > 0)) return null;
    let sum = (y[k] ?? 0) / scale;
    for (let i = 0; i < k; i++) sum -= (r[i + 1] ?? 0) * (x[k - 1 - i] ?? 0);
    const mu = sum / beta;
    for (let i = 0; i < k; i++) x[i] = (x[i] ?? 0) + mu * (z[k - 1 - i] ?? 0);
    x[k] = mu;
    if (k === n - 1) break;
    let reach = -(r[k + 1] ?? 0);
    for (let i = 0; i < k; i++) reach -= (r[i + 1] ?? 0) * (z[k - 1 - i] ?? 0);
    alpha = reach / beta;
    for (let i = 0; i < k; i++) next[i] = (z[i] ?? 0) + alpha * (z[k - 1 - i] ?? 0);
    for (let i = 0; i < k; i++) z[i] = next[i] ?? 0;
    z[k] = alpha;
  }
  return x;
}
