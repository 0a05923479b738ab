import type { Payment } from './settle.ts';

/** One signed row of an entry; structurally the ledger's Leg. */
export interface JournalLeg {
  readonly account: string;
  readonly amount: bigint;
}

/** A balanced transaction to be posted; structurally the ledger's EntryRequest. */
export interface JournalEntry {
  readonly key: string;
  readonly kind: string;
  readonly legs: readonly JournalLeg[];
  readonly evidence: string;
}

/** Account codes of the books that the economy writes. */
export const ACCOUNTS = {
  outsideUsd: 'outside:USD',
  incomeUsd: 'studio:income:USD',
  reserveUsd: 'reserve:USD',
  authorisedJam: 'studio:authorised:JAM',
  poolJam: 'pool:JAM',
  payeeJam: (payee: string): string => `payee:${payee}:JAM`,
  escrowJam: (payee: string): string => `escrow:${payee}:JAM`,
  redeemingJam: (payee: string): string => `redeeming:${payee}:JAM`,
  payableUsd: (payee: string): string => `payable:${payee}:USD`,
  escrowUsd: (payee: string): string => `escrow:${payee}:USD`,
} as const;

/** Payees in one entry: about 100 bytes each keep its leaf far below the 65,535 bytes a log entry may have. */
export const PAYEES_PER_ENTRY_MAX = 200;

/** What of a statement moves money; an epoch's statement is one. */
export interface PayableStatement {
  readonly epochId: string;
  readonly sha256: string;
  readonly publicEpoch: { readonly contributorShareCents: bigint };
  readonly payments: readonly (Payment & { readonly escrowed: boolean })[];
}

/**
 * The entries that follow from a statement: the contributors' share into the reserve, units out of the pool, cash
 * claims out of the reserve. Keys derive from the epoch, so posting again changes nothing.
 */
export function journalOf(statement: PayableStatement): JournalEntry[] {
  const { epochId, sha256: evidence, publicEpoch, payments } = statement;
  const entries: JournalEntry[] = [];
  const share = publicEpoch.contributorShareCents;
  if (share > 0n) {
    const legs = [
      { account: ACCOUNTS.incomeUsd, amount: -share },
      { account: ACCOUNTS.reserveUsd, amount: share },
    ];
    entries.push({ key: `epoch:${epochId}:reserve`, kind: 'epoch-reserve', legs, evidence });
  }
  const jam = payments.map(({ payee, microJam, escrowed }) => ({
    account: escrowed ? ACCOUNTS.escrowJam(payee) : ACCOUNTS.payeeJam(payee),
    amount: microJam,
  }));
  const cash = payments.map(({ payee, cents, escrowed }) => ({
    account: escrowed ? ACCOUNTS.escrowUsd(payee) : ACCOUNTS.payableUsd(payee),
    amount: cents,
  }));
  entries.push(...payFrom(ACCOUNTS.poolJam, jam, `epoch:${epochId}:issue`, 'epoch-issue', evidence));
  entries.push(...payFrom(ACCOUNTS.reserveUsd, cash, `epoch:${epochId}:cash`, 'epoch-cash', evidence));
  return entries;
}

/** Key of the entry that pays the `place`-th payee with an amount above 0. */
export function paymentKey(epochId: string, what: 'issue' | 'cash', place: number): string {
  return `epoch:${epochId}:${what}:${Math.floor(place / PAYEES_PER_ENTRY_MAX)}`;
}

function payFrom(
  source: string,
  to: readonly JournalLeg[],
  key: string,
  kind: string,
  evidence: string,
): JournalEntry[] {
  const paid = to.filter(({ amount }) => amount > 0n);
  const entries: JournalEntry[] = [];
  for (let start = 0; start < paid.length; start += PAYEES_PER_ENTRY_MAX) {
    const legs = paid.slice(start, start + PAYEES_PER_ENTRY_MAX);
    const sum = legs.reduce((total, { amount }) => total + amount, 0n);
    entries.push({
      key: `${key}:${entries.length}`,
      kind,
      legs: [{ account: source, amount: -sum }, ...legs],
      evidence,
    });
  }
  return entries;
}
