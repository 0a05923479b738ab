import { assert, encodeUtf8, present, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/** Shares are integers out of this many parts. */
export const SHARE_PARTS = 1_000_000_000n;

/**
 * Divides `total` in proportion to `weights` by largest remainder: the parts sum to `total` exactly, each is ⌊q⌋ or ⌈q⌉,
 * and the order of the entries does not matter. Equal remainders go by SHA-256(salt ‖ id), so nobody can choose to win ties
 * by name. All weights zero: all parts zero.
 */
export function divideByWeight(
  total: bigint,
  weights: ReadonlyMap<string, bigint>,
  salt: string,
): Map<string, bigint> {
  const whole = sum(weights.values());
  if (whole === 0n) return new Map([...weights.keys()].map((id) => [id, 0n]));
  const rows = [...weights].map(([id, weight]) => {
    assert(weight >= 0n, `negative weight of ${id}`);
    return { id, part: (total * weight) / whole, rest: (total * weight) % whole, tie: tieOf(salt, id) };
  });
  let left = total - sum(rows.map((row) => row.part));
  const byRest = [...rows].sort((a, b) =>
    a.rest !== b.rest ? (a.rest > b.rest ? -1 : 1) : a.tie < b.tie ? -1 : 1,
  );
  for (let i = 0; left > 0n; i++, left--) present(byRest[i], 'row for a remainder').part += 1n;
  assert(sum(rows.map((row) => row.part)) === total, 'shares sum to the total');
  return new Map(rows.map((row) => [row.id, row.part]));
}

function tieOf(salt: string, id: string): string {
  return toHex(sha256(encodeUtf8(`${salt}\n${id}`)));
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
