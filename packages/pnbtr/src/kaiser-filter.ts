/**
 * Low-pass by windowed sinc (Kaiser 1974): `phases` rows of `taps` coefficients. Row φ interpolates at the place
 * φ/phases after the sample under tap `taps/2 − 1`. One row more than `phases` closes the circle for interpolation
 * between rows.
 */
export interface PolyphaseFilter {
  readonly taps: number;
  readonly phases: number;
  readonly rows: Float64Array;
}

/** Stop-band where nothing else is asked for, dB. */
const STOP_BAND_DB = 110;

/** `cutoff`: edge of the pass band in cycles per input sample, (0, 0.5]. `stopBandDb`: more than 50. */
export function kaiserFilter(
  taps: number,
  phases: number,
  cutoff: number,
  stopBandDb = STOP_BAND_DB,
): PolyphaseFilter {
  const rows = new Float64Array((phases + 1) * taps);
  const half = taps / 2;
  // Kaiser's β for A > 50 dB: 0.1102·(A − 8.7).
  const beta = 0.1102 * (stopBandDb - 8.7);
  const normal = besselI0(beta);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - (half - 1) - phase / phases;
      const window = besselI0(beta * Math.sqrt(Math.max(0, 1 - (x / half) ** 2))) / normal;
      const value = sinc(2 * cutoff * x) * 2 * cutoff * window;
      rows[phase * taps + tap] = value;
      sum += value;
    }
    // Each row passes DC with gain 1, so that no phase-dependent ripple is heard on steady tones.
    for (let tap = 0; tap < taps; tap++) rows[phase * taps + tap] = (rows[phase * taps + tap] ?? 0) / sum;
  }
  return { taps, phases, rows };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0 (power series; converges for every argument used here). */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
