// realtime
/**
 * Solves M·x = y for a symmetric positive definite matrix of n×n (row by row, lower half read, overwritten by its
 * Cholesky factor), in n³/3 operations, without allocating. A pivot that is not positive gives false and x = 0.
 */
export function solvePositive(matrix: Float64Array, y: Float64Array, x: Float64Array): boolean {
  if (!factorise(matrix, y.length)) {
    x.fill(0);
    return false;
  }
  substitute(matrix, y, x);
  return true;
}

/** Overwrites the lower half of a symmetric positive definite matrix by its Cholesky factor; false where it is not. */
function factorise(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (matrix[i * n + k] ?? 0) * (matrix[j * n + k] ?? 0);
      if (i === j && !(sum > 0)) return false;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * n + j] ?? 1);
    }
  }
  return true;
}

/** Solves M·x = y by the Cholesky factor of M (row by row, lower half), in n² operations. */
function substitute(factor: Float64Array, y: Float64Array, x: Float64Array): void {
  const n = y.length;
  for (let i = 0; i < n; i++) {
    let sum = y[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * n + i] ?? 1);
  }
}
