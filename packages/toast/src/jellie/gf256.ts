// realtime
/**
 * Arithmetic of GF(2⁸) by tables, polynomial x⁸ + x⁴ + x³ + x² + 1 (0x11D), generator 2, as RFC 5510 §8.1.
 * Addition is XOR.
 */
const POLYNOMIAL = 0x11d;
const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
/** Product of a and b at `a << 8 | b`. */
const PRODUCT = new Uint8Array(65536);

for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = value;
  EXP[power + 255] = value;
  LOG[value] = power;
  value <<= 1;
  if (value > 255) value ^= POLYNOMIAL;
}
for (let a = 1; a < 256; a++)
  for (let b = 1; b < 256; b++) PRODUCT[(a << 8) | b] = EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0;

export function product(a: number, b: number): number {
  return PRODUCT[(a << 8) | b] ?? 0;
}

/** The inverse of `a`, 1–255; 0 has none and gives 0. */
export function inverse(a: number): number {
  return a === 0 ? 0 : (EXP[255 - (LOG[a] ?? 0)] ?? 0);
}

/** target += factor · source, `bytes` long; the two ranges may be the same, not overlap otherwise. */
export function addScaled(
  target: Uint8Array,
  targetAt: number,
  source: Uint8Array,
  sourceAt: number,
  bytes: number,
  factor: number,
): void {
  const row = factor << 8;
  for (let i = 0; i < bytes; i++) {
    const at = targetAt + i;
    target[at] = (target[at] ?? 0) ^ (PRODUCT[row | (source[sourceAt + i] ?? 0)] ?? 0);
  }
}

/** target *= factor. */
export function scale(target: Uint8Array, at: number, bytes: number, factor: number): void {
  const row = factor << 8;
  for (let i = at; i < at + bytes; i++) target[i] = PRODUCT[row | (target[i] ?? 0)] ?? 0;
}

/**
 * What packet `index` weighs in repair symbol `symbol` (0–3) of datagram `sequence`: an entry of a Cauchy matrix
 * 1/(x + y) with x from 128–255 for the symbol and y from 0–127 for the packet. So any r packets that one datagram's r
 * symbols cover can be solved from them, and symbols of different datagrams within 32 of each other are independent.
 */
export function coefficient(sequence: number, symbol: number, index: number): number {
  return inverse((128 + ((4 * (sequence % 32) + symbol) % 128)) ^ (index % 128));
}
