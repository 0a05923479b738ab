import { assert } from '@jamnet/base';

/** Working precision of {@link logWeight} in bits: far beyond the 16 fractional bits that come out. */
const PRECISION_BITS = 128n;
const ONE = 1n << (PRECISION_BITS - 1n);
const TWO = 1n << PRECISION_BITS;
/** Largest `uses` taken; larger counts are cut to it. V8 counts in 32 bits, recorded and forged counts may be larger. */
export const USES_MAX = Number.MAX_SAFE_INTEGER - 1;

/**
 * ⌊2¹⁶ · log₂(1 + uses)⌋ exactly, in integers only, for `0 ≤ uses < 2⁵³`.
 *
 * ⌊2¹⁶·log₂ n⌋ is the bit length of n^(2¹⁶) minus one, so sixteen squarings of a normalised mantissa give its bits.
 * The mantissa is kept as a lower and an upper bound; when both agree on every bit the answer is proven,
 * else the power is taken in full.
 */
export function logWeight(uses: number): bigint {
  assert(Number.isSafeInteger(uses) && uses >= 0, `uses out of range: ${uses}`);
  const n = BigInt(Math.min(uses, USES_MAX)) + 1n;
  return boundedLog(n) ?? fullLog(n);
}

function boundedLog(n: bigint): bigint | null {
  const whole = bitLength(n) - 1n;
  let low = n << (PRECISION_BITS - 1n - whole);
  let high = low;
  let result = whole;
  for (let bit = 0; bit < 16; bit++) {
    low = (low * low) >> (PRECISION_BITS - 1n);
    high = ((high * high) >> (PRECISION_BITS - 1n)) + (low === high && isExact(n) ? 0n : 1n);
    if (low >= TWO !== high >= TWO) return null;
    result <<= 1n;
    if (low >= TWO) {
      result |= 1n;
      low >>= 1n;
      high = (high >> 1n) + 1n;
    }
  }
  assert(low >= ONE, 'mantissa stays normalised');
  return result;
}

/** A power of two: its squares carry no remainder, so both bounds stay equal. */
function isExact(n: bigint): boolean {
  return (n & (n - 1n)) === 0n;
}

function fullLog(n: bigint): bigint {
  return bitLength(n ** 65_536n) - 1n;
}

function bitLength(n: bigint): bigint {
  return BigInt(n.toString(2).length);
}
