import { ACCOUNTS } from '../epoch/journal.ts';

/** What the reports read of a log's leaf; the ledger's decoded leaves fit. */
export type JournalLeaf =
  | {
      readonly type: 'entry';
      readonly state: 'posted' | 'pending';
      readonly key: string;
      readonly kind: string;
      readonly acceptedAtUs: bigint;
      readonly legs: readonly { readonly account: string; readonly amount: bigint }[];
    }
  | { readonly type: 'record' | 'account' | 'settlement'; readonly acceptedAtUs: bigint };

/** What one posted entry did to one person, whatever its kind: a new kind of entry needs nothing here. */
export interface Movement {
  readonly payee: string;
  /** Units that came to (or left) the person, µJAM: wallet, escrow and what is set aside together. */
  readonly microJam: bigint;
  /** Cash that became the person's claim (or ceased to be one), cents: payable, escrow, under way and withheld together. */
  readonly claimCents: bigint;
  /** Cash that reached the person from outside's point of view: paid out, or negative when it came back. */
  readonly paidCents: bigint;
  /** Tax kept back for an authority; negative when it was given back with a payout that returned. */
  readonly withheldCents: bigint;
  readonly key: string;
  readonly kind: string;
  readonly atUs: bigint;
}

/** What one posted entry did to the studio's own accounts. */
export interface StudioMovement {
  readonly authorisedMicroJam: bigint;
  readonly poolMicroJam: bigint;
  readonly reserveCents: bigint;
}

const PERSON = /^(payee|escrow|redeeming|payable|paying|withheld):(p[0-9a-f]{32}):(JAM|USD)$/;

/** The people an entry moved something for, in the order of their legs; moves within one person's accounts are none. */
export function movementsOf(leaf: JournalLeaf): Movement[] {
  if (leaf.type !== 'entry' || leaf.state !== 'posted') return [];
  const people = new Map<string, { microJam: bigint; cents: bigint; withheld: bigint }>();
  let outsideCents = 0n;
  for (const { account, amount } of leaf.legs) {
    if (account === ACCOUNTS.outsideUsd) outsideCents += amount;
    const [, role, payee, asset] = PERSON.exec(account) ?? [];
    if (payee === undefined) continue;
    const sums = people.get(payee) ?? { microJam: 0n, cents: 0n, withheld: 0n };
    if (asset === 'JAM') sums.microJam += amount;
    else sums.cents += amount;
    if (role === 'withheld') sums.withheld += amount;
    people.set(payee, sums);
  }
  const { key, kind, acceptedAtUs: atUs } = leaf;
  return [...people]
    .filter(([, { microJam, cents, withheld }]) => microJam !== 0n || cents !== 0n || withheld !== 0n)
    .map(([payee, { microJam, cents, withheld }]) => ({
      payee,
      microJam,
      claimCents: cents,
      paidCents: outsideCents === 0n ? 0n : -cents,
      withheldCents: withheld,
      key,
      kind,
      atUs,
    }));
}

/** What an entry moved in the pool and the reserve. */
export function studioMovementOf(leaf: JournalLeaf): StudioMovement {
  const sum = { authorisedMicroJam: 0n, poolMicroJam: 0n, reserveCents: 0n };
  if (leaf.type !== 'entry' || leaf.state !== 'posted') return sum;
  for (const { account, amount } of leaf.legs) {
    if (account === ACCOUNTS.authorisedJam) sum.authorisedMicroJam -= amount;
    if (account === ACCOUNTS.poolJam) sum.poolMicroJam += amount;
    if (account === ACCOUNTS.reserveUsd) sum.reserveCents += amount;
  }
  return sum;
}
