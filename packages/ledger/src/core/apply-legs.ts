import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import type { RefusalCode } from './refusals.ts';
import { AMOUNT_MAX, type AssetCode, type Leg } from './requests.ts';

/** The part of an account that legs change; the store's accounts and the verifier's replayed ones both have it. */
export interface BalanceHolder {
  readonly asset: AssetCode;
  readonly floor: bigint | null;
  readonly balance: bigint;
  readonly held: bigint;
}

/** One leg's effect, not yet written: balance and holds of `account` after it. */
export interface BalanceChange<Account extends BalanceHolder> {
  readonly account: Account;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly held: bigint;
}

/**
 * `posted`: balances move. `pending`: debits are reserved. `settled`: balances move and the reservation ends.
 * `released`: only the reservation ends.
 */
export type Effect = 'posted' | 'pending' | 'settled' | 'released';

/**
 * Works out what the legs of one entry do, without doing it. Refuses unknown accounts, sums that are not zero per
 * asset, balances past 2⁶³−1, and debits that would leave less than the floor after all holds.
 */
export function applyLegs<Account extends BalanceHolder>(
  accounts: ReadonlyMap<string, Account>,
  legs: readonly Leg[],
  effect: Effect,
): Result<readonly BalanceChange<Account>[], RefusalCode> {
  const changes: BalanceChange<Account>[] = [];
  for (const leg of legs) {
    const account = accounts.get(leg.account);
    if (!account) return refuse('account-unknown', `The account ${leg.account} is not open: open it first.`);
    const before = lastOf(changes, account) ?? account;
    const change = changeOf(account, before, leg.amount, effect);
    if (tooBig(change.balance) || change.held > AMOUNT_MAX) {
      return refuse('balance-out-of-range', `The balance of ${leg.account} would pass 2⁶³−1 smallest units.`);
    }
    changes.push(change);
  }
  return checkSums(changes) ?? checkFloors(changes, effect) ?? ok(changes);
}

function changeOf<Account extends BalanceHolder>(
  account: Account,
  before: { readonly balance: bigint; readonly held: bigint },
  amount: bigint,
  effect: Effect,
): BalanceChange<Account> {
  const moves = effect === 'posted' || effect === 'settled';
  const reserves = effect === 'posted' || amount > 0n ? 0n : effect === 'pending' ? -amount : amount;
  return {
    account,
    amount,
    balance: moves ? before.balance + amount : before.balance,
    held: before.held + reserves,
  };
}

/** An account may stand in several legs of one entry; entries are short, so looking back beats a map. */
function lastOf<Account extends BalanceHolder>(
  changes: readonly BalanceChange<Account>[],
  account: Account,
): BalanceChange<Account> | undefined {
  for (let i = changes.length - 1; i >= 0; i--) if (changes[i]?.account === account) return changes[i];
  return undefined;
}

function tooBig(balance: bigint): boolean {
  return balance > AMOUNT_MAX || balance < -AMOUNT_MAX;
}

function checkSums(changes: readonly BalanceChange<BalanceHolder>[]): Refusal<RefusalCode> | null {
  let sumJam = 0n;
  let sumUsd = 0n;
  let sumEur = 0n;
  for (const { account, amount } of changes) {
    if (account.asset === 'JAM') sumJam += amount;
    else if (account.asset === 'USD') sumUsd += amount;
    else sumEur += amount;
  }
  if (sumJam === 0n && sumUsd === 0n && sumEur === 0n) return null;
  return refuse(
    'unbalanced',
    `The legs sum to ${sumJam} µJAM, ${sumUsd} US cents, ${sumEur} euro cents; each must be 0.`,
  );
}

/**
 * What a debit leaves after all holds must reach the floor. Credits, releases and settlements (whose debits were
 * reserved when the hold was taken) cannot lower that amount.
 */
function checkFloors(
  changes: readonly BalanceChange<BalanceHolder>[],
  effect: Effect,
): Refusal<RefusalCode> | null {
  if (effect === 'settled' || effect === 'released') return null;
  for (const { account } of changes) {
    if (account.floor === null) continue;
    const after = lastOf(changes, account) ?? account;
    const available = after.balance - after.held;
    if (available < account.floor) {
      return refuse(
        'below-floor',
        `An account would be left with ${available}, below its floor of ${account.floor}.`,
      );
    }
  }
  return null;
}
