import { assert } from '@jamnet/base';

/** `a / b` to the nearest integer, halves up; exact, thus the same everywhere, while |2a + b| < 2⁵³. `b` > 0. */
export function divideRounding(a: number, b: number): number {
  return Math.floor((2 * a + b) / (2 * b));
}

/** {@link divideRounding} for any size. */
export function divideRoundingBig(a: bigint, b: bigint): bigint {
  assert(b > 0n, 'divisor must be positive');
  const numerator = 2n * a + b;
  const quotient = numerator / (2n * b);
  return numerator < 0n && quotient * 2n * b !== numerator ? quotient - 1n : quotient;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

export function clampBig(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) return low;
  return value > high ? high : value;
}

/** ⌈√value⌉ by Newton's method: standard errors round up, so that a bound errs on the careful side. */
export function rootRoundingUp(value: bigint): bigint {
  assert(value >= 0n, 'root of a negative number');
  if (value === 0n) return 0n;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess * guess === value ? guess : guess + 1n;
    guess = next;
  }
}
