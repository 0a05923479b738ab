import { present } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import type { Contribution } from '../records/records.ts';

/**
 * Which payees belong together. `registered` (the payee register) decides; a payee it does not know belongs to the
 * owner group of the contributions that are his alone, and one payee in two groups unites them.
 */
export function groupPayees(
  payees: readonly string[],
  contributions: Iterable<Pick<Contribution, 'payees' | 'ownerGroup'>>,
  registered: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const parent = new Map<string, string>();
  const root = (node: string): string => {
    let at = node;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    parent.set(node, at);
    return at;
  };
  const unite = (a: string, b: string): void => {
    const [low, high] = [root(a), root(b)].sort();
    parent.set(present(high, 'root'), present(low, 'root'));
  };
  for (const [payee, group] of registered) unite(`payee ${payee}`, `group ${group}`);
  for (const { payees: earners, ownerGroup } of contributions) {
    const [only] = earners;
    if (earners.length === 1 && only && !registered.has(only.payee))
      unite(`payee ${only.payee}`, `group ${ownerGroup}`);
  }
  return new Map(payees.map((payee) => [payee, root(`payee ${payee}`)]));
}

export interface CapInput {
  readonly total: bigint;
  readonly capPpm: number;
  readonly payees: readonly string[];
  /** Aligned with `payees`; at least one > 0. */
  readonly weights: readonly bigint[];
  /** Payees with the same group share one cap. */
  readonly groupOf: (payee: string) => string;
  readonly salt: string;
}

export interface Capped {
  readonly amounts: readonly bigint[];
  /** Groups held at the cap. */
  readonly groups: readonly string[];
  /** What is left when every group is at the cap; else 0. */
  readonly left: bigint;
}

/**
 * Divides `total` by weight so that no group gets more than ⌊total·cap⌋; what a capped group may not have is divided
 * again among the others. Each round caps at least one more group, so it ends.
 */
export function apportionCapped(input: CapInput): Capped {
  const cap = (input.total * BigInt(input.capPpm)) / 1_000_000n;
  const members = membersByGroup(input);
  const capped = new Set<string>();
  for (;;) {
    const amounts = divideRound(input, members, capped, cap);
    if (amounts === null) {
      return { ...heldAtCap(input, members, capped, cap), left: input.total - cap * BigInt(capped.size) };
    }
    const over = [...members].filter(([group, own]) => !capped.has(group) && sumOf(own, amounts) > cap);
    if (over.length === 0) return { amounts, groups: [...capped].sort(), left: 0n };
    for (const [group] of over) capped.add(group);
  }
}

function membersByGroup({ payees, weights, groupOf }: CapInput): Map<string, number[]> {
  const members = new Map<string, number[]>();
  payees.forEach((payee, index) => {
    if (present(weights[index], 'weight') === 0n) return;
    const group = groupOf(payee);
    const own = members.get(group);
    if (own) own.push(index);
    else members.set(group, [index]);
  });
  return members;
}

/** One round, or `null` when every group is capped. */
function divideRound(
  input: CapInput,
  members: ReadonlyMap<string, readonly number[]>,
  capped: ReadonlySet<string>,
  cap: bigint,
): bigint[] | null {
  if (members.size === capped.size) return null;
  const { amounts } = heldAtCap(input, members, capped, cap);
  const free = [...members].filter(([group]) => !capped.has(group)).flatMap(([, own]) => own);
  assign(amounts, free, input.total - cap * BigInt(capped.size), input);
  return amounts;
}

function heldAtCap(
  input: CapInput,
  members: ReadonlyMap<string, readonly number[]>,
  capped: ReadonlySet<string>,
  cap: bigint,
): { amounts: bigint[]; groups: string[] } {
  const amounts = new Array<bigint>(input.payees.length).fill(0n);
  for (const group of capped) assign(amounts, present(members.get(group), 'group'), cap, input);
  return { amounts, groups: [...capped].sort() };
}

function assign(amounts: bigint[], indices: readonly number[], total: bigint, input: CapInput): void {
  const weights = indices.map((index) => present(input.weights[index], 'weight'));
  const parts = apportion(
    total,
    weights,
    (k) => present(input.payees[present(indices[k], 'index')], 'payee'),
    input.salt,
  );
  indices.forEach((index, k) => {
    amounts[index] = present(parts[k], 'part');
  });
}

function sumOf(indices: readonly number[], amounts: readonly bigint[]): bigint {
  let sum = 0n;
  for (const index of indices) sum += present(amounts[index], 'amount');
  return sum;
}
