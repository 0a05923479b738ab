import { assert, compareBytes, encodeUtf8, present } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * Divides `total` in proportion to `weights` by largest remainder (Hamilton's method): the parts sum to `total` to
 * the unit, each is ⌊q⌋ or ⌈q⌉ of its exact quota q, and equal remainders are decided by SHA-256(salt ‖ 0 ‖ key),
 * so the result does not depend on the order of the input.
 *
 * `total ≥ 0`, weights ≥ 0 with at least one > 0; `keyOf(i)` must differ between parts.
 */
export function apportion(
  total: bigint,
  weights: readonly bigint[],
  keyOf: (index: number) => string,
  salt: string,
): bigint[] {
  let weightSum = 0n;
  for (const weight of weights) {
    assert(weight >= 0n, 'apportion: negative weight');
    weightSum += weight;
  }
  assert(total >= 0n && weightSum > 0n, 'apportion: nothing to divide by');
  const shares = new Array<bigint>(weights.length);
  const remainders = new Array<bigint>(weights.length);
  let left = total;
  for (let i = 0; i < weights.length; i++) {
    const product = total * (weights[i] ?? 0n);
    const share = product / weightSum;
    shares[i] = share;
    remainders[i] = product - share * weightSum;
    left -= share;
  }
  if (left > 0n) giveUnits(shares, remainders, Number(left), keyOf, salt);
  return shares;
}

/** Adds one unit to each of the `units` parts with the largest remainders. */
function giveUnits(
  shares: bigint[],
  remainders: readonly bigint[],
  units: number,
  keyOf: (index: number) => string,
  salt: string,
): void {
  assert(units < shares.length, 'apportion: fewer units left than parts');
  const remainderOf = (index: number): bigint => present(remainders[index], 'remainder');
  const order = Array.from(shares.keys()).sort((a, b) => descending(remainderOf(a), remainderOf(b)));
  const threshold = remainderOf(present(order[units - 1], 'last to round up'));
  let clear = 0;
  while (remainderOf(present(order[clear], 'part')) > threshold) clear++;
  let tiedEnd = clear;
  while (tiedEnd < order.length && remainderOf(present(order[tiedEnd], 'part')) === threshold) tiedEnd++;
  const tied = order.slice(clear, tiedEnd);
  const chosen = tied.length === units - clear ? tied : firstByHash(tied, units - clear, keyOf, salt);
  for (const index of [...order.slice(0, clear), ...chosen])
    shares[index] = present(shares[index], 'share') + 1n;
}

/** Of equal remainders the first by SHA-256(salt ‖ 0 ‖ key). */
export function firstByHash(
  tied: readonly number[],
  count: number,
  keyOf: (index: number) => string,
  salt: string,
): number[] {
  return tied
    .map((index) => ({ index, hash: sha256(encodeUtf8(`${salt}\0${keyOf(index)}`)) }))
    .sort((a, b) => compareBytes(a.hash, b.hash))
    .slice(0, count)
    .map(({ index }) => index);
}

function descending(a: bigint, b: bigint): -1 | 0 | 1 {
  return a === b ? 0 : a > b ? -1 : 1;
}
