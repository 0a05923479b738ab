import { PAYEES_PER_CONTRIBUTION_MAX, type PayeeWeight, QUANTITY_MAX } from '@jamnet/economy';

const PPM = 1_000_000n;

/** What one take was worth to a released model, and whose it is. */
export interface ValuedTake {
  readonly take: string;
  readonly player: string;
  /** Of its strokes, hex. */
  readonly performanceSha256: string;
  /** See `takeValues`; below 0 where it misleads. */
  readonly value: bigint;
  /** `null`: nobody has said who that player is. */
  readonly owner: { readonly payee: string; readonly ownerGroup: string } | null;
}

/** What one owner group's takes bring. */
export interface GroupValue {
  readonly ownerGroup: string;
  /** By what the takes of each are worth. */
  readonly payees: readonly PayeeWeight[];
  readonly takes: readonly ValuedTake[];
  /** Above 0. */
  readonly value: bigint;
  /** Of the pot, in its unit, rounded down; above 0. */
  readonly merit: bigint;
}

export interface DividedValue {
  readonly groups: readonly GroupValue[];
  /** Of all that was learnt from and helps, also of what nobody is paid for. */
  readonly totalValue: bigint;
}

/** What a release brings all its takes together: a part of what was played, ms; at most what a contribution may have, 31 years. */
export function potMs(playedMs: bigint, sharePpm: number): bigint {
  const ms = (playedMs * BigInt(sharePpm)) / PPM;
  return ms < QUANTITY_MAX ? ms : QUANTITY_MAX;
}

/**
 * Divides a pot by value, in integers. A group's takes count together, so that what misleads is taken off what helps, and a group
 * below 0 counts as 0. What falls on takes of nobody known and on `others` (performances from files) is paid to nobody.
 */
export function divideModelValue(
  pot: bigint,
  takes: readonly ValuedTake[],
  others: readonly bigint[],
): DividedValue {
  const byGroup = new Map<string, ValuedTake[]>();
  let totalValue = sum(others.map(positive));
  for (const take of takes) {
    if (take.owner === null) totalValue += positive(take.value);
    else byGroup.set(take.owner.ownerGroup, [...(byGroup.get(take.owner.ownerGroup) ?? []), take]);
  }
  const valued = [...byGroup].map(([ownerGroup, own]) => ({
    ownerGroup,
    takes: own,
    value: positive(sum(own.map(({ value }) => value))),
  }));
  totalValue += sum(valued.map(({ value }) => value));
  const groups = valued
    .filter(({ value }) => pot * value >= totalValue && value > 0n)
    .map((group) => ({
      ...group,
      payees: payeesOf(group.takes),
      merit: (pot * group.value) / totalValue,
    }));
  return { groups, totalValue };
}

/** Whose takes of a group help, each by how much; a group above 0 has one. Of more than a contribution takes, those that bring most. */
function payeesOf(takes: readonly ValuedTake[]): PayeeWeight[] {
  const byPayee = new Map<string, bigint>();
  for (const { owner, value } of takes)
    if (owner !== null) byPayee.set(owner.payee, (byPayee.get(owner.payee) ?? 0n) + value);
  return [...byPayee]
    .filter(([, weight]) => weight > 0n)
    .sort(([a, one], [b, other]) => (one === other ? (a < b ? -1 : 1) : one > other ? -1 : 1))
    .slice(0, PAYEES_PER_CONTRIBUTION_MAX)
    .map(([payee, weight]) => ({ payee, weight }));
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
